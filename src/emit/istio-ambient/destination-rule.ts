/** What a waypoint does with the connections to a service: it reads the same DestinationRules as a sidecar. */
import type { DestinationRuleSpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { ownership } from '../../model/delivery';
import { circuitBreakerFor, loadBalancingFor } from '../../model/effective';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { hasSidecars, isPoliced } from '../../model/waypoint';
import { declaredSubset, versionServiceName } from '../gateway-api/version-service';
import { deliveredPolicies as ofEngines } from '../istio/delivered-policy';
import { destinationRule as ofSidecars, takesConnections, trafficPolicy } from '../istio/destination-rule';
import type { Json } from '../json';

type Spec = Json<DestinationRuleSpec>;

/**
 * Versions are Services of their own, so each has a rule with what it says itself, and with what the service says of the rest. Subsets are only for
 * the routes of services that still have sidecars.
 */
export const destinationRule: Resource<ServiceDeclaration, ServiceNode> = {
  ...ofSidecars,
  exists: (declaration, mesh) => isPoliced(declaration, mesh) && ofSidecars.exists(declaration, mesh),
  further: ({ versions }) => versions.length > 1 ? versions.map(declaredSubset) : [],
  spec: (node, model, key): Spec => {
    if (key === undefined) {
      return hasSidecars(model.mesh) ? ofSidecars.spec!(node, model) as Spec
        : { host: node.host, trafficPolicy: trafficPolicy(model, lone(node, model) ?? node).whole };
    }
    const host = `${versionServiceName(node.name, key)}${node.host.slice(node.name.length)}`;
    return { host, trafficPolicy: trafficPolicy(model, asVersion(node, model, key)).whole };
  },
};

/** Beside an HTTPRoute Flagger writes no policy, so both of its Services are given the service's own. */
export const deliveredPolicies: readonly Resource<ServiceDeclaration, ServiceNode>[] = ofEngines.map((resource) => ({
  ...resource,
  exists: (declaration, mesh) => isPoliced(declaration, mesh) && takesConnections(declaration) && ownership(declaration)?.ownsPolicy === true,
  spec: (node, model) => resource.spec!(lone(node, model) ?? node, model),
}));

/** A version that is the only one is the service itself. */
function lone(node: ServiceNode, model: MeshModel): ServiceNode | undefined {
  return node.versions.length === 1 ? asVersion(node, model, declaredSubset(node.versions[0])) : undefined;
}

function asVersion(node: ServiceNode, model: MeshModel, key: string): ServiceNode {
  const version = node.versions.find((one) => declaredSubset(one) === key);
  return {
    ...node,
    circuitBreaker: version?.circuitBreaker ?? circuitBreakerFor(model, node),
    loadBalancing: version?.loadBalancing ?? loadBalancingFor(model, node),
  };
}
