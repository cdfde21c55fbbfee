/** What Istio's security resources have in common. */
import { identities } from '../../model/access';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { enforcementIn, type PrincipalNode } from '../../model/security';
import { podLabels } from './source';

export const SECURITY = 'security.istio.io/v1';

/** Proxies then only count what the policy would refuse. */
export const DRY_RUN = 'istio.io/dry-run';

export function selector(service: ServiceNode) {
  return { selector: { matchLabels: podLabels(service) } };
}

/** Policies are for proxies, and pods outside the mesh have none. */
export function hasProxies(declaration: Pick<ServiceDeclaration, 'meshed'>): boolean {
  return declaration.meshed !== false;
}

/** Whether the policy about a service is one that only counts. */
export function isAudited({ zeroTrust, namespace }: Pick<ServiceDeclaration, 'zeroTrust' | 'namespace'>): boolean {
  return zeroTrust !== undefined && namespace !== undefined && enforcementIn(zeroTrust, namespace) === 'audit';
}

export interface Source {
  readonly principals?: readonly string[];
  readonly notPrincipals?: readonly string[];
  readonly ipBlocks?: readonly string[];
  readonly remoteIpBlocks?: readonly string[];
}

/** Undefined: whoever it is; an empty list: nobody that there is. */
export function sources(model: MeshModel, principals: readonly PrincipalNode[]): readonly Source[] | undefined {
  if (principals.some(({ kind }) => kind === 'anyone')) {
    return undefined;
  }
  const named = [...new Set(principals.flatMap((principal) => identities(model, principal)))].sort();
  const networks = principals.flatMap((principal): Source[] => principal.kind !== 'addresses' ? []
    : [principal.forwarded ? { remoteIpBlocks: principal.blocks } : { ipBlocks: principal.blocks }]);
  return [...named.length === 0 ? [] : [{ principals: named }], ...networks];
}
