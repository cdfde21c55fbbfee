/**
 * What every delivery engine can do for every wish that a canary or its service may have. A new wish or engine does not compile until every
 * cell is answered; the check `engine-cannot-carry` and the reference are read from here.
 */
import type { Answer } from './capability';
import type { CanaryNode, EngineId } from './delivery';
import { callsWithPolicy, httpPorts, retryFor } from './effective';
import type { MeshModel, ServiceNode } from './mesh-model';
import type { RouteNode } from './route';

export const ENGINE_WISHES = [
  'weights', 'uneven-steps', 'keep-session', 'blue-green', 'mirror', 'ab-test', 'approval', 'gates',
  'acceptance-webhook', 'load-test-webhook', 'event-webhook', 'rollback-webhook', 'slack-alert', 'teams-alert', 'pagerduty-alert',
  'daemon-set', 'headless', 'existing-service', 'several-ports', 'several-versions', 'pinned-subset', 'routes', 'caller-policy',
  'fault', 'route-mirror', 'regex-rewrite', 'retry-back-off',
] as const;

export type EngineWish = (typeof ENGINE_WISHES)[number];

type Answered = Extract<Answer, { support: 'native' | 'unsupported' }>;

const native: Answered = Object.freeze({ support: 'native' });

function no(instead: string): Answered {
  return Object.freeze({ support: 'unsupported', instead });
}

const ARGO = 'Take CanaryEngine.argoRollouts(), which leaves the rules of the service as they are';
const FLAGGER = 'Take CanaryEngine.flagger()';
const AUTOMATIC = 'Take CanaryEngine.flagger() or CanaryEngine.argoRollouts()';

export const ENGINE_TABLE: Readonly<Record<EngineWish, Readonly<Record<EngineId, Answered>>>> = Object.freeze({
  'weights': { 'flagger': native, 'argo-rollouts': native, 'manual': native },
  'uneven-steps': { 'flagger': no('Leave `hold` out, or take CanaryEngine.argoRollouts()'), 'argo-rollouts': native, 'manual': native },
  'keep-session': { 'flagger': native, 'argo-rollouts': no(FLAGGER), 'manual': no(FLAGGER) },
  'blue-green': { 'flagger': native, 'argo-rollouts': native, 'manual': no(AUTOMATIC) },
  'mirror': { 'flagger': native, 'argo-rollouts': no(`${FLAGGER}: the route that Argo Rollouts mirrors with has neither the deadline nor the retries of the service`), 'manual': no(FLAGGER) },
  'ab-test': { 'flagger': native, 'argo-rollouts': native, 'manual': no(AUTOMATIC) },
  'approval': { 'flagger': native, 'argo-rollouts': native, 'manual': no('Leave the approval out: every step is a commit of its own') },
  'gates': { 'flagger': native, 'argo-rollouts': native, 'manual': native },
  'acceptance-webhook': { 'flagger': native, 'argo-rollouts': native, 'manual': no(AUTOMATIC) },
  'load-test-webhook': { 'flagger': native, 'argo-rollouts': native, 'manual': no(AUTOMATIC) },
  'event-webhook': { 'flagger': native, 'argo-rollouts': no('Take an alert, or a webhook of Argo Rollouts\' own notifications'), 'manual': no(AUTOMATIC) },
  'rollback-webhook': { 'flagger': native, 'argo-rollouts': no('Abort with `kubectl argo rollouts abort`'), 'manual': no(AUTOMATIC) },
  'slack-alert': { 'flagger': native, 'argo-rollouts': native, 'manual': no(AUTOMATIC) },
  'teams-alert': { 'flagger': native, 'argo-rollouts': native, 'manual': no(AUTOMATIC) },
  'pagerduty-alert': {
    'flagger': no('Send CanaryWebhook.events to what pages people, or take CanaryEngine.argoRollouts()'), 'argo-rollouts': native, 'manual': no(AUTOMATIC),
  },
  'daemon-set': { 'flagger': native, 'argo-rollouts': no('Hand over a Deployment, or take CanaryEngine.flagger()'), 'manual': native },
  'headless': {
    'flagger': no('Give the service an address, or ship the StatefulSet by partitions'),
    'argo-rollouts': no('Give the service an address, or ship the StatefulSet by partitions'), 'manual': native,
  },
  'existing-service': {
    'flagger': no('Let MeshService write the Service, or take CanaryEngine.argoRollouts(), which leaves it alone'), 'argo-rollouts': native, 'manual': native,
  },
  'several-ports': { 'flagger': no('Give the service one port, or take CanaryEngine.argoRollouts()'), 'argo-rollouts': native, 'manual': native },
  'several-versions': {
    'flagger': no('Give the service one version and change it: the engine keeps the old one'),
    'argo-rollouts': no('Give the service one version and change it: the engine keeps the old one, and deletes every other subset'), 'manual': native,
  },
  'pinned-subset': { 'flagger': no('Leave the subset out of the route'), 'argo-rollouts': no('Leave the subset out of the route'), 'manual': native },
  'routes': { 'flagger': no(ARGO), 'argo-rollouts': native, 'manual': native },
  'caller-policy': { 'flagger': no(`${ARGO}, or say it of the service`), 'argo-rollouts': native, 'manual': native },
  'fault': { 'flagger': no(ARGO), 'argo-rollouts': native, 'manual': native },
  'route-mirror': { 'flagger': no(ARGO), 'argo-rollouts': native, 'manual': native },
  'regex-rewrite': { 'flagger': no(ARGO), 'argo-rollouts': native, 'manual': native },
  'retry-back-off': { 'flagger': no(`Leave \`backOff\` out, or take CanaryEngine.argoRollouts()`), 'argo-rollouts': native, 'manual': native },
});

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
      ? [...when(true, 'blue-green', 'blue/green'), ...when(strategy.mirrorPercent !== undefined, 'mirror', 'mirrored requests')] : [],
    ...when(strategy.kind === 'ab-test', 'ab-test', 'an A/B test'),
    ...when(approvals.length > 0, 'approval', `approval (${approvals.join(', ')})`),
    ...when(gates.length > 0, 'gates', 'gates'),
  ];
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
