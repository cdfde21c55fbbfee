/**
 * The subsets of a service, and what they do otherwise than the service.
 *
 * A subset inherits each block of the service's policy (pool, ejection, load balancing, retry budget) that it does not write itself, in
 * every release from 1.30 on. So a version that has a circuit breaker of its own must also write what it does not want: otherwise
 * "no ejection for the canary" would be the service's ejection.
 */
import type { DestinationRuleSpecSubsets, DestinationRuleSpecSubsetsTrafficPolicy } from '../../../imports/networking.istio.io';
import { CANARY_SUBSET, ownership, STABLE_SUBSET } from '../../model/delivery';
import { ejectionFor, httpPorts } from '../../model/effective';
import type { MeshModel, ServiceNode, VersionNode } from '../../model/mesh-model';
import { oncePerModel } from '../../model/once';
import { type Json, defined } from '../json';
import { type Budget, type OutlierDetection, type Pool, connectionPool, loadBalancer, outlierDetection, retryBudget } from './traffic-policy';

export interface Inherited {
  readonly connectionPool?: Pool;
  readonly outlierDetection?: OutlierDetection;
  readonly retryBudget?: Budget;
}

/** Istio's default, said so that the block is there and replaces the service's. */
const NO_LIMITS: Pool = { tcp: { connectTimeout: '10s' } };
const NO_EJECTION: OutlierDetection = { consecutive5xxErrors: 0, consecutiveGatewayErrors: 0 };
const NO_BUDGET: Budget = { percent: 100, minRetryConcurrency: 4_294_967_295 };

/**
 * Every proxy that knows the service carries one more cluster a subset and port, so a lone version has a subset only where one is used.
 */
export function subsets(model: MeshModel, service: ServiceNode, inherited: Inherited): readonly Json<DestinationRuleSpecSubsets>[] {
  if (ownership(service)?.ownsWeights) {
    // The engine tells the pods of both apart by a label that it adds here.
    return [STABLE_SUBSET, CANARY_SUBSET].map((name) => ({ name, labels: service.selector }));
  }
  const used = usedSubsets(model).get(service.id);
  return service.versions
    .filter((version) => service.versions.length > 1 || used?.has(version.subset))
    .map((version) => defined<Json<DestinationRuleSpecSubsets>>({
      name: version.subset, labels: version.selector, trafficPolicy: subsetPolicy(service, version, inherited),
    }));
}

function subsetPolicy(service: ServiceNode, version: VersionNode, inherited: Inherited): Json<DestinationRuleSpecSubsetsTrafficPolicy> | undefined {
  const { loadBalancing, circuitBreaker } = version;
  if (loadBalancing === undefined && circuitBreaker === undefined) {
    return undefined;
  }
  const ejection = circuitBreaker && ejectionFor(circuitBreaker, service);
  return defined<Json<DestinationRuleSpecSubsetsTrafficPolicy>>({
    loadBalancer: loadBalancing && loadBalancer(loadBalancing),
    ...(circuitBreaker && {
      connectionPool: connectionPool(circuitBreaker.pool, httpPorts(service).length > 0) ?? (inherited.connectionPool && NO_LIMITS),
      outlierDetection: ejection ? outlierDetection(ejection) : inherited.outlierDetection && NO_EJECTION,
      retryBudget: circuitBreaker.retryBudget ? retryBudget(circuitBreaker.retryBudget) : inherited.retryBudget && NO_BUDGET,
    }),
  });
}

/** The subsets that splits and routes of the whole program name, by id of the service. */
const usedSubsets = oncePerModel((model): ReadonlyMap<string, ReadonlySet<string>> => {
  const used = new Map<string, Set<string>>();
  const note = (service: string, subset: string | undefined) => {
    if (subset !== undefined) {
      used.set(service, (used.get(service) ?? new Set()).add(subset));
    }
  };
  for (const { id, split, routes } of model.services) {
    Object.keys(split ?? {}).forEach((subset) => note(id, subset));
    for (const route of routes) {
      [...route.backends, ...route.mirrors].forEach(({ service, subset }) => note(service, subset));
    }
  }
  return used;
});
