/** Requests and limits of proxies: stated, or written from what they are predicted to need. */
import { MeshModel, ServiceNode } from './mesh-model';
import { ServiceProxyCost, meshProxyCost } from './proxy-cost';

/** CPU in cores, memory in bytes. */
export type ProxyResourcesNode =
  | { readonly kind: 'predicted' | 'installation' }
  | {
    readonly kind: 'stated';
    readonly cpuRequest?: number;
    readonly cpuLimit?: number;
    readonly memoryRequest?: number;
    readonly memoryLimit?: number;
  };

export interface ProxyResourceFigures {
  readonly cpuRequest: number;
  readonly cpuLimit: number;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

const MIB = 1024 ** 2;
/** Istio's own installation asks for 0.1 cores and allows 2 (manifests/charts/istio-control/istio-discovery, `global.proxy.resources`). */
const LEAST_CORES = 0.1;
const CORES_LIMIT = 2;
/** Room above the prediction for what it leaves out: connections, requests in flight, metrics. */
const RESERVE = 1.2;
const LEAST_LIMIT = 256 * MIB;

/** Undefined: as the mesh's installation says, or there is no proxy. */
export function proxyResources(model: MeshModel, service: ServiceNode): ProxyResourceFigures | undefined {
  const said = service.proxyResources ?? { kind: 'predicted' };
  const cost = meshProxyCost(model).byService.get(service.id);
  if (said.kind === 'installation' || cost === undefined) {
    return undefined;
  }
  const stated = said.kind === 'stated' ? said : {} as Partial<ProxyResourceFigures>;
  const memoryRequest = stated.memoryRequest ?? Math.min(stated.memoryLimit ?? Infinity, wholeMebibytes(cost.proxy.memoryBytes * RESERVE, 16));
  const cpuRequest = stated.cpuRequest ?? Math.min(stated.cpuLimit ?? Infinity, coresOfOne(cost));
  return {
    cpuRequest,
    cpuLimit: stated.cpuLimit ?? Math.max(CORES_LIMIT, cpuRequest),
    memoryRequest,
    memoryLimit: stated.memoryLimit ?? Math.max(LEAST_LIMIT, 2 * memoryRequest),
  };
}

/** The declared rate is shared by as many pods as run at least. */
function coresOfOne({ cores, service }: ServiceProxyCost): number {
  const pods = Math.max(1, service.pods?.min ?? 1);
  return Math.max(LEAST_CORES, Math.ceil((cores ?? 0) / pods * 100) / 100);
}

function wholeMebibytes(bytes: number, step: number): number {
  return Math.ceil(bytes / MIB / step) * step * MIB;
}
