/** In which order an organisation takes the mesh on: what changes no request first, then service by service, what changes traffic last. */
import { AdoptionLevel, beyondMtls } from '../model/adoption';
import { rowsOf, stronglyConnected } from '../model/graph-rows';
import type { MeshModel } from '../model/mesh-model';

export type AdoptionStep =
  | { readonly step: number; readonly stage: 'mtls-and-observability' }
  | {
    readonly step: number;
    readonly stage: 'services';
    readonly service: string;
    /** Ids of its callees that joined before. */
    readonly joined: readonly string[];
    /** Ids of its callees that join later, which only services do that call each other in a ring. */
    readonly later: readonly string[];
  }
  | { readonly step: number; readonly stage: 'traffic-rules'; readonly service: string; readonly rules: readonly string[] };

export function adoptionOrder(model: MeshModel, level: AdoptionLevel): readonly AdoptionStep[] {
  if (level === 'too-early' || model.services.length === 0) {
    return [];
  }
  const steps: AdoptionStep[] = [{ step: 1, stage: 'mtls-and-observability' }];
  const order = calleesFirst(model);
  const joined = new Set<string>();
  for (const id of order) {
    const callees = model.serviceById.get(id)!.callees.filter((callee) => callee !== id && model.serviceById.has(callee));
    steps.push({
      step: steps.length + 1, stage: 'services', service: id,
      joined: callees.filter((callee) => joined.has(callee)), later: callees.filter((callee) => !joined.has(callee)),
    });
    joined.add(id);
  }
  const rules = new Map<string, string[]>();
  const byOrigin = new Map([...model.serviceById.values()].map(({ origin, id }) => [origin, id]));
  for (const { origin, uses } of level === 'full-mesh' ? beyondMtls(model) : []) {
    const id = byOrigin.get(origin);
    if (id !== undefined) {
      rules.set(id, [...rules.get(id) ?? [], uses]);
    }
  }
  for (const id of order.filter((one) => rules.has(one))) {
    steps.push({ step: steps.length + 1, stage: 'traffic-rules', service: id, rules: rules.get(id)! });
  }
  return steps;
}

/** All services, the ones that call nothing first; those that are equally far from the leaves as the program declared them. */
export function calleesFirst(model: MeshModel): readonly string[] {
  const ids = [...model.serviceById.keys()];
  const index = new Map(ids.map((id, at) => [id, at]));
  const callees = ids.map((id) => model.serviceById.get(id)!.callees.flatMap((callee) => index.get(callee) ?? []));
  const { component } = stronglyConnected(rowsOf(ids.length, (edge) => callees.forEach((all, at) => all.forEach((callee) => edge(at, callee, -1)))));
  const depth = new Map<number, number>();
  const byComponent = ids.map((_, at) => at).sort((a, b) => component[a] - component[b]);
  for (const at of byComponent) {
    const below = callees[at].filter((callee) => component[callee] !== component[at]).map((callee) => depth.get(component[callee])! + 1);
    depth.set(component[at], below.reduce((a, b) => Math.max(a, b), depth.get(component[at]) ?? 0));
  }
  const rank = (at: number): number => depth.get(component[at])!;
  return ids.map((_, at) => at).sort((a, b) => rank(a) - rank(b) || a - b).map((at) => ids[at]);
}
