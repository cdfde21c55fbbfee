import { EgressScopeKind } from '../model/mesh-model';

/**
 * What the proxies of a service are told about. A proxy that knows only what its service calls needs a fraction of the memory; but
 * a call that nobody declared then goes out as if to a stranger, without the mesh's encryption, routes and retries.
 */
export class EgressScope {
  /** Only the declared calls, and what their routes lead to. */
  public static declared(): EgressScope {
    return new EgressScope('declared');
  }

  /** The declared calls and every service of the service's own namespace. */
  public static namespace(): EgressScope {
    return new EgressScope('namespace');
  }

  /** Every service of the mesh, as the mesh itself would do. */
  public static everything(): EgressScope {
    return new EgressScope('everything');
  }

  private constructor(private readonly kind: EgressScopeKind) {}

  /** @internal */
  public _kind(): EgressScopeKind {
    return this.kind;
  }
}
