import { refuse } from '../mesh/invalid';
import { acceptedName } from '../mesh/kubernetes-name';
import { refusedLabel } from '../model/names';
import { MigrationNode } from '../model/security';
import { ExceptionOptions, exceptionNode } from './exception';

/**
 * How far a mesh has come on its way to mutual TLS everywhere. Going one stage on, or back, is one edit. A stage that would cut off a
 * declared caller is refused.
 */
export class MtlsMigration {
  /** Proxies take plain and encrypted connections; nothing that callers do is refused. */
  public static permissive(): MtlsMigration {
    return new MtlsMigration({ stage: 'permissive', strictNamespaces: [], exceptions: [] });
  }

  /** The same, and what is still plain is asked of the proxies' metrics: nothing plain means that it is safe to go on. */
  public static permissiveWithProof(): MtlsMigration {
    return new MtlsMigration({ stage: 'permissive-with-proof', strictNamespaces: [], exceptions: [] });
  }

  /** These namespaces take only encrypted connections; all others stay permissive, with the proof. */
  public static strictFor(...namespaces: string[]): MtlsMigration {
    if (namespaces.length === 0) {
      refuse('MtlsMigration.strictFor', 'namespaces', namespaces, 'name at least one, or use MtlsMigration.permissiveWithProof()');
    }
    namespaces.forEach((name) => acceptedName('MtlsMigration.strictFor', 'namespaces', name, refusedLabel));
    return new MtlsMigration({ stage: 'strict-namespaces', strictNamespaces: [...new Set(namespaces)], exceptions: [] });
  }

  /** Only encrypted connections, everywhere. */
  public static strict(): MtlsMigration {
    return new MtlsMigration({ stage: 'strict', strictNamespaces: [], exceptions: [] });
  }

  /** Only encrypted connections, but for one namespace, which stays permissive. */
  public static strictExcept(namespace: string, exception: ExceptionOptions): MtlsMigration {
    return MtlsMigration.strict().exceptFor(namespace, exception);
  }

  private constructor(private readonly node: MigrationNode) {}

  /**
   * The same with one more namespace that stays permissive.
   * Throws at any stage but the strict one, where every namespace is either strict or permissive already.
   */
  public exceptFor(namespace: string, exception: ExceptionOptions): MtlsMigration {
    acceptedName('MtlsMigration.exceptFor', 'namespace', namespace, refusedLabel);
    if (this.node.stage !== 'strict') {
      refuse('MtlsMigration.exceptFor', 'namespace', namespace, `exceptions are for MtlsMigration.strict(); at the stage ${this.node.stage} name the strict ones`);
    }
    if (this.node.exceptions.some((one) => one.namespace === namespace)) {
      refuse('MtlsMigration.exceptFor', 'namespace', namespace, 'it is there already; give every exception once');
    }
    const node = exceptionNode('MtlsMigration.exceptFor', namespace, exception);
    return new MtlsMigration({ ...this.node, exceptions: [...this.node.exceptions, { ...node, namespace }] });
  }

  /** @internal */
  public _node(): MigrationNode {
    return this.node;
  }
}
