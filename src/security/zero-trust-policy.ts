import { Construct } from 'constructs';
import { refuse } from '../mesh/invalid';
import type { ServiceMember } from '../mesh/members';
import type { Mesh } from '../mesh/mesh';
import { materialize } from '../mesh/objects';
import { GatewayPodsNode, PolicyNamespaceNode, ZeroTrustNode } from '../model/security';
import { MigrationProof } from './migration-proof';
import { MtlsMigration } from './mtls-migration';
import { ZeroTrustScope } from './zero-trust-scope';

/**
 * Whether what is not allowed is refused.
 */
export enum AuthorizationMode {
  /** Refused where a namespace is strict, only counted where it is permissive. */
  BY_STAGE = 'by-stage',
  /** Refused everywhere: plain callers, too, since they have no identity. */
  ENFORCE = 'enforce',
  /** Only counted by the proxies, never refused. */
  AUDIT = 'audit',
}

/**
 * Parts of a zero trust policy.
 */
export interface ZeroTrustPolicyProps {
  /** The mesh whose services it protects. */
  readonly mesh: Mesh;
  /**
   * Where it holds. No namespace may have two policies.
   * @default ZeroTrustScope.program() - every namespace in which the program has a service
   */
  readonly scope?: ZeroTrustScope;
  /**
   * How far the way to mutual TLS has been gone.
   * @default MtlsMigration.strict()
   */
  readonly mtls?: MtlsMigration;
  /**
   * How a stage of that way shows that it is safe to go on.
   * @default MigrationProof.query()
   */
  readonly proof?: MigrationProof;
  /**
   * Whether what is not allowed is refused.
   * @default AuthorizationMode.BY_STAGE
   */
  readonly authorization?: AuthorizationMode;
  /**
   * Whether Kubernetes NetworkPolicies stand beside the mesh's own, so that a pod without its proxy, and ports that the proxy does not
   * take, are closed by the network itself. They are written where refusals are enforced.
   * @default true
   */
  readonly networkPolicies?: boolean;
  /**
   * Whether a call that nobody declared cannot leave the proxy: only declared services and ExternalServices are reached. Where refusals
   * are enforced.
   * @default true
   */
  readonly sealEgress?: boolean;
  /**
   * Whether services with rules about paths refuse paths with encoded slashes (`%2F`, `%5C`), and read repeated slashes as one: what such
   * a path means to the application and to the proxy may differ, and with it what the rule lets through.
   * @default true
   */
  readonly refuseEncodedSlashes?: boolean;
}

/**
 * Refuses every call that nobody declared. Each service is closed, and opened again to the services that declare to call it and to those
 * that it allows by itself; who calls must prove an identity of the mesh.
 */
export class ZeroTrustPolicy extends Construct {
  /** @internal */
  public readonly _declaration: ZeroTrustNode;
  private readonly mesh: Mesh;

  /**
   * Throws when another policy of the mesh is about one of its namespaces.
   */
  public constructor(scope: Construct, id: string, props: ZeroTrustPolicyProps) {
    super(scope, id);
    this.mesh = props.mesh;
    const { _members: members, _registry: registry } = props.mesh;
    this._declaration = Object.freeze({
      origin: this.node.path,
      scope: (props.scope ?? ZeroTrustScope.program())._node(),
      migration: (props.mtls ?? MtlsMigration.strict())._node(),
      proof: (props.proof ?? MigrationProof.query())._node(),
      enforcement: `${props.authorization ?? AuthorizationMode.BY_STAGE}`,
      networkPolicies: props.networkPolicies ?? true,
      sealEgress: props.sealEgress ?? true,
      refuseEncodedSlashes: props.refuseEncodedSlashes ?? true,
    });
    members.policies.forEach((other) => this.refuseOverlap(other._declaration));
    members.addPolicy(this);
    registry.bump();
    this.writeScope();
    this.node.addValidation(registry.validation(this.node.path));
  }

  private refuseOverlap(other: ZeroTrustNode): void {
    const [own, theirs] = [this._declaration.scope, other.scope];
    if (own.kind !== 'namespaces' || theirs.kind !== 'namespaces') {
      const wide = own.kind === 'namespaces' ? theirs.kind : own.kind;
      refuse(this, 'scope', wide, `${other.origin} is a policy of the same mesh, and each namespace has one: name the namespaces of both`);
    }
    const both = own.namespaces.find((name) => theirs.namespaces.includes(name));
    if (both !== undefined) {
      refuse(this, 'scope', both, `${other.origin} is about that namespace already; each namespace has one policy`);
    }
  }

  private writeScope(): void {
    const { scope, migration } = this._declaration;
    const { systemNamespace } = this.mesh._node;
    if (scope.kind === 'namespaces') {
      if (scope.namespaces.includes(systemNamespace)) {
        refuse(this, 'scope', systemNamespace, 'policies in the namespace of the control plane hold in the whole mesh; use ZeroTrustScope.wholeMesh');
      }
      scope.namespaces.forEach((name) => this.write(name));
      return;
    }
    if (scope.kind === 'mesh') {
      this.write(systemNamespace, { root: true });
      scope.gateways.forEach((gateway, index) => this.write(gateway.namespace, { gateway, id: `_gateway-${index}` }));
      [...migration.strictNamespaces, ...migration.exceptions.map(({ namespace }) => namespace)].forEach((name) => this.write(name));
    }
    this.mesh._members.eachService(({ _declaration: { namespace, zeroTrust } }: ServiceMember) => {
      if (namespace !== undefined && zeroTrust !== undefined) {
        this.write(namespace);
      }
    });
  }

  private write(name: string, more: { root?: boolean; gateway?: GatewayPodsNode; id?: string } = {}): void {
    // No namespace has an underscore in its name.
    const id = more.id ?? (more.root ? '_mesh' : name);
    if (this.node.tryFindChild(id) !== undefined) {
      return;
    }
    const { _emitter: emitter, _node: mesh, _registry: registry } = this.mesh;
    const declaration: PolicyNamespaceNode = Object.freeze({
      name, origin: this.node.path, policy: this._declaration, root: more.root ?? false, gateway: more.gateway,
    });
    materialize(emitter.policy, { construct: new Construct(this, id), declaration, namespace: name, mesh, registry, node: () => declaration });
  }
}
