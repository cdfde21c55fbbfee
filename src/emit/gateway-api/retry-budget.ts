/** How many retries a service may get beside its requests. The experimental channel says it of Services, so of each version's, too. */
import type { XBackendTrafficPolicySpec } from '../../../imports/gateway.networking.x-k8s.io';
import type { Resource } from '../../model/contracts';
import { serviceNames } from '../../model/delivery';
import type { MeshNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { RetryBudget } from '../../model/policy';
import type { Json } from '../json';
import { serviceNamesOf } from './version-service';

export const retryBudget: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'XBackendTrafficPolicy',
  apiVersion: 'gateway.networking.x-k8s.io/v1alpha1',
  kind: 'XBackendTrafficPolicy',
  exists: (declaration, mesh) => mesh.gatewayChannel === 'experimental' && declaration.ports.length > 0 && budgetOf(declaration, mesh) !== undefined,
  spec: (node, { mesh }): Json<XBackendTrafficPolicySpec> => {
    const { percent, minConcurrency } = budgetOf(node, mesh)!;
    return {
      targetRefs: [...new Set([...serviceNamesOf(node), ...serviceNames(node)])].map((name) => ({ group: '', kind: 'Service', name })),
      // Istio reads the least rate as the number of retries that are always allowed.
      retryConstraint: { budget: { percent: Math.round(percent), interval: '10s' }, minRetryRate: { count: minConcurrency, interval: '1s' } },
    };
  },
};

function budgetOf({ circuitBreaker }: Pick<ServiceDeclaration, 'circuitBreaker'>, { defaults }: MeshNode): RetryBudget | undefined {
  return (circuitBreaker ?? defaults.circuitBreaker).retryBudget;
}
