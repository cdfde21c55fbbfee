/** What makes pods members of the mesh, and keeps a proxy of their own from them. What the program says itself on its pods always stays. */
import type { PodAdditions } from '../../model/contracts';
import { isAmbient } from '../../model/data-plane';
import type { MeshModel, MeshNode, ServiceNode, VersionNode } from '../../model/mesh-model';
import { injectionLabels as sidecarLabels, pod as sidecarPod } from '../istio/pod';
import { hasProxies } from '../istio/security-api';

const DATAPLANE = 'istio.io/dataplane-mode';
const INJECT = 'sidecar.istio.io/inject';

export function injectionLabels(mesh: MeshNode, namespace: string): Readonly<Record<string, string>> {
  return isAmbient(mesh, namespace) ? { [DATAPLANE]: 'ambient' } : sidecarLabels(mesh);
}

/**
 * The label stands on the pods, too, so that they are members whoever wrote their namespace; and no sidecar is injected where the namespace
 * still carries the label that asks for one. `none` keeps pods out although their namespace is in.
 */
export function pod(service: ServiceNode, version: VersionNode, model: MeshModel): PodAdditions {
  if (!isAmbient(model.mesh, service.namespace)) {
    return sidecarPod(service, version, model);
  }
  const said = version.workload?.podLabels ?? {};
  const labels: Record<string, string> = { [DATAPLANE]: hasProxies(service) ? 'ambient' : 'none', [INJECT]: 'false' };
  return { labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !(key in said))), annotations: {} };
}
