/**
 * What the proxies of a program cost: the size of their configuration and their memory from what they are told, and their CPU from declared
 * request rates, with the figures of its mesh (proxy-figures.ts).
 *
 * Not included: memory for connections and requests in flight, and what Istio's own metrics filter keeps for each pair of services, since
 * the Envoy on which the constants were measured lacks that filter.
 */
import { isMeshed } from './access';
import { dataPlaneOf, isAmbient } from './data-plane';
import { grouped } from './grouped';
import { ExternalNode, MeshModel, ServiceNode } from './mesh-model';
import { onceWhileJudged } from './once';
import { PROXY_FIGURES, ProxySize, sidecarSize, WAYPOINT_CORES } from './proxy-figures';
import { ProxyView, ProxyViews } from './proxy-view';
import { externalHasWaypoint, hasWaypoint } from './waypoint';

export interface ServiceProxyCost {
  readonly service: ServiceNode;
  readonly view: ProxyView;
  readonly scoped: boolean;
  readonly proxy: ProxySize;
  /** Pods at most; 1 where nobody knows. */
  readonly pods: number;
  readonly podsKnown: boolean;
  readonly memoryBytes: number;
  /** The same if the service's proxies had no egress scope. */
  readonly unscopedMemoryBytes: number;
  /** Cores at the busiest time; undefined where no request rate is declared. */
  readonly cores?: number;
}

/** A proxy that stands before services of one namespace. */
export interface WaypointCost {
  readonly namespace: string;
  /** Ids of those that it stands before. */
  readonly services: readonly string[];
  readonly memoryBytes: number;
  /** Cores at the busiest time; undefined where no request rate is declared. */
  readonly cores?: number;
}

export interface MeshProxyCost {
  readonly waypoints: readonly WaypointCost[];
  /** Cores of the proxies of all nodes at the busiest time, for each service whose pods have no proxies of their own. */
  readonly nodeCores: readonly { readonly service: ServiceNode; readonly cores: number }[];
  /** Those whose pods have proxies of their own. */
  readonly services: readonly ServiceProxyCost[];
  readonly byService: ReadonlyMap<string, ServiceProxyCost>;
  readonly memoryBytes: number;
  readonly unscopedMemoryBytes: number;
  readonly cores: number;
  readonly memoryByNamespace: ReadonlyMap<string, number>;
}

/**
 * Pods' resources, budgets and the report ask for it. Services that only select pods of others have proxies too: who writes the pods does not
 * matter, whether they are known does.
 */
export const meshProxyCost = onceWhileJudged((model): MeshProxyCost => {
  const views = new ProxyViews(model);
  const meshed = model.services.filter(isMeshed);
  const services = meshed.filter(({ namespace }) => !isAmbient(model.mesh, namespace)).map((service) => ofSidecars(model, views, service));
  const waypoints = waypointsOf(model, views);
  const memoryByNamespace = new Map<string, number>();
  const all = [...services.map(({ service, memoryBytes }) => [service.namespace ?? '', memoryBytes] as const),
    ...waypoints.map(({ namespace, memoryBytes }) => [namespace, memoryBytes] as const)];
  all.forEach(([namespace, memoryBytes]) => memoryByNamespace.set(namespace, (memoryByNamespace.get(namespace) ?? 0) + memoryBytes));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  const ofWaypoints = sum(waypoints.map(({ memoryBytes }) => memoryBytes));
  const without = meshed.filter(({ namespace }) => isAmbient(model.mesh, namespace));
  const nodeCores = without.map((service) => ({ service, cores: cores(model, service) ?? 0 }));
  return {
    services,
    waypoints,
    nodeCores,
    byService: new Map(services.map((cost) => [cost.service.id, cost])),
    memoryBytes: sum(services.map((cost) => cost.memoryBytes)) + ofWaypoints,
    unscopedMemoryBytes: sum(services.map((cost) => cost.unscopedMemoryBytes)) + ofWaypoints,
    cores: sum([...services, ...waypoints].map((cost) => cost.cores ?? 0)) + sum(nodeCores.map((cost) => cost.cores)),
    memoryByNamespace,
  };
});

function ofSidecars(model: MeshModel, views: ProxyViews, service: ServiceNode): ServiceProxyCost {
  const { size } = PROXY_FIGURES[dataPlaneOf(model.mesh, service.namespace)];
  const { view, scoped } = views.of(service);
  const proxy = size(view, scoped);
  const pods = service.pods?.max ?? 1;
  return {
    service, view, scoped, proxy, pods, podsKnown: service.pods !== undefined, memoryBytes: pods * proxy.memoryBytes,
    unscopedMemoryBytes: pods * size(views.unscoped(), false).memoryBytes,
    cores: cores(model, service),
  };
}

/** A waypoint is an Envoy with an agent, as a sidecar is, and is told of what it stands before alone. */
function waypointsOf({ mesh, services, externals }: MeshModel, views: ProxyViews): readonly WaypointCost[] {
  const members: readonly (ServiceNode | ExternalNode)[] = [
    ...services.filter((service) => hasWaypoint(service, mesh)), ...externals.filter((external) => externalHasWaypoint(external, mesh)),
  ];
  return [...grouped(members, ({ namespace = '' }) => namespace)].map(([namespace, all]): WaypointCost => {
    const rates = all.flatMap((one) => 'host' in one && one.requestsPerSecond !== undefined ? [one.requestsPerSecond] : []);
    const ids = all.map(({ id }) => id);
    return {
      namespace, services: ids, memoryBytes: sidecarSize(views.together(all), true).memoryBytes,
      cores: rates.length === 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0) * WAYPOINT_CORES / 1000,
    };
  });
}

/** A request passes the proxy of the service that serves it, and again for each call that it makes. */
function cores(model: MeshModel, service: ServiceNode): number | undefined {
  if (service.requestsPerSecond === undefined) {
    return undefined;
  }
  const calls = (model.callsFrom.get(service.id) ?? []).reduce((sum, call) => sum + call.times, 0);
  return service.requestsPerSecond * (1 + calls) * PROXY_FIGURES[dataPlaneOf(model.mesh, service.namespace)].coresPer1000Requests / 1000;
}
