/** One DestinationRule for every service that takes connections. */
import type { DestinationRuleSpec, DestinationRuleSpecTrafficPolicy } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { ownership } from '../../model/delivery';
import { circuitBreakerFor, ejectionFor, httpPorts, loadBalancingFor } from '../../model/effective';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { type Json, defined, nonEmpty } from '../json';
import { DESTINATION_RULE, NETWORKING } from './api';
import { type Inherited, subsets } from './subsets';
import { connectionPool, loadBalancer, outlierDetection, retryBudget } from './traffic-policy';

type Spec = Json<DestinationRuleSpec>;
type TrafficPolicy = Json<DestinationRuleSpecTrafficPolicy>;

/**
 * Load balancing is always written. Ejection that is off is left out, which is off in Istio too, unless the mesh's own configuration has a
 * default for it: an explicit 0 would still make proxies prefer endpoints by place, which only ejection turns on.
 */
export const destinationRule: Resource<ServiceDeclaration, ServiceNode> = {
  id: DESTINATION_RULE,
  apiVersion: NETWORKING,
  kind: 'DestinationRule',
  exists: (declaration) => takesConnections(declaration) && !ownership(declaration)?.ownsPolicy,
  spec: (node, model): Spec => {
    const { whole, inherited } = trafficPolicy(model, node);
    return defined<Spec>({ host: node.host, trafficPolicy: whole, subsets: nonEmpty(subsets(model, node, inherited)) });
  },
};

/** What callers do with connections to a service, and the blocks of it that subsets inherit. */
export function trafficPolicy(model: MeshModel, node: ServiceNode): { readonly whole: TrafficPolicy; readonly inherited: Inherited } {
  const breaker = circuitBreakerFor(model, node);
  const ejection = ejectionFor(breaker, node);
  const inherited = {
    connectionPool: connectionPool(breaker.pool, httpPorts(node).length > 0),
    outlierDetection: ejection && outlierDetection(ejection),
    retryBudget: breaker.retryBudget && retryBudget(breaker.retryBudget),
  };
  return { whole: defined<TrafficPolicy>({ loadBalancer: loadBalancer(loadBalancingFor(model, node)), ...inherited }), inherited };
}

export function takesConnections(declaration: Pick<ServiceDeclaration, 'ports'>): boolean {
  return declaration.ports.some(({ protocol }) => protocol !== 'udp');
}
