/** What the proxies of a service are told about: the services it calls, and nothing else of the mesh. */
import type { SidecarSpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { type Callee, egressOf, reachable, targetHostsOf } from '../../model/effective';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { oncePerModel } from '../../model/once';
import { sealsEgress } from '../../model/security';
import { type Json, defined } from '../json';
import { NETWORKING } from './api';
import { hasProxies } from './security-api';
import { podLabels } from './source';

type Spec = Json<SidecarSpec>;

/**
 * Where no policy keeps undeclared calls in, `outboundTrafficPolicy` is left out: the mesh's own then holds, which lets them out unless its
 * operator decided otherwise.
 */
export const sidecar: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'Sidecar',
  apiVersion: NETWORKING,
  kind: 'Sidecar',
  growsBy: 'callees',
  exists: (declaration) => hasProxies(declaration) && (egressOf(declaration) !== 'everything' || sealsEgress(declaration)),
  spec: (node, model): Spec => defined<Spec>({
    workloadSelector: { labels: podLabels(node) },
    egress: [{ hosts: egressOf(node) === 'everything' ? ['*/*'] : egressHosts(model, node) }],
    outboundTrafficPolicy: sealsEgress(node) ? { mode: 'REGISTRY_ONLY' } : undefined,
  }),
};

function egressHosts(model: MeshModel, service: ServiceNode): readonly string[] {
  const { systemNamespace } = model.mesh;
  const whole = new Set(egressOf(service) === 'namespace' && service.namespace !== undefined ? [systemNamespace, service.namespace] : [systemNamespace]);
  // The pods of a headless service (a StatefulSet's, mostly) find each other by its name.
  const callees: readonly Callee[] = service.headless ? [...reachable(model, service), service] : reachable(model, service);
  const hosts = new Set<string>();
  for (const callee of callees) {
    // Istio warns of a host beside the namespace that holds it.
    if (!whole.has(callee.namespace ?? '')) {
      hostTextsOf(model, callee).forEach((text) => hosts.add(text));
    }
  }
  whole.forEach((namespace) => hosts.add(namespace === service.namespace ? './*' : `${namespace}/*`));
  return [...hosts].sort();
}

const hostTexts = oncePerModel(() => new Map<string, readonly string[]>());

/** The names of a callee as every Sidecar writes them. */
function hostTextsOf(model: MeshModel, callee: Callee): readonly string[] {
  const known = hostTexts(model);
  const texts = known.get(callee.id) ?? targetHostsOf(callee).map((host) => `${callee.namespace ?? '*'}/${host}`);
  known.set(callee.id, texts);
  return texts;
}
