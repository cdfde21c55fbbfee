/**
 * What every delivery engine can do for every wish that a canary or its service may have. A new wish or engine does not compile until every
 * cell is answered; the check `engine-cannot-carry` and the reference are read from here.
 */
import { CAPABILITY_TABLE } from './capability';
import type { AudienceNode, CanaryNode, EngineId } from './delivery';
import { httpPorts, retryFor } from './effective';
import type { MeshModel, ServiceNode } from './mesh-model';
import { callsWithPolicy } from './outline';
import type { RetryPolicy } from './policy';
import type { ProviderId } from './provider';
import type { RouteNode } from './route';

export const ENGINE_WISHES = [
  'weights', 'uneven-steps', 'keep-session', 'blue-green', 'mirror', 'mirror-share', 'ab-test', 'prefix-audience', 'approval', 'gates',
  'acceptance-webhook', 'load-test-webhook', 'event-webhook', 'rollback-webhook', 'slack-alert', 'teams-alert', 'pagerduty-alert',
  'daemon-set', 'headless', 'existing-service', 'several-ports', 'several-versions', 'pinned-subset', 'routes', 'caller-policy',
  'fault', 'route-mirror', 'regex-rewrite', 'retry-back-off', 'retries', 'grpc-retries',
] as const;

export type EngineWish = (typeof ENGINE_WISHES)[number];

type Answered = { readonly support: 'native' } | {
  readonly support: 'unsupported';
  readonly instead: string;
  /** The same on meshes that Argo Rollouts cannot move weights of. */
  readonly withoutArgo: string;
};

const native: Answered = Object.freeze({ support: 'native' });

function no(instead: string, withoutArgo = instead): Answered {
  return Object.freeze({ support: 'unsupported', instead, withoutArgo });
}

const COMMITS = 'Take CanaryEngine.manual(), whose weights are moved by commits, or MeshProvider.istio()';
const FLAGGER = 'Take CanaryEngine.flagger()';
const AUTOMATIC: Answered = no('Take CanaryEngine.flagger() or CanaryEngine.argoRollouts()', FLAGGER);
const RULES: Answered = no('Take CanaryEngine.argoRollouts(), which leaves the rules of the service as they are', COMMITS);
const NO_MIRROR: Answered = no(`${FLAGGER}: the route that Argo Rollouts mirrors with has neither the deadline nor the retries of the service`);

export const ENGINE_TABLE: Readonly<Record<EngineWish, Readonly<Record<EngineId, Answered>>>> = Object.freeze({
  'weights': { 'flagger': native, 'argo-rollouts': native, 'manual': native },
  'uneven-steps': { 'flagger': no('Leave `hold` out, or take CanaryEngine.argoRollouts()', 'Leave `hold` out'), 'argo-rollouts': native, 'manual': native },
  'keep-session': { 'flagger': native, 'argo-rollouts': no(FLAGGER), 'manual': no(FLAGGER) },
  'blue-green': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'mirror': { 'flagger': native, 'argo-rollouts': NO_MIRROR, 'manual': no(FLAGGER) },
  'mirror-share': { 'flagger': native, 'argo-rollouts': NO_MIRROR, 'manual': no(FLAGGER) },
  'ab-test': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'prefix-audience': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'approval': { 'flagger': native, 'argo-rollouts': native, 'manual': no('Leave the approval out: every step is a commit of its own') },
  'gates': { 'flagger': native, 'argo-rollouts': native, 'manual': native },
  'acceptance-webhook': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'load-test-webhook': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'event-webhook': { 'flagger': native, 'argo-rollouts': no('Take an alert, or a webhook of Argo Rollouts\' own notifications'), 'manual': AUTOMATIC },
  'rollback-webhook': { 'flagger': native, 'argo-rollouts': no('Abort with `kubectl argo rollouts abort`'), 'manual': AUTOMATIC },
  'slack-alert': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'teams-alert': { 'flagger': native, 'argo-rollouts': native, 'manual': AUTOMATIC },
  'pagerduty-alert': {
    'flagger': no('Send CanaryWebhook.events to what pages people, or take CanaryEngine.argoRollouts()', 'Send CanaryWebhook.events to what pages people'), 'argo-rollouts': native, 'manual': AUTOMATIC,
  },
  'daemon-set': { 'flagger': native, 'argo-rollouts': no('Hand over a Deployment, or take CanaryEngine.flagger()'), 'manual': native },
  'headless': {
    'flagger': no('Give the service an address, or ship the StatefulSet by partitions'),
    'argo-rollouts': no('Give the service an address, or ship the StatefulSet by partitions'), 'manual': native,
  },
  'existing-service': {
    'flagger': no('Let MeshService write the Service, or take CanaryEngine.argoRollouts(), which leaves it alone', 'Let MeshService write the Service'), 'argo-rollouts': native, 'manual': native,
  },
  'several-ports': { 'flagger': no('Give the service one port, or take CanaryEngine.argoRollouts()', 'Give the service one port'), 'argo-rollouts': native, 'manual': native },
  'several-versions': {
    'flagger': no('Give the service one version and change it: the engine keeps the old one'),
    'argo-rollouts': no('Give the service one version and change it: the engine keeps the old one, and deletes every other subset'), 'manual': native,
  },
  'pinned-subset': { 'flagger': no('Leave the subset out of the route'), 'argo-rollouts': no('Leave the subset out of the route'), 'manual': native },
  'routes': { 'flagger': RULES, 'argo-rollouts': native, 'manual': native },
  'caller-policy': {
    'flagger': no('Take CanaryEngine.argoRollouts(), which leaves the rules of the service as they are, or say it of the service', 'Say it of the service'),
    'argo-rollouts': native, 'manual': native,
  },
  'fault': { 'flagger': RULES, 'argo-rollouts': native, 'manual': native },
  'route-mirror': { 'flagger': RULES, 'argo-rollouts': native, 'manual': native },
  'regex-rewrite': { 'flagger': RULES, 'argo-rollouts': native, 'manual': native },
  'retry-back-off': { 'flagger': no('Leave `backOff` out, or take CanaryEngine.argoRollouts()', 'Leave `backOff` out'), 'argo-rollouts': native, 'manual': native },
  'retries': { 'flagger': native, 'argo-rollouts': native, 'manual': native },
  'grpc-retries': { 'flagger': native, 'argo-rollouts': native, 'manual': native },
});

const NO_RETRIES: Answered = no(`Leave the retries out, or let callers retry by themselves. ${COMMITS}`);

/** What Flagger cannot do where it writes an HTTPRoute: its router leaves these out without a word, or refuses the whole canary. */
const NOT_IN_HTTP_ROUTES: Partial<Readonly<Record<EngineWish, Answered>>> = Object.freeze({
  'retries': NO_RETRIES,
  'grpc-retries': NO_RETRIES,
  'mirror-share': no('Mirror all requests (percent: 100), or take MeshProvider.istio()'),
  'prefix-audience': no('Name the audience by StringMatch.exact or StringMatch.regex'),
});

/** Meshes whose rules for a service are HTTPRoutes, and what is otherwise there. */
const FLAGGER_ON: Partial<Readonly<Record<ProviderId, Partial<Readonly<Record<EngineWish, Answered>>>>>> = Object.freeze({
  'gateway-api': NOT_IN_HTTP_ROUTES,
  'istio-ambient': NOT_IN_HTTP_ROUTES,
  // Limits stand in annotations there, which Flagger puts on its route. Of the status of gRPC only a GRPCRoute knows.
  'linkerd': {
    // Where callers agree, the service has what they ask for; where they do not, that is a finding of its own.
    'caller-policy': native,
    'prefix-audience': NOT_IN_HTTP_ROUTES['prefix-audience'],
    'grpc-retries': no('Retry on no status of gRPC, or take CanaryEngine.manual(), whose weights are moved by commits'),
  },
});

/** What an engine does about a wish on a mesh; where it cannot, what to use instead there. */
export function engineAnswer(wish: EngineWish, engine: EngineId, provider: ProviderId): Pick<Answered, 'support'> & { readonly instead: string } {
  const answer = (engine === 'flagger' ? FLAGGER_ON[provider]?.[wish] : undefined) ?? ENGINE_TABLE[wish][engine];
  if (answer.support === 'native') {
    return { support: 'native', instead: '' };
  }
  const argo = CAPABILITY_TABLE['canary-by-argo-rollouts'][provider].support !== 'unsupported';
  return { support: 'unsupported', instead: argo ? answer.instead : answer.withoutArgo };
}

/** A wish, who said it, and in what words it is told. */
export interface WishUse {
  readonly wish: EngineWish;
  readonly origin: string;
  readonly what: string;
}

export function wishesOf(model: MeshModel, canary: CanaryNode): readonly WishUse[] {
  const service = model.serviceById.get(canary.service);
  const own = [...ofStrategy(canary), ...ofCompany(canary)].map((use) => ({ ...use, origin: canary.origin }));
  return service === undefined ? own : [...own, ...ofService(model, service)];
}

type Use = Omit<WishUse, 'origin'>;

function when(condition: boolean, wish: EngineWish, what: string): Use[] {
  return condition ? [{ wish, what }] : [];
}

function ofStrategy({ strategy, approvals, gates }: CanaryNode): readonly Use[] {
  return [
    ...strategy.kind === 'weights' ? [
      ...when(true, 'weights', 'steps'),
      ...when(strategy.steps.some(({ holdMs }) => holdMs !== undefined && holdMs !== strategy.everyMs), 'uneven-steps', 'steps of different lengths'),
      ...when(strategy.session !== undefined, 'keep-session', 'a session that stays at one version'),
    ] : [],
    ...strategy.kind === 'blue-green'
      ? [...when(true, 'blue-green', 'blue/green'), ...ofMirror(strategy.mirrorPercent)] : [],
    ...strategy.kind === 'ab-test' ? ofAudiences(strategy.audiences) : [],
    ...when(approvals.length > 0, 'approval', `approval (${approvals.join(', ')})`),
    ...when(gates.length > 0, 'gates', 'gates'),
  ];
}

function ofMirror(percent: number | undefined): readonly Use[] {
  return percent === undefined ? [] : percent < 100 ? [{ wish: 'mirror-share', what: `mirrored requests, ${percent} % of all` }] : [{ wish: 'mirror', what: 'mirrored requests' }];
}

function ofAudiences(audiences: readonly AudienceNode[]): readonly Use[] {
  const byPrefix = audiences.find(({ value }) => value.kind === 'prefix');
  return [byPrefix === undefined ? { wish: 'ab-test', what: 'an A/B test' }
    : { wish: 'prefix-audience', what: `an A/B test by how the header ${byPrefix.header} begins` }];
}

function ofCompany({ webhooks, alerts }: CanaryNode): readonly Use[] {
  return [
    ...webhooks.map(({ kind, name }): Use => ({ wish: `${kind}-webhook`, what: `the ${kind} webhook ${name}` })),
    ...alerts.map(({ kind, name }): Use => ({ wish: `${kind}-alert`, what: `the alert ${name}` })),
  ];
}

function ofService(model: MeshModel, service: ServiceNode): readonly WishUse[] {
  const at = (uses: readonly Use[]) => uses.map((use) => ({ ...use, origin: service.origin }));
  const only = onlyRoute(service);
  const retry = retryFor(model, service, only);
  return [
    ...at([
      ...when(service.versions.some(({ workload }) => workload?.kind === 'DaemonSet'), 'daemon-set', 'a DaemonSet'),
      ...when(service.headless, 'headless', 'a service without an address'),
      ...when(service.existing, 'existing-service', `a Service of the program's own (${service.name})`),
      ...when(service.ports.length > 1, 'several-ports', `${service.ports.length} ports`),
      ...when(service.versions.length > 1, 'several-versions', `the versions ${service.versions.map(({ name }) => name).join(', ')}`),
      ...when(httpPorts(service).length > 0 && retry.backoffMs !== undefined && retry.retries > 0, 'retry-back-off', 'the pause before retries'),
      ...when(httpPorts(service).length > 0 && retry.retries > 0, byGrpcStatus(service, retry) ? 'grpc-retries' : 'retries', `the retries of ${service.id}`),
    ]),
    ...service.routes.filter((route) => route !== only)
      .map((route) => ({ wish: 'routes' as const, origin: route.origin, what: `the route ${route.name}` })),
    ...only === undefined ? [] : ofOnlyRoute(service, only).map((use) => ({ ...use, origin: only.origin })),
    ...service.routes.flatMap((route) => pinned(service, route).map((use) => ({ ...use, origin: route.origin }))),
    ...callsWithPolicy(model, service.id).map((call) => ({
      wish: 'caller-policy' as const, origin: call.origin, what: `the retries or the deadline of the call to ${service.id}`,
    })),
  ];
}

function byGrpcStatus({ ports }: ServiceNode, { on }: RetryPolicy): boolean {
  return on.some((condition) => condition.startsWith('grpc-')) && ports.some(({ protocol }) => protocol === 'grpc');
}

function ofOnlyRoute(service: ServiceNode, route: RouteNode): readonly Use[] {
  const answers = route.redirect !== undefined || route.directResponse !== undefined;
  const elsewhere = answers || route.backends.some((backend) => backend.service !== service.id);
  return [
    ...when(elsewhere, 'routes', `the route ${route.name}`),
    ...when(route.fault !== undefined, 'fault', `the fault of route ${route.name}`),
    ...when(route.mirrors.length > 0, 'route-mirror', `the mirror of route ${route.name}`),
    ...when(route.rewrite?.pathRegex !== undefined, 'regex-rewrite', `the rewrite of route ${route.name}`),
  ];
}

function pinned(service: ServiceNode, route: RouteNode): readonly Use[] {
  const subsets = [...route.backends, ...route.mirrors]
    .flatMap((target) => target.service === service.id && target.subset !== undefined ? [target.subset] : []);
  return when(subsets.length > 0, 'pinned-subset', `subset ${subsets.join(', ')} in route ${route.name}`);
}

/** The one rule that an engine with a single rule can be handed: the first, where it takes every request. */
export function onlyRoute(service: ServiceNode): RouteNode | undefined {
  const [first] = service.routes;
  return first !== undefined && first.matches.length === 0 ? first : undefined;
}
