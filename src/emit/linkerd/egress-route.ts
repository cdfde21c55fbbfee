/** Requests and TLS connections to external services, told by the name of their host. */
import type { HttpRouteSpec } from '../../../imports/gateway.networking.k8s.io';
import type { Resource } from '../../model/contracts';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { POLICY_GROUP } from './api';
import { egressBy, type EgressRoutePlan } from './egress';
import { limitAnnotations, LIMITS } from './limits';

type Spec = Json<HttpRouteSpec>;

const VERSIONS: Readonly<Record<EgressRoutePlan['kind'], string>> = { HTTPRoute: 'v1', GRPCRoute: 'v1', TLSRoute: 'v1alpha2' };

export const egressRoutes = (['HTTPRoute', 'GRPCRoute', 'TLSRoute'] as const).map((kind): Resource<ServiceDeclaration, ServiceNode> => ({
  id: `Egress${kind}`,
  apiVersion: `gateway.networking.k8s.io/${VERSIONS[kind]}`,
  kind,
  nameOf: () => 'egress',
  exists: ({ meshed }) => meshed !== false,
  late: (node, model) => plans(node, model, kind).map(({ key }) => key),
  lateAnnotations: kind === 'TLSRoute' ? undefined : Object.fromEntries(LIMITS.map((name) => [
    name, (node: ServiceNode, model: MeshModel, key?: string) => limitAnnotations(planOf(node, model, kind, key).limits, kind)[name],
  ])),
  spec: (node, model, key): Spec => {
    const { network, port, hostnames } = planOf(node, model, kind, key);
    const target = { group: POLICY_GROUP, kind: 'EgressNetwork', name: `egress-${network}`, port };
    return { parentRefs: [target], hostnames, rules: [{ backendRefs: [target] }] };
  },
}));

function plans(node: ServiceNode, model: MeshModel, kind: EgressRoutePlan['kind']): readonly EgressRoutePlan[] {
  return egressBy(model, node).routes.filter((route) => route.kind === kind);
}

function planOf(node: ServiceNode, model: MeshModel, kind: EgressRoutePlan['kind'], key: string | undefined): EgressRoutePlan {
  return plans(node, model, kind).find((route) => route.key === key)!;
}
