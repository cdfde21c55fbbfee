/**
 * What the proxies of a program cost: the size of their configuration and their memory from what they are told, fitted on real proxies
 * (proxy-constants.ts), and their CPU from declared request rates.
 *
 * Not included: memory for connections and requests in flight, and what Istio's own metrics filter keeps for each pair of services, since
 * the Envoy on which the constants were measured lacks that filter.
 */
import { isMeshed } from './access';
import { MeshModel, ServiceNode } from './mesh-model';
import { AGENT_RESIDENT_BYTES, ALLOCATED_BYTES, CONFIG_BYTES, EMPTY_RESIDENT_BYTES, RESIDENT_PER_ALLOCATED } from './proxy-constants';
import { ProxyView, ProxyViews } from './proxy-view';

/**
 * Cores for 1,000 HTTP requests per second through one sidecar of 2 worker threads, at 1 KB a request: published for Istio 1.24 under
 * "Performance and Scalability" in Istio's documentation, not measured here.
 */
export const CORES_PER_1000_REQUESTS = 0.2;

export interface ProxySize {
  /** Bytes of the configuration dump without endpoints. */
  readonly configBytes: number;
  /** Bytes that Envoy's allocator hands out beyond those of a proxy that is told of nothing. */
  readonly beyondEmptyBytes: number;
  /** Resident bytes of Envoy and its agent. */
  readonly memoryBytes: number;
}

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

export interface MeshProxyCost {
  /** Those whose pods have proxies. */
  readonly services: readonly ServiceProxyCost[];
  readonly byService: ReadonlyMap<string, ServiceProxyCost>;
  readonly memoryBytes: number;
  readonly unscopedMemoryBytes: number;
  readonly cores: number;
  readonly memoryByNamespace: ReadonlyMap<string, number>;
}

/** The size of a proxy with this view of the mesh. */
export function proxySize(view: ProxyView, scoped: boolean): ProxySize {
  const features = { ...view, empty: 1, unscoped: scoped ? 0 : 1 };
  const sum = (costs: Readonly<Record<keyof typeof features, number>>): number =>
    (Object.keys(features) as (keyof typeof features)[]).reduce((total, feature) => total + costs[feature] * features[feature], 0);
  const beyondEmptyBytes = sum(ALLOCATED_BYTES) - ALLOCATED_BYTES.empty;
  return {
    configBytes: sum(CONFIG_BYTES),
    beyondEmptyBytes,
    memoryBytes: EMPTY_RESIDENT_BYTES + AGENT_RESIDENT_BYTES + beyondEmptyBytes * RESIDENT_PER_ALLOCATED,
  };
}

const KNOWN = new WeakMap<MeshModel, MeshProxyCost>();

/** Worked out once a model: pods' resources, budgets and the report ask for it. */
export function meshProxyCost(model: MeshModel): MeshProxyCost {
  const cost = KNOWN.get(model) ?? workOut(model);
  KNOWN.set(model, cost);
  return cost;
}

/** Services that only select pods of others have proxies too: who writes the pods does not matter, whether they are known does. */
function workOut(model: MeshModel): MeshProxyCost {
  const views = new ProxyViews(model);
  const unscoped = proxySize(views.unscoped(), false);
  const memoryByNamespace = new Map<string, number>();
  const services = model.services.filter(isMeshed).map((service): ServiceProxyCost => {
    const { view, scoped } = views.of(service);
    const proxy = proxySize(view, scoped);
    const pods = service.pods?.max ?? 1;
    const memoryBytes = pods * proxy.memoryBytes;
    const namespace = service.namespace ?? '';
    memoryByNamespace.set(namespace, (memoryByNamespace.get(namespace) ?? 0) + memoryBytes);
    return {
      service, view, scoped, proxy, pods, podsKnown: service.pods !== undefined, memoryBytes, unscopedMemoryBytes: pods * unscoped.memoryBytes,
      cores: cores(model, service),
    };
  });
  const total = (of: (cost: ServiceProxyCost) => number): number => services.reduce((sum, cost) => sum + of(cost), 0);
  return {
    services,
    byService: new Map(services.map((cost) => [cost.service.id, cost])),
    memoryBytes: total((cost) => cost.memoryBytes),
    unscopedMemoryBytes: total((cost) => cost.unscopedMemoryBytes),
    cores: total((cost) => cost.cores ?? 0),
    memoryByNamespace,
  };
}

/** A request passes the proxy of the service that serves it, and again for each call that it makes. */
function cores(model: MeshModel, service: ServiceNode): number | undefined {
  if (service.requestsPerSecond === undefined) {
    return undefined;
  }
  const calls = (model.callsFrom.get(service.id) ?? []).reduce((sum, call) => sum + call.times, 0);
  return service.requestsPerSecond * (1 + calls) * CORES_PER_1000_REQUESTS / 1000;
}
