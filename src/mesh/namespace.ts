import { Construct } from 'constructs';
import { NamespaceDeclaration } from '../model/mesh-model';
import { refusedLabel } from '../model/names';
import { acceptedLabels, acceptedName } from './kubernetes-name';
import { Mesh } from './mesh';
import { materialize } from './objects';

/**
 * Parts of a namespace.
 */
export interface MeshNamespaceProps {
  /** The mesh whose proxies its pods get. */
  readonly mesh: Mesh;
  /**
   * Name of the namespace.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * Labels beside those that the mesh needs.
   * @default - none
   */
  readonly labels?: { [name: string]: string };
}

/**
 * A namespace of the mesh, with the label that gives its pods a proxy.
 */
export class MeshNamespace extends Construct {
  /** Name of the namespace. */
  public readonly namespaceName: string;
  /** @internal */
  public readonly _declaration: NamespaceDeclaration;

  /** Throws on a name or label that Kubernetes refuses. */
  public constructor(scope: Construct, id: string, props: MeshNamespaceProps) {
    super(scope, id);
    this.namespaceName = props.name ?? id;
    acceptedName(this, 'name', this.namespaceName, refusedLabel);
    const labels = acceptedLabels(this, 'labels', props.labels);
    this._declaration = Object.freeze({ origin: this.node.path, name: this.namespaceName, labels, injected: true });
    const registry = props.mesh._registry;
    props.mesh._members.addNamespace(this);
    registry.bump();
    materialize(props.mesh._emitter.namespace, {
      construct: this, declaration: this._declaration, mesh: props.mesh._node, registry, node: () => this._declaration,
    });
    this.node.addValidation(registry.validation(this.node.path));
  }
}
