/**
 * What the callers of one namespace reach outside the cluster. Linkerd looks for the network of a destination among those of the caller's own
 * namespace, and takes the narrowest; so a namespace has one network for everything, and one for each external service that is known by
 * its addresses.
 */
import { isMeshed } from '../../model/access';
import { deadlineFor, reachable, retryFor } from '../../model/effective';
import type { ExternalNode, MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import { oncePerModel } from '../../model/once';
import { isHttp, isTls } from '../../model/protocol';
import { sealsEgress } from '../../model/security';
import type { Limits } from './limits';

/** The network for everything that no other network of the namespace is about. */
export const REST = 'rest';

export interface EgressNetworkPlan {
  readonly key: string;
  /** Undefined: all outside the cluster. */
  readonly networks?: readonly string[];
  readonly closed: boolean;
}

export interface EgressRoutePlan {
  readonly key: string;
  readonly kind: 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute';
  readonly network: string;
  readonly port: number;
  readonly hostnames: readonly string[];
  readonly limits: Limits;
}

export interface Egress {
  readonly networks: readonly EgressNetworkPlan[];
  readonly routes: readonly EgressRoutePlan[];
}

const NOTHING: Egress = Object.freeze({ networks: [], routes: [] });

/** What is written for the whole namespace stands with one of its services: the first that needs any of it. */
export function egressBy(model: MeshModel, service: ServiceNode): Egress {
  return byLeader(model).get(service.id) ?? NOTHING;
}

const byLeader = oncePerModel((model): ReadonlyMap<string, Egress> => {
  const namespaces = new Map<string, { leader: string; sealed: boolean; externals: Map<string, ExternalNode> }>();
  for (const service of model.services.filter((one) => isMeshed(one) && one.namespace !== undefined)) {
    const externals = reachable(model, service).flatMap((callee) => 'hosts' in callee ? [callee] : []);
    const sealed = sealsEgress(service);
    if (!sealed && externals.length === 0) {
      continue;
    }
    const place = namespaces.get(service.namespace!) ?? { leader: service.id, sealed, externals: new Map() };
    namespaces.set(service.namespace!, place);
    externals.forEach((external) => place.externals.set(external.id, external));
  }
  return new Map([...namespaces].map(([namespace, { leader, sealed, externals }]) => (
    [leader, egressOf(model, namespace, sealed, [...externals.values()])]
  )));
});

function egressOf(model: MeshModel, namespace: string, sealed: boolean, externals: readonly ExternalNode[]): Egress {
  const parts = externals.map((external) => partOf(model, namespace, sealed, external));
  const routes = parts.flatMap((part) => part.routes);
  const rest = sealed || routes.some(({ network }) => network === REST);
  return {
    networks: [...rest ? [{ key: REST, closed: sealed }] : [], ...parts.flatMap(({ networks }) => networks)],
    routes,
  };
}

function partOf(model: MeshModel, namespace: string, sealed: boolean, external: ExternalNode): Egress {
  const name = external.namespace === namespace ? external.name : `${external.namespace}-${external.name}`;
  const addressed = external.addresses.length > 0 && (sealed || external.ports.some(({ protocol }) => isHttp(protocol)));
  const network = addressed ? name : REST;
  const routes = external.ports.flatMap((port): EgressRoutePlan[] => {
    const kind = routeKind(model, port, sealed && !addressed);
    return kind === undefined ? [] : [{
      key: external.ports.length === 1 ? name : `${name}-${port.name}`, kind, network, port: port.number, hostnames: external.hosts,
      limits: { retry: retryFor(model, external), deadline: deadlineFor(model, external, undefined, undefined, port) },
    }];
  });
  return { networks: addressed ? [{ key: name, networks: external.addresses, closed: false }] : [], routes };
}

/** TLS tells its host only where nothing but the name opens a way out, and where the cluster has the version of TLSRoute that Linkerd reads. */
function routeKind(model: MeshModel, { protocol }: PortNode, byName: boolean): EgressRoutePlan['kind'] | undefined {
  if (isHttp(protocol)) {
    return protocol === 'grpc' ? 'GRPCRoute' : 'HTTPRoute';
  }
  return isTls(protocol) && byName && model.mesh.gatewayChannel === 'experimental' ? 'TLSRoute' : undefined;
}
