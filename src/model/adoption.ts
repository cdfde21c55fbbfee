/**
 * Whether an organisation should have a mesh at all: a score of eight lines, three levels, and what each level allows.
 * The lines and thresholds are this library's own rule of thumb; the report shows each line with its reason, so that it can be disputed.
 */
import { MeshModel } from './mesh-model';
import { outlineOf } from './outline';

export type AdoptionLevel = 'full-mesh' | 'mtls-only' | 'too-early';

export type KubernetesExperience = 'established' | 'some' | 'new';

/** What the program says of the organisation; a count that is missing is taken from the program. */
export interface AssessmentNode {
  readonly services?: number;
  readonly languages?: number;
  readonly regulatedEncryption: boolean;
  readonly hardToDebugLatency: boolean;
  readonly trafficCanaries?: boolean;
  readonly kubernetes: KubernetesExperience;
  /** A level taken on purpose, whatever the score says. */
  readonly override?: { readonly level: AdoptionLevel; readonly reason: string };
}

export interface ScoreLine {
  readonly name: string;
  readonly points: number;
  /** Whether the points count. */
  readonly holds: boolean;
  readonly reason: string;
}

export interface AdoptionScore {
  readonly lines: readonly ScoreLine[];
  readonly score: number;
  /** What the score says. */
  readonly advised: AdoptionLevel;
  /** What is enforced: the override, else the advice. */
  readonly level: AdoptionLevel;
}

/** Score at which a full mesh pays, and at which its encryption alone does. */
export const FULL_MESH_AT = 5;
export const MTLS_ONLY_AT = 2;

export function countedServices(model: MeshModel): number {
  return model.services.length;
}

export function countedLanguages(model: MeshModel): number {
  return new Set(model.services.map((service) => service.language).filter((language) => language !== undefined)).size;
}

/** Whether the program shifts traffic between versions by weight, or lets an engine do it. */
export function hasTrafficCanary(model: MeshModel): boolean {
  const shared = (weights: readonly number[]): boolean => weights.filter((weight) => weight > 0).length > 1;
  return model.canaries.length > 0 || model.services.some((service) => shared(Object.values(service.split ?? {}))
    || service.routes.some((route) => shared(route.backends.map((backend) => backend.weight))));
}

/** The score of the assessment, or of what the program alone shows. */
export function adoptionScore(model: MeshModel, assessment: AssessmentNode | undefined): AdoptionScore {
  const services = assessment?.services ?? countedServices(model);
  const languages = assessment?.languages ?? countedLanguages(model);
  const canaries = assessment?.trafficCanaries ?? hasTrafficCanary(model);
  const kubernetes = assessment?.kubernetes ?? 'some';
  const stated = (value: unknown): string => value === undefined ? 'counted in the program' : 'stated';
  const lines: ScoreLine[] = [
    line('more than 10 services', 2, services > 10, `${services} services, ${stated(assessment?.services)}`),
    line('fewer than 5 services', -3, services < 5, `${services} services, ${stated(assessment?.services)}`),
    line('several languages', 2, languages > 1, `${languages} languages, ${stated(assessment?.languages)}`),
    line('regulation asks for encryption in transit', 3, assessment?.regulatedEncryption ?? false, said(assessment?.regulatedEncryption)),
    line('canaries at traffic level', 1, canaries, canaries ? stated(assessment?.trafficCanaries) : 'none'),
    line('latency across services is hard to debug', 2, assessment?.hardToDebugLatency ?? false, said(assessment?.hardToDebugLatency)),
    line('experience with Kubernetes', 1, kubernetes === 'established', `Kubernetes is ${KUBERNETES_WORDS[kubernetes]}`),
    line('new to Kubernetes', -2, kubernetes === 'new', `Kubernetes is ${KUBERNETES_WORDS[kubernetes]}`),
  ];
  const score = lines.reduce((sum, { holds, points }) => sum + (holds ? points : 0), 0);
  const advised = score >= FULL_MESH_AT ? 'full-mesh' : score >= MTLS_ONLY_AT ? 'mtls-only' : 'too-early';
  return { lines, score, advised, level: assessment?.override?.level ?? advised };
}

const KUBERNETES_WORDS: Readonly<Record<KubernetesExperience, string>> = {
  established: 'established in the organisation', some: 'known to some, or nothing is said of it', new: 'new to the organisation',
};

function line(name: string, points: number, holds: boolean, reason: string): ScoreLine {
  return { name, points, holds, reason };
}

function said(value: boolean | undefined): string {
  return value === undefined ? 'nothing is said of it' : value ? 'stated' : 'stated not to be so';
}

/** What a level does not allow, of which a program uses something: the construct, and what it uses. */
export interface BeyondLevel {
  readonly origin: string;
  readonly uses: string;
}

/** Everything in the program that reads single requests, which only a full mesh does. */
export function beyondMtls(model: MeshModel): readonly BeyondLevel[] {
  const found: BeyondLevel[] = [];
  for (const service of model.services) {
    const uses = [
      ...service.routes.map((route) => `route ${route.name}`),
      ...service.split === undefined ? [] : ['split'],
      ...(['retry', 'deadline', 'circuitBreaker', 'loadBalancing'] as const).filter((property) => service[property] !== undefined),
      ...requestSecurity(service),
    ];
    uses.forEach((use) => found.push({ origin: service.origin, uses: use }));
  }
  model.canaries.forEach(({ origin, service }) => found.push({ origin, uses: `canary of ${service}` }));
  for (const call of outlineOf(model).policies) {
    const what = [call.retry && 'retry', call.deadline && 'deadline'].filter(Boolean).join(' and ');
    found.push({ origin: call.origin, uses: `${what} of the call to ${call.callee}` });
  }
  return found;
}

function requestSecurity({ security, zeroTrust }: MeshModel['services'][number]): readonly string[] {
  const rules = [...security?.deny ?? [], ...zeroTrust === undefined ? [] : security?.allow ?? []];
  return [
    ...rules.some(({ methods, paths, hosts }) => methods.length + paths.length + hosts.length > 0) ? ['a rule about requests'] : [],
    ...(security?.tokens.length ?? 0) > 0 ? ['a required token'] : [],
    ...(security?.external.length ?? 0) > 0 ? ['an external authorizer'] : [],
  ];
}
