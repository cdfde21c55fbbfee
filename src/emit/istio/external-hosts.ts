/** Istio's rules are for one host each, so an external service with several hosts takes several objects. */
import type { ExternalDeclaration } from '../../model/mesh-model';

/** Keys of the objects for the second and every further host: the host as a name of Kubernetes may hold it. */
export function furtherHosts(external: ExternalDeclaration): readonly string[] {
  return external.hosts.slice(1).map(keyOf);
}

/** The host that the object with this key is for. */
export function hostOf(external: ExternalDeclaration, key: string | undefined): string {
  return external.hosts.slice(1).find((host) => keyOf(host) === key) ?? external.hosts[0];
}

/** `*.` becomes `any.`: names hold no asterisk, and `any` cannot be taken for another host of the list by accident alone. */
function keyOf(host: string): string {
  return host.replace(/^\*\./, 'any.');
}

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}
