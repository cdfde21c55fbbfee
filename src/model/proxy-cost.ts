/**
 * What the proxies of a program cost: the size of their configuration and their memory from what they are told, and their CPU from declared
 * request rates, with the figures of its mesh (proxy-figures.ts).
 *
 * Not included: memory for connections and requests in flight, and what Istio's own metrics filter keeps for each pair of services, since
 * the Envoy on which the constants were measured lacks that filter.
 */
import { isMeshed } from './access';
import { MeshModel, ServiceNode } from './mesh-model';
import { PROXY_FIGURES, ProxySize } from './proxy-figures';
import { ProxyView, ProxyViews } from './proxy-view';

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
  const { size, coresPer1000Requests } = PROXY_FIGURES[model.mesh.provider];
  const unscoped = size(views.unscoped(), false);
  const memoryByNamespace = new Map<string, number>();
  const services = model.services.filter(isMeshed).map((service): ServiceProxyCost => {
    const { view, scoped } = views.of(service);
    const proxy = size(view, scoped);
    const pods = service.pods?.max ?? 1;
    const memoryBytes = pods * proxy.memoryBytes;
    const namespace = service.namespace ?? '';
    memoryByNamespace.set(namespace, (memoryByNamespace.get(namespace) ?? 0) + memoryBytes);
    return {
      service, view, scoped, proxy, pods, podsKnown: service.pods !== undefined, memoryBytes, unscopedMemoryBytes: pods * unscoped.memoryBytes,
      cores: cores(model, service, coresPer1000Requests),
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
function cores(model: MeshModel, service: ServiceNode, per1000Requests: number): number | undefined {
  if (service.requestsPerSecond === undefined) {
    return undefined;
  }
  const calls = (model.callsFrom.get(service.id) ?? []).reduce((sum, call) => sum + call.times, 0);
  return service.requestsPerSecond * (1 + calls) * per1000Requests / 1000;
}
