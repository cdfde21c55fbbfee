/** By what the pods of a namespace are in the mesh: while a mesh moves from sidecars to ambient mode, it has both. */
import type { MeshNode } from './mesh-model';
import { PROVIDER_FACTS, type ProviderFacts, type ProviderId } from './provider';

type Planned = Pick<MeshNode, 'provider' | 'ambient'>;

/** The provider whose rules hold in a namespace: the mesh's own, or Istio with sidecars where a namespace has not moved yet. */
export function dataPlaneOf(mesh: Planned, namespace: string | undefined): ProviderId {
  return mesh.provider === 'istio-ambient' && namespace !== undefined && mesh.ambient?.sidecarNamespaces.includes(namespace) ? 'istio' : mesh.provider;
}

/** Whether the pods of a namespace have a proxy for their node alone, and none beside them. */
export function isAmbient(mesh: Planned, namespace: string | undefined): boolean {
  return dataPlaneOf(mesh, namespace) === 'istio-ambient';
}

/** What is true of the proxies of a namespace. */
export function factsOf(mesh: Planned, namespace: string | undefined): ProviderFacts {
  return PROVIDER_FACTS[dataPlaneOf(mesh, namespace)];
}

/** Whether requests to a namespace are routed by Gateway API, and by Istio. */
export function isGatewayApiOfIstio(mesh: Planned, namespace: string | undefined): boolean {
  const plane = dataPlaneOf(mesh, namespace);
  return plane === 'gateway-api' || plane === 'istio-ambient';
}
