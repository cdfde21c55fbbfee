/** Where a rule sends its requests. */
import type { VirtualServiceSpecHttpRouteDestination } from '../../../imports/networking.istio.io';
import { type Callee, calleeOf, hostsOf, servingPort } from '../../model/effective';
import type { MeshModel, PortNode } from '../../model/mesh-model';
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
