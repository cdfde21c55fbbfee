/**
 * Canaries: how a new version of a service gets its requests, what decides about it, and who writes which field meanwhile. Plain data, free
 * of any engine's field names. All times are milliseconds, all shares are percent.
 */
import type { StringMatch } from './route';

export const ENGINES = ['flagger', 'argo-rollouts', 'manual'] as const;

export type EngineId = (typeof ENGINES)[number];

/** What an engine writes while it runs, so that nobody else may. */
export interface EngineFacts {
  /** How a person calls it. */
  readonly label: string;
  /** All routing rules of the service. */
  readonly ownsRoutes: boolean;
  /** The policy of what callers reach: the service's own name is no longer it. */
  readonly ownsPolicy: boolean;
  /** The selector of the Kubernetes Service. */
  readonly ownsSelector: boolean;
  /** The weights in our rules, and the labels of our subsets. */
  readonly ownsWeights: boolean;
  /** The number of pods of the workload that the program hands over. */
  readonly ownsReplicas: boolean;
  /** The versions are Services of their own, called `orders-primary` and `orders-canary`. */
  readonly servicePerVersion: boolean;
  /** The pods of the promoted version carry another value in the label that the workload selects by. */
  readonly renamesPods: boolean;
  /** Name under which Kubernetes records its writes. */
  readonly fieldManager?: string;
  /** Promotes and rolls back by itself, so that it needs gates. */
  readonly automatic: boolean;
  /** The shortest time between two checks. */
  readonly shortestIntervalMs: number;
}

export const ENGINE_FACTS: Readonly<Record<EngineId, EngineFacts>> = Object.freeze({
  'flagger': {
    label: 'Flagger', ownsRoutes: true, ownsPolicy: true, ownsSelector: true, ownsWeights: false, ownsReplicas: true, servicePerVersion: true,
    renamesPods: true, fieldManager: 'flagger', automatic: true, shortestIntervalMs: 10_000,
  },
  'argo-rollouts': {
    label: 'Argo Rollouts', ownsRoutes: false, ownsPolicy: false, ownsSelector: false, ownsWeights: true, ownsReplicas: true, servicePerVersion: false,
    renamesPods: false, fieldManager: 'rollouts-controller', automatic: true, shortestIntervalMs: 1000,
  },
  'manual': {
    label: 'the program itself', ownsRoutes: false, ownsPolicy: false, ownsSelector: false, ownsWeights: false, ownsReplicas: false,
    servicePerVersion: false, renamesPods: false, automatic: false, shortestIntervalMs: 1000,
  },
});

export type EngineNode =
  | {
    readonly id: 'flagger';
    /** Labels by which Flagger may tell pods apart, in its own order. */
    readonly selectorLabels: readonly string[];
    /** Answers 200 once a person has agreed. */
    readonly approvalUrl?: string;
  }
  | { readonly id: 'argo-rollouts' }
  | { readonly id: 'manual'; readonly stable: string; readonly canary: string; readonly weight: number };

/** A condition on requests that tells who meets the new version: a header, or a cookie in the header of that name. */
export interface AudienceNode {
  readonly header: string;
  readonly value: StringMatch;
}

export type StrategyNode =
  | {
    readonly kind: 'weights';
    /** Rising shares, each of which must pass its checks before the next. */
    readonly steps: readonly { readonly weight: number; /** Where it is not the interval. */ readonly holdMs?: number }[];
    readonly everyMs: number;
    /** How the program said the steps, where it did not list them. */
    readonly linear?: { readonly step: number; readonly max: number };
    /** Keeps a user at the version that answered first. */
    readonly session?: { readonly cookie: string; readonly maxAgeMs: number };
  }
  | {
    /** The new version gets no requests of users until all checks have passed; then it gets all. */
    readonly kind: 'blue-green';
    readonly iterations: number;
    readonly everyMs: number;
    /** Share of the requests that it gets a copy of, whose answers nobody sees. */
    readonly mirrorPercent?: number;
  }
  | {
    readonly kind: 'ab-test';
    readonly iterations: number;
    readonly everyMs: number;
    /** Alternatives. */
    readonly audiences: readonly AudienceNode[];
  };

export type GateNode =
  | { readonly kind: 'success-rate'; readonly name: string; readonly windowMs: number; readonly atLeast: number }
  | { readonly kind: 'latency'; readonly name: string; readonly windowMs: number; readonly percentile: number; readonly atMostMs: number }
  | {
    readonly kind: 'promql'; readonly name: string; readonly windowMs: number;
    readonly query: string; readonly atLeast?: number; readonly atMost?: number;
  };

/** Whose metrics the supplied queries read. */
export interface MetricSourceNode {
  readonly kind: 'istio' | 'envoy' | 'linkerd';
  /** Waypoints count the requests, since the pods have no proxies of their own. */
  readonly fromWaypoints?: true;
  /** URL of Prometheus. */
  readonly address: string;
  readonly scrapedEveryMs: number;
  /** Labels that the scrape attaches to a pod's series. */
  readonly podLabel: string;
  readonly namespaceLabel: string;
}

export type WebhookKind = 'acceptance' | 'load-test' | 'event' | 'rollback';

export interface WebhookNode {
  readonly kind: WebhookKind;
  readonly name: string;
  readonly url: string;
  readonly timeoutMs: number;
  readonly metadata: Readonly<Record<string, string>>;
}

export type AlertKind = 'slack' | 'teams' | 'pagerduty';

export type AlertSeverity = 'info' | 'warning' | 'error';

export interface AlertNode {
  readonly kind: AlertKind;
  readonly name: string;
  /** The least that is told. */
  readonly severity: AlertSeverity;
  /** Channel, or the name under which the engine's own configuration knows the receiver. */
  readonly receiver?: string;
  /** Name of the Secret that holds the address. */
  readonly secret?: string;
}

export type Approval = 'start' | 'each-step' | 'promotion';

export interface ErrorBudgetNode {
  /** Share of the requests that must succeed. */
  readonly objective: number;
  readonly overMs: number;
  /** Share of the budget that one bad version may spend. */
  readonly perReleasePercent: number;
}

export interface CanaryNode {
  readonly origin: string;
  /** Name of its objects: the service's. */
  readonly name: string;
  readonly namespace?: string;
  /** Id of the service. */
  readonly service: string;
  readonly engine: EngineNode;
  readonly strategy: StrategyNode;
  readonly gates: readonly GateNode[];
  readonly metrics: MetricSourceNode;
  /** Failed checks after which everything goes back. */
  readonly rollBackAfter: number;
  readonly readyWithinMs: number;
  readonly webhooks: readonly WebhookNode[];
  readonly alerts: readonly AlertNode[];
  readonly approvals: readonly Approval[];
  readonly errorBudget?: ErrorBudgetNode;
  /** Objects of the service that are the engine's now, although the program had patched them. */
  readonly lostPatches: readonly { readonly kind: string; readonly name: string; readonly path?: string }[];
}

/** Subsets of a service whose weights an engine moves. */
export const STABLE_SUBSET = 'stable';
export const CANARY_SUBSET = 'canary';

export function primaryName(name: string): string {
  return `${name}-primary`;
}

export function canaryName(name: string): string {
  return `${name}-canary`;
}

/** What the engine of a service writes; undefined where no engine is at work. */
export function ownership(service: { readonly delivery?: CanaryNode }): EngineFacts | undefined {
  return service.delivery && ENGINE_FACTS[service.delivery.engine.id];
}

/** The Kubernetes Services through which callers reach a service: its own, and those of its versions where the engine makes them. */
export function serviceNames(service: { readonly name: string; readonly delivery?: CanaryNode }): readonly string[] {
  return ownership(service)?.servicePerVersion ? [service.name, primaryName(service.name), canaryName(service.name)] : [service.name];
}

/** The key of the label by which an engine tells the old pods from the new ones: the first of its labels that the workload selects by. */
export function selectorLabel(engine: EngineNode, pinnedLabels: Readonly<Record<string, string>>): string | undefined {
  return engine.id === 'flagger' ? engine.selectorLabels.find((label) => label in pinnedLabels) : undefined;
}
