import { ICallee } from '../mesh/callee';
import { refuse, wholeNumber, wholePercent } from '../mesh/invalid';

/**
 * Parts of a backend.
 */
export interface BackendOptions {
  /**
   * Share of the route's requests in whole percent; the shares of a route add up to 100.
   * @default 100
   */
  readonly weight?: number;
  /**
   * Port of the service.
   * @default - its only port, or the port that the request came for
   */
  readonly port?: number;
}

/**
 * Parts of a backend that is another service.
 */
export interface ServiceBackendOptions extends BackendOptions {
  /**
   * Subset of that service.
   * @default - all its pods
   */
  readonly subset?: string;
}

/**
 * Who answers a route's requests, and with which share.
 */
export class RouteBackend {
  /** A subset of the route's own service. */
  public static subset(name: string, options: BackendOptions = {}): RouteBackend {
    return new RouteBackend(undefined, name, options);
  }

  /** Another service of the mesh, for instance the one that replaces this one. */
  public static service(target: ICallee, options: ServiceBackendOptions = {}): RouteBackend {
    return new RouteBackend(target, options.subset, options);
  }

  private readonly weight: number;

  private constructor(
    private readonly target: ICallee | undefined, private readonly subsetName: string | undefined, private readonly options: BackendOptions,
  ) {
    this.weight = wholePercent('RouteBackend', 'weight', options.weight ?? 100);
    if (subsetName === '') {
      refuse('RouteBackend', 'subset', subsetName, 'give the name of a subset');
    }
    if (options.port !== undefined) {
      wholeNumber('RouteBackend', 'port', options.port, 1, 65535);
    }
  }

  /** @internal */
  public get _target(): ICallee | undefined {
    return this.target;
  }

  /** @internal */
  public _node(owner: string) {
    return { service: this.target?.calleeId ?? owner, subset: this.subsetName, port: this.options.port, weight: this.weight };
  }
}
