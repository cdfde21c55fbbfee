/** Who puts the proxy into a pod: labels of the namespace first, then the pod's own. As the sidecar injector of Istio decides. */
import type { MeshNode, WorkloadNode } from '../model/mesh-model';
import type { ProviderId } from '../model/provider';
import { refusesLinkerd } from './injection-linkerd';
import type { Labels } from './pods';

export const INJECTION_LABEL = 'istio-injection';
export const REVISION_LABEL = 'istio.io/rev';
export const DATAPLANE_LABEL = 'istio.io/dataplane-mode';
export const POD_LABEL = 'sidecar.istio.io/inject';

export type NamespaceInjection =
  /** No label decides: pods get a proxy if their own label asks for one. */
  | { readonly by: 'pod' }
  | { readonly by: 'revision'; readonly revision: string }
  /** No pod gets a proxy, whatever it asks for. */
  | { readonly by: 'nobody' };

export function namespaceInjection(labels: Labels): NamespaceInjection {
  const injection = labels[INJECTION_LABEL];
  if (injection !== undefined) {
    // This label is stronger than a revision, and every value but one means no.
    return injection === 'enabled' ? { by: 'revision', revision: 'default' } : { by: 'nobody' };
  }
  const revision = labels[REVISION_LABEL];
  return revision === undefined ? { by: 'pod' } : { by: 'revision', revision };
}

export function wantedRevision(mesh: MeshNode): string {
  return mesh.revision ?? 'default';
}

/** Why a pod stays out of a mesh that takes pods in without giving them a proxy; undefined where it does not. */
export function refusesRedirection(workload: WorkloadNode): string | undefined {
  if (workload.hostNetwork) {
    return 'hostNetwork is true';
  }
  return workload.podLabels[DATAPLANE_LABEL] === 'none' ? `its pods have the label ${DATAPLANE_LABEL}=none` : undefined;
}

/** Why a pod takes no proxy whatever its namespace says; undefined where it does. The label is stronger than the annotation. */
export function refusesProxy(workload: WorkloadNode, provider: ProviderId = 'istio'): string | undefined {
  if (provider === 'linkerd') {
    return refusesLinkerd(workload);
  }
  if (workload.hostNetwork) {
    return 'hostNetwork is true';
  }
  const label = workload.podLabels[POD_LABEL];
  if ((label ?? workload.podAnnotations[POD_LABEL]) === 'false') {
    return `its pods have the ${label === undefined ? 'annotation' : 'label'} ${POD_LABEL}=false`;
  }
  return undefined;
}
