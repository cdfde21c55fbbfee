/** Callers as Linkerd knows them: by the account in their certificate, or by the network they come from. */
import type { MeshTlsAuthenticationSpec, NetworkAuthenticationSpec } from '../../../imports/policy.linkerd.io';
import type { MeshModel } from '../../model/mesh-model';
import type { PrincipalNode } from '../../model/security';
import type { Json } from '../json';

export type MeshTls = Json<MeshTlsAuthenticationSpec>;
export type Networks = Json<NetworkAuthenticationSpec>;

type IdentityRef = NonNullable<MeshTls['identityRefs']>[number];

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** Undefined: nobody is known by an identity. References follow the mesh's own trust domain; those of others are spelt out. */
export function meshTls(model: MeshModel, principals: readonly PrincipalNode[]): MeshTls | undefined {
  const { trustDomain, trustDomainAliases = [] } = model.mesh;
  if (principals.some(({ kind }) => kind === 'workload')) {
    return { identities: ['*'] };
  }
  const foreign = principals.some((principal) => principal.kind === 'account' && (principal.trustDomain ?? trustDomain) !== trustDomain);
  if (foreign || trustDomainAliases.length > 0) {
    const names = principals.flatMap((principal) => spelt(model, principal, [trustDomain, ...trustDomainAliases]));
    return names.length === 0 ? undefined : { identities: [...new Set(names)].sort() };
  }
  const refs = new Map(principals.flatMap((principal) => references(model, principal)).map((ref) => [JSON.stringify(ref), ref]));
  return refs.size === 0 ? undefined : { identityRefs: [...refs.keys()].sort().map((key) => refs.get(key)!) };
}

/** Undefined: nobody is known by a network. */
export function networks(principals: readonly PrincipalNode[]): Networks | undefined {
  const blocks = principals.flatMap((principal) => principal.kind === 'anyone' ? EVERYWHERE
    : principal.kind === 'addresses' && !principal.forwarded ? principal.blocks : []);
  return blocks.length === 0 ? undefined : { networks: [...new Set(blocks)].map((cidr) => ({ cidr })) };
}

function references(model: MeshModel, principal: PrincipalNode): readonly IdentityRef[] {
  switch (principal.kind) {
    case 'service': {
      const service = model.serviceById.get(principal.service);
      return service?.namespace === undefined ? [] : service.accounts.map((name) => account(service.namespace!, name));
    }
    case 'account': return [account(principal.namespace, principal.account)];
    case 'namespace': return [{ kind: 'Namespace', name: principal.namespace }];
    case 'workload':
    case 'anyone':
    case 'addresses':
      return [];
  }
}

function account(namespace: string, name: string): IdentityRef {
  return { kind: 'ServiceAccount', namespace, name };
}

/** The names in certificates: `account.namespace.serviceaccount.identity.linkerd.cluster.local`. */
function spelt(model: MeshModel, principal: PrincipalNode, domains: readonly string[]): readonly string[] {
  const { systemNamespace } = model.mesh;
  const name = (who: string, domain: string) => `${who}.serviceaccount.identity.${systemNamespace}.${domain}`;
  if (principal.kind === 'account' && principal.trustDomain !== undefined) {
    return [name(`${principal.account}.${principal.namespace}`, principal.trustDomain)];
  }
  return references(model, principal).flatMap((ref) => domains.map((domain) => name(ref.kind === 'Namespace' ? `*.${ref.name}` : `${ref.name}.${ref.namespace}`, domain)));
}
