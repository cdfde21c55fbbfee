import { Size } from 'cdk8s';
import { refuse } from '../mesh/invalid';
import { ProxyResourcesNode } from '../model/proxy-resources';

/**
 * Requests and limits of one proxy container.
 */
export interface ProxyResourceOptions {
  /**
   * CPU that is reserved, in cores.
   * @default 0.1 - what Istio's own installation asks for
   */
  readonly cpuRequest?: number;
  /**
   * CPU at most, in cores; the proxy runs as many worker threads.
   * @default 2 - what Istio's own installation allows
   */
  readonly cpuLimit?: number;
  /**
   * Memory that is reserved.
   * @default - what the proxy is predicted to need
   */
  readonly memoryRequest?: Size;
  /**
   * Memory at most; a proxy beyond it is killed, and its pod's requests with it.
   * @default - twice the request, 256 MiB at the least
   */
  readonly memoryLimit?: Size;
}

/**
 * Where the resources of a service's proxies come from.
 */
export class ProxyResources {
  /** From what the proxy is told, predicted by constants that were measured on real proxies, and from the declared request rate. */
  public static predicted(): ProxyResources {
    return new ProxyResources({ kind: 'predicted' });
  }

  /** From these figures; what is left out is predicted. */
  public static of(options: ProxyResourceOptions): ProxyResources {
    const positive = (property: string, value: number | undefined): number | undefined =>
      value === undefined || value > 0 ? value : refuse('ProxyResources.of', property, value, 'give more than 0');
    const bytes = (property: string, size: Size | undefined): number | undefined => positive(property, size && size.toKibibytes() * 1024);
    const stated = {
      cpuRequest: positive('cpuRequest', options.cpuRequest),
      cpuLimit: positive('cpuLimit', options.cpuLimit),
      memoryRequest: bytes('memoryRequest', options.memoryRequest),
      memoryLimit: bytes('memoryLimit', options.memoryLimit),
    };
    for (const [request, limit] of [['cpuRequest', 'cpuLimit'], ['memoryRequest', 'memoryLimit']] as const) {
      if (stated[request] !== undefined && stated[limit] !== undefined && stated[request] > stated[limit]) {
        refuse('ProxyResources.of', limit, stated[limit], `give ${stated[request]} or more, which ${request} reserves`);
      }
    }
    return new ProxyResources({ kind: 'stated', ...stated });
  }

  /** As the mesh's installation says; nothing is written. */
  public static installation(): ProxyResources {
    return new ProxyResources({ kind: 'installation' });
  }

  private constructor(private readonly node: ProxyResourcesNode) {}

  /** @internal */
  public _node(): ProxyResourcesNode {
    return this.node;
  }
}
