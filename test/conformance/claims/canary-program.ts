import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  Canary, CanaryEngine, CanaryStrategy, CircuitBreaker, EgressScope, FindingCode, Gate, type MeshProvider, MeshService, type MeshServiceProps,
  MetricSource, MtlsMigration, Retry, RetryOn, ZeroTrustPolicy,
} from '../../../src';
import { type DeliveryPlan, planOf } from '../../../src/model/delivery-plan';
import { PROMETHEUS_URL } from '../stack';
import { HTTP, podTemplate, Program } from './program';

/** The second version of `orders` is a good one, that of `ledger` fails 5 % of its requests, that of `search` answers late. */
export const DELIVERED = ['orders', 'ledger', 'search'] as const;
export type Delivered = (typeof DELIVERED)[number];

export const BEHAVIORS = {
  'ledger:2': { rules: [{ every: 20, status: 500 }] },
  'search:2': { rules: [{ delayMs: 500 }] },
};

/** What a route of the service asks for beside the deadline, where callers' connections have no policy to tell it by. */
export const MARK = { name: 'x-delivered', value: 'yes' };

/** Shares near 0 and 100 % tell a share that is off by two points from one that is right with the fewest requests. */
export const STEPS = [5, 10, 90, 100];
export const EVERY = Duration.seconds(20);
export const DEADLINE = Duration.seconds(7);
export const ROLL_BACK_AFTER = 2;

/** Limits that tell a policy of the program from Istio's defaults. */
export const LIMITS = { connections: 321, requestsPerConnection: 123, retryBudget: 37 };

export interface CanaryProps {
  readonly namespace: string;
  /** Version of all three services. */
  readonly version: 1 | 2;
  /** @default - none: the program as it was before */
  readonly engine?: CanaryEngine;
  /** Whether `newcomer` calls `orders`: what a later commit may change. @default false */
  readonly newcomerCalls?: boolean;
  /** @default MeshProvider.istio() */
  readonly mesh?: PortableMesh;
}

/** A mesh without policies, where the same program says of requests what an HTTPRoute can say, and nobody retries. */
export interface PortableMesh {
  readonly provider: MeshProvider;
  /** Findings that the program is about. */
  readonly accepted: readonly FindingCode[];
  /** Shares of the requests. */
  readonly steps: readonly number[];
  /** Time between two checks. */
  readonly every: Duration;
}

/**
 * `web` calls three services, each of which is delivered by the engine; `orders` may call `search`, and nobody else may call anybody. Callers
 * retry what fails, so that only the gates' own queries can see it. In a portable mesh nobody is refused and nothing retried.
 */
export class CanaryProgram extends Program {
  private readonly portable?: PortableMesh;
  private readonly canaries = new Map<Delivered, Canary>();

  public constructor({ namespace, version, engine, newcomerCalls = false, mesh }: CanaryProps) {
    super(namespace, mesh && { provider: mesh.provider });
    this.portable = mesh;
    this.accept('the program is about it', ...mesh?.accepted ?? []);
    const services = Object.fromEntries(DELIVERED.map((name) => [name, this.delivered(name, version)])) as Record<Delivered, MeshService>;
    const web = this.client('web', {}, mesh && { egress: EgressScope.everything() });
    DELIVERED.forEach((name) => web.calls(services[name]));
    services.orders.calls(services.search);
    this.client('stranger', {}, { egress: EgressScope.everything() });
    const newcomer = this.client('newcomer', {}, { egress: EgressScope.everything() });
    if (newcomerCalls) {
      newcomer.calls(services.orders);
    }
    // Calls that nobody declared leave the caller, so that it is the callee who refuses them.
    if (mesh === undefined) {
      new ZeroTrustPolicy(this.chart, 'zero-trust', { mesh: this.mesh, mtls: MtlsMigration.strict(), sealEgress: false });
    }
    if (engine !== undefined) {
      DELIVERED.forEach((name) => this.canaries.set(name, this.canary(services[name], engine)));
    }
  }

  /** What the library says beforehand of a canary's time and exposure. */
  public planOf(name: Delivered): DeliveryPlan {
    const { path } = this.canaries.get(name)!.node;
    return planOf(this.mesh._judgement().model.canaries.find(({ origin }) => origin === path)!);
  }

  private delivered(name: Delivered, version: number): MeshService {
    const template = podTemplate(name, { image: `${name}:${version}`, labels: { app: name }, containerPorts: [8080] });
    const workload = new k8s.KubeDeployment(this.chart, `${name}-deployment`, {
      metadata: { name }, spec: { replicas: 1, selector: { matchLabels: { app: name } }, template },
    });
    const service = new MeshService(this.chart, name, {
      mesh: this.mesh, workload, version: `v${version}`, ports: [HTTP], deadline: DEADLINE,
      ...this.portable === undefined ? this.policy() : { egress: EgressScope.everything() },
    });
    if (this.portable !== undefined) {
      service.addRoute('all', { matches: [], responseHeaders: { overwrite: { [MARK.name]: MARK.value } } });
    }
    return service;
  }

  /** What only Istio's own API can say. */
  private policy(): Partial<MeshServiceProps> {
    return {
      egress: EgressScope.declared(),
      retry: Retry.upTo(2, { on: [RetryOn.SERVER_ERROR, RetryOn.CONNECT_FAILURE, RetryOn.RESET] }),
      circuitBreaker: CircuitBreaker.of({
        tcp: { maxConnections: LIMITS.connections }, http: { maxRequestsPerConnection: LIMITS.requestsPerConnection },
        retryBudget: { percent: LIMITS.retryBudget },
      }),
    };
  }

  private canary(service: MeshService, engine: CanaryEngine): Canary {
    const every = this.portable?.every ?? EVERY;
    return new Canary(this.chart, `${service.node.id}-canary`, {
      service, engine, strategy: CanaryStrategy.steps([...this.portable?.steps ?? STEPS], { every }), rollBackAfter: ROLL_BACK_AFTER,
      gates: [
        Gate.successRate({ atLeast: 99, window: every }),
        Gate.latency({ percentile: 99, atMost: Duration.millis(250), window: every }),
      ],
      metrics: MetricSource.envoy({ prometheus: PROMETHEUS_URL, scrapedEvery: Duration.seconds(2) }),
    });
  }
}
