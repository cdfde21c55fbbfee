/** Services with a canary, from short literals: what a test does not say is as a plain program would have it. */
import type { CanaryNode, EngineNode, GateNode, StrategyNode } from '../../src/model/delivery';
import type { ServiceNode } from '../../src/model/mesh-model';
import { service, version, workload } from './model-builder';

export const FLAGGER: EngineNode = { id: 'flagger', selectorLabels: ['app', 'name', 'app.kubernetes.io/name'] };
export const ARGO: EngineNode = { id: 'argo-rollouts' };

export function manual(weight = 10): EngineNode {
  return { id: 'manual', stable: 'v1', canary: 'v2', weight };
}

export function weights(...steps: number[]): StrategyNode {
  return { kind: 'weights', everyMs: 60_000, steps: steps.map((weight) => ({ weight })) };
}

export function linear(step: number, max: number): StrategyNode {
  const count = Math.ceil(max / step);
  return { ...weights(...Array.from({ length: count }, (_, index) => Math.min(max, (index + 1) * step))), linear: { step, max } } as StrategyNode;
}

export function successRate(atLeast: number, rest: Partial<GateNode> = {}): GateNode {
  return { kind: 'success-rate', name: 'success-rate', windowMs: 60_000, atLeast, ...rest } as GateNode;
}

export function latency(percentile: number, atMostMs: number): GateNode {
  return { kind: 'latency', name: `latency-p${percentile}`, windowMs: 60_000, percentile, atMostMs };
}

export function canary(of: string, rest: Partial<CanaryNode> = {}): CanaryNode {
  return {
    origin: `shop/${of}-canary`, name: of, namespace: 'shop', service: `shop/${of}`, engine: ARGO, strategy: weights(10, 50), gates: [successRate(99)],
    metrics: { kind: 'istio', address: 'http://prometheus:9090', scrapedEveryMs: 15_000, podLabel: 'pod', namespaceLabel: 'namespace' },
    rollBackAfter: 3, readyWithinMs: 600_000, webhooks: [], alerts: [], approvals: [], lostPatches: [], ...rest,
  };
}

/** A service of one Deployment that selects by `app`, with a canary. */
export function delivered(of: string, rest: Partial<CanaryNode> = {}, own: Partial<ServiceNode> = {}): ServiceNode {
  const pods = workload(of, { pinnedLabels: { app: of }, podLabels: { app: of }, replicas: 1 });
  return service(of, { versions: [version('v1', { workload: pods })], ...own, delivery: canary(of, rest) });
}
