import { refuse } from '../mesh/invalid';
import { acceptedLabels, acceptedName } from '../mesh/kubernetes-name';
import { refusedLabel } from '../model/names';
import { GatewayPodsNode, PolicyScopeNode } from '../model/security';

/**
 * Pods of an ingress gateway.
 */
export interface GatewayPods {
  /** Their namespace. */
  readonly namespace: string;
  /** Labels that only they carry, for instance `istio: ingressgateway`. */
  readonly labels: { [name: string]: string };
}

/**
 * Parts of a policy for the whole mesh.
 */
export interface WholeMeshOptions {
  /**
   * The ingress gateways of the mesh. A denial for the whole mesh is one for them, too; so each is opened to everybody again, and decides
   * with its own policies. Name all of them, also those of other programs; an empty list says that there are none.
   */
  readonly gateways: GatewayPods[];
}

/**
 * Where a policy holds.
 */
export class ZeroTrustScope {
  /** In every namespace in which the program has a service, and in no other. */
  public static program(): ZeroTrustScope {
    return new ZeroTrustScope({ kind: 'program' });
  }

  /** In these namespaces. */
  public static namespaces(...names: string[]): ZeroTrustScope {
    if (names.length === 0) {
      refuse('ZeroTrustScope.namespaces', 'names', names, 'name at least one, or use ZeroTrustScope.program()');
    }
    names.forEach((name) => acceptedName('ZeroTrustScope.namespaces', 'names', name, refusedLabel));
    return new ZeroTrustScope({ kind: 'namespaces', namespaces: [...new Set(names)] });
  }

  /**
   * In the whole mesh: also in namespaces that this program knows nothing of, and whose services are closed until somebody allows their
   * callers.
   */
  public static wholeMesh(options: WholeMeshOptions): ZeroTrustScope {
    const gateways = options.gateways.map(({ namespace, labels }, index): GatewayPodsNode => {
      const property = `gateways[${index}]`;
      acceptedName('ZeroTrustScope.wholeMesh', `${property}.namespace`, namespace, refusedLabel);
      if (Object.keys(labels).length === 0) {
        refuse('ZeroTrustScope.wholeMesh', `${property}.labels`, labels, 'name at least one: without any, every pod of the namespace would be open');
      }
      return { namespace, labels: acceptedLabels('ZeroTrustScope.wholeMesh', `${property}.labels`, labels) };
    });
    return new ZeroTrustScope({ kind: 'mesh', gateways });
  }

  private constructor(private readonly node: PolicyScopeNode) {}

  /** @internal */
  public _node(): PolicyScopeNode {
    return this.node;
  }
}
