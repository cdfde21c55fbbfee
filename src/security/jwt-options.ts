import type { Principal } from './principal';

/**
 * Which requests need a token.
 */
export interface JwtOptions {
  /**
   * Ports of the service.
   * @default - all that speak HTTP
   */
  readonly ports?: number[];
  /**
   * Paths that need no token, as in `AccessOptions.paths`.
   * @default - none
   */
  readonly publicPaths?: string[];
  /**
   * Callers that need none, by their identity.
   * @default - none: services of the mesh, too, must pass a token on
   */
  readonly exempt?: Principal[];
  /**
   * Claims, and the values of which a token must have one. Claims within claims are written `realm][roles`.
   * @default - none
   */
  readonly claims?: { [claim: string]: string[] };
  /**
   * Whether browsers may ask with OPTIONS, and without a token, what a page of another origin may do.
   * @default false
   */
  readonly corsPreflight?: boolean;
}
