/** The Kubernetes Services that rules send their requests to. */
import type { HttpRouteSpecRulesBackendRefs } from '../../../imports/gateway.networking.k8s.io';
import { calleeOf, servingPort } from '../../model/effective';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import type { BackendNode, MirrorNode } from '../../model/route';
import { type Json, defined } from '../json';
import { declaredSubset, versionServiceName } from './version-service';

export type BackendRef = Json<HttpRouteSpecRulesBackendRefs>;

/** @param from port on which the request came in; @param home namespace of the route */
export function backendRef(model: MeshModel, target: BackendNode | MirrorNode, from: PortNode, home: string | undefined): BackendRef {
  const callee = calleeOf(model, target.service);
  const [namespace, name = ''] = target.service.split('/', 2);
  return defined<BackendRef>({
    group: '',
    kind: 'Service',
    name: callee !== undefined && 'host' in callee ? serviceName(callee, target.subset) : name,
    namespace: namespace === home ? undefined : namespace,
    port: target.port ?? (callee && servingPort(callee, from)?.number) ?? from.number,
  });
}

/** Each Service once, none without requests, and no weight where there is nothing to weigh. */
export function backendRefs(model: MeshModel, backends: readonly BackendNode[], from: PortNode, home: string | undefined): readonly BackendRef[] {
  const weighed = new Map<string, { ref: BackendRef; weight: number }>();
  const busy = backends.filter(({ weight, moved }) => weight > 0 || moved);
  for (const backend of busy.length === 0 ? backends : busy) {
    const ref = backendRef(model, backend, from, home);
    const key = JSON.stringify(ref);
    weighed.set(key, { ref, weight: (weighed.get(key)?.weight ?? 0) + backend.weight });
  }
  const all = [...weighed.values()];
  return all.length === 1 ? [all[0].ref] : all.map(({ ref, weight }) => ({ ...ref, weight }));
}

/** A subset that the service does not have is a finding; its name is written as it was meant. */
function serviceName(service: ServiceNode, subset: string | undefined): string {
  if (subset === undefined) {
    return service.name;
  }
  const version = service.versions.find((one) => one.subset === subset);
  return version === undefined ? versionServiceName(service.name, subset)
    : service.versions.length === 1 ? service.name : versionServiceName(service.name, declaredSubset(version));
}
