import { refuse } from '../mesh/invalid';

/**
 * Parts of an external authorizer.
 */
export interface ExternalAuthorizerOptions {
  /**
   * Whether it speaks gRPC, so that it may decide about TCP connections, too.
   * @default false - it decides about HTTP requests alone
   */
  readonly connections?: boolean;
}

/**
 * A service that decides about requests, such as an Open Policy Agent. The mesh's own configuration names it and its address.
 */
export class ExternalAuthorizer {
  /**
   * The authorizer of this name in the mesh's own configuration.
   * @param name as in the mesh's configuration: for Istio an entry of `extensionProviders`. While there is none, every request that it
   * should decide about is refused.
   */
  public static provider(name: string, options: ExternalAuthorizerOptions = {}): ExternalAuthorizer {
    if (!/^[-.\w]+$/.test(name)) {
      refuse('ExternalAuthorizer.provider', 'name', name, 'give the name of a provider in the mesh\'s configuration: letters, digits, hyphens, dots');
    }
    return new ExternalAuthorizer(name, options.connections ?? false);
  }

  private constructor(private readonly name: string, private readonly connections: boolean) {}

  /** @internal */
  public _node() {
    return { provider: this.name, connections: this.connections };
  }
}

/**
 * Which requests an external authorizer decides about.
 */
export interface ExternalAuthorizationOptions {
  /**
   * Ports of the service.
   * @default - all that speak HTTP; all of them where the authorizer decides about connections
   */
  readonly ports?: number[];
  /**
   * Paths, as in `AccessOptions.paths`.
   * @default - all
   */
  readonly paths?: string[];
  /**
   * Paths that it is not asked about.
   * @default - none
   */
  readonly publicPaths?: string[];
}
