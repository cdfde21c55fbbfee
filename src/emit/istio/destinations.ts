/** Where a rule sends its requests. */
import type { VirtualServiceSpecHttpRouteDestination } from '../../../imports/networking.istio.io';
import { CANARY_SUBSET, ownership, STABLE_SUBSET } from '../../model/delivery';
import { type Callee, calleeOf, hostsOf, servingPort } from '../../model/effective';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import { fullyQualified } from '../../model/names';
import type { BackendNode, MirrorNode } from '../../model/route';
import { type Json, defined } from '../json';

export type Destination = Json<VirtualServiceSpecHttpRouteDestination>;

export interface WeightedDestination {
  readonly destination: Destination;
  readonly weight?: number;
}

/** @param from port on which the request came in */
export function destinationOf(model: MeshModel, target: BackendNode | MirrorNode, from: PortNode): Destination {
  const callee = calleeOf(model, target.service);
  const port = target.port ?? (callee && portToName(callee, from));
  return defined<Destination>({
    host: callee === undefined ? hostOfId(model, target.service) : hostsOf(callee)[0],
    subset: target.subset,
    port: port === undefined ? undefined : { number: port },
  });
}

/**
 * The backends of one rule: each destination once, none without requests, and no weight where there is nothing to weigh.
 */
export function destinations(model: MeshModel, backends: readonly BackendNode[], from: PortNode): readonly WeightedDestination[] {
  const weighed = new Map<string, { destination: Destination; weight: number }>();
  const busy = backends.filter(({ weight, moved }) => weight > 0 || moved);
  for (const backend of busy.length === 0 ? backends : busy) {
    const destination = destinationOf(model, backend, from);
    const key = JSON.stringify(destination);
    weighed.set(key, { destination, weight: (weighed.get(key)?.weight ?? 0) + backend.weight });
  }
  const all = [...weighed.values()];
  return all.length === 1 ? [{ destination: all[0].destination }] : all;
}

/** What a service does with requests that no route takes: its split, or all pods alike, or as an engine decides. */
export function ownBackends(service: Pick<ServiceNode, 'id' | 'split' | 'delivery'>): readonly BackendNode[] {
  if (ownership(service)?.ownsWeights) {
    const stable = { service: service.id, subset: STABLE_SUBSET, weight: 100 };
    // In an A/B test these requests meet the new version when it is promoted, and not before.
    return service.delivery?.strategy.kind === 'ab-test' ? [stable] : [stable, { service: service.id, subset: CANARY_SUBSET, weight: 0, moved: true }];
  }
  return service.split === undefined
    ? [{ service: service.id, weight: 100 }]
    : Object.entries(service.split).map(([subset, weight]) => ({ service: service.id, subset, weight }));
}

/**
 * A destination with several ports has to name one: the port that the request came for where there is such a one, else the first that
 * speaks in the same way.
 */
export function portToName(callee: Callee, from: PortNode): number | undefined {
  return callee.ports.length <= 1 ? undefined : servingPort(callee, from)?.number;
}

/** A backend that this program does not have is a finding; its name is written as it was meant. */
function hostOfId(model: MeshModel, id: string): string {
  const [namespace, name] = id.split('/', 2);
  return fullyQualified(name ?? '', namespace, model.mesh.clusterDomain);
}
