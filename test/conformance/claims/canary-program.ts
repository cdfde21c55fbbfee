import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  Canary, CanaryEngine, CanaryStrategy, CircuitBreaker, Gate, MeshService, MetricSource, MtlsMigration, Retry, RetryOn, ZeroTrustPolicy,
} from '../../../src';
import { PROMETHEUS_URL } from '../stack';
import { HTTP, podTemplate, Program } from './program';

/** How long a share is kept, so that more than 4,000 requests meet it. */
export const EVERY = Duration.seconds(20);
export const STEPS = [20, 40, 60];
export const ROLL_BACK_AFTER = 2;

export interface Release {
  readonly version: string;
  /** Decides what its pods do. */
  readonly image: string;
}

/** A good release, and what else may come of it. */
export const RELEASES = {
  first: { version: 'v1', image: 'orders:1' },
  good: { version: 'v2', image: 'orders:2' },
  failing: { version: 'v3', image: 'orders:3' },
  slow: { version: 'v4', image: 'orders:4' },
} as const satisfies Record<string, Release>;

/** What the releases do: one fails 5 % of its requests, one answers late. */
export const BEHAVIORS = {
  [RELEASES.failing.image]: { rules: [{ every: 20, status: 500 }] },
  [RELEASES.slow.image]: { rules: [{ delayMs: 300 }] },
};

export interface CanaryProgram {
  readonly program: Program;
  readonly orders: MeshService;
  readonly canary?: Canary;
}

/**
 * `web` calls `orders`, which is delivered by the engine; nobody else may call it. Callers retry what fails, so that only the gates' own
 * queries can see it. Without an engine it is the program as it was before.
 */
export function canaryProgram(namespace: string, release: Release, engine?: CanaryEngine): CanaryProgram {
  const program = new Program(namespace);
  const { chart, mesh } = program;
  const template = podTemplate('orders', { image: release.image, labels: { app: 'orders' }, containerPorts: [8080] });
  const workload = new k8s.KubeDeployment(chart, 'orders-deployment', {
    metadata: { name: 'orders' }, spec: { replicas: 1, selector: { matchLabels: { app: 'orders' } }, template },
  });
  const orders = new MeshService(chart, 'orders', {
    mesh, workload, version: release.version, ports: [HTTP],
    retry: Retry.upTo(2, { on: [RetryOn.SERVER_ERROR, RetryOn.CONNECT_FAILURE, RetryOn.RESET] }),
    deadline: Duration.seconds(7),
    circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: 321 }, http: { maxRequestsPerConnection: 123 }, retryBudget: { percent: 37 } }),
  });
  program.client('web').calls(orders);
  program.client('stranger');
  new ZeroTrustPolicy(chart, 'zero-trust', { mesh, mtls: MtlsMigration.strict() });
  const canary = engine && new Canary(chart, 'orders-canary', {
    service: orders,
    engine,
    strategy: CanaryStrategy.steps(STEPS, { every: EVERY }),
    rollBackAfter: ROLL_BACK_AFTER,
    gates: [
      Gate.successRate({ atLeast: 99, window: EVERY }),
      Gate.latency({ percentile: 99, atMost: Duration.millis(150), window: EVERY }),
    ],
    metrics: MetricSource.envoy({ prometheus: PROMETHEUS_URL, scrapedEvery: Duration.seconds(2) }),
  });
  return { program, orders, canary };
}
