/** Who may call whom: every ordered pair of services and every port has an answer with its reason. */
import { Grant, grantsOf, guardedPorts, identities, isMeshed, principalText, securityOf } from './access';
import { AccessCell, conditionsOf, judge, openReason, scopeOf, takesAll } from './access-verdict';
import type { MeshModel, ServiceNode } from './mesh-model';
import type { PrincipalNode } from './security';

export type { AccessCell, Verdict } from './access-verdict';

/** Somebody who is no service of the program. */
export interface OutsideCell extends Omit<AccessCell, 'caller' | 'enforced'> {
  /** In words. */
  readonly caller: string;
}

export interface AccessMatrix {
  /** Ids of the services that may call, and of those that take calls, in the program's order. */
  readonly callers: readonly string[];
  readonly callees: readonly string[];
  /** The answer for one pair and port. */
  readonly cell: (caller: string, callee: string, port: number) => AccessCell;
  /** The answers for one pair, one for every port of the callee. */
  readonly cells: (caller: string, callee: string) => readonly AccessCell[];
  /** Callers that a call or a rule is about, in the program's order. All others get the answer of somebody who is not named. */
  readonly named: (callee: string) => readonly string[];
  /** What callers may do that are no services of the program. */
  readonly outside: readonly OutsideCell[];
}

export function accessMatrix(model: MeshModel): AccessMatrix {
  const grants = new Map<string, readonly Grant[]>();
  const grantsTo = (service: ServiceNode): readonly Grant[] => {
    const known = grants.get(service.id) ?? grantsOf(model, service);
    grants.set(service.id, known);
    return known;
  };
  const callees = model.services.filter((service) => guardedPorts(service).length > 0);
  const behind = servicesBehind(model);
  const cell = (caller: string, callee: string, port: number): AccessCell => {
    const [from, to] = [caller, callee].map((id) => model.serviceById.get(id)!);
    return judge(model, from, to, port, grantsTo(to));
  };
  return {
    callers: model.services.map(({ id }) => id),
    callees: callees.map(({ id }) => id),
    cell,
    cells: (caller, callee) => guardedPorts(model.serviceById.get(callee)!).map(({ number }) => cell(caller, callee, number)),
    named: (id) => {
      const callee = model.serviceById.get(id)!;
      const places = new Set([...grantsTo(callee), ...securityOf(callee).deny].flatMap(({ principal }) => behind(principal)));
      return [...places].sort((a, b) => a - b).map((place) => model.services[place].id);
    },
    outside: callees.flatMap((service) => outsiders(model, service, grantsTo(service))),
  };
}

/** The services that a principal stands for, by their place in the program: looked up, so that nobody compares all pairs. */
function servicesBehind(model: MeshModel): (principal: PrincipalNode) => readonly number[] {
  const byId = new Map<string, number[]>();
  const byIdentity = new Map<string, number[]>();
  const byNamespace = new Map<string, number[]>();
  const add = (groups: Map<string, number[]>, key: string, place: number): void => {
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [place]);
    } else {
      group.push(place);
    }
  };
  model.services.forEach((service, place) => {
    add(byId, service.id, place);
    if (isMeshed(service)) {
      add(byNamespace, service.namespace ?? '', place);
      identities(model, { kind: 'service', service: service.id }).forEach((identity) => add(byIdentity, identity, place));
    }
  });
  const sharing = (principal: PrincipalNode) => identities(model, principal).flatMap((identity) => byIdentity.get(identity) ?? []);
  return (principal) => {
    switch (principal.kind) {
      // Who has no proxy is named, too, although it has no identity: its call is refused.
      case 'service': return [...byId.get(principal.service) ?? [], ...sharing(principal)];
      case 'account': return sharing(principal);
      case 'namespace': return byNamespace.get(principal.namespace) ?? [];
      case 'workload': return [...byNamespace.values()].flat();
      case 'anyone': return [...byId.values()].flat();
      case 'addresses': return [];
    }
  };
}

function outsiders(model: MeshModel, service: ServiceNode, grants: readonly Grant[]): readonly OutsideCell[] {
  if (openReason(service) !== undefined) {
    return [];
  }
  return grants.filter(({ principal }) => principal.kind !== 'service').flatMap((grant) => grant.ports.map((port): OutsideCell => ({
    caller: `${principalText(grant.principal)}${grant.plainOnly ? ', without identity' : ''}`, callee: service.id, port, verdict: 'allowed',
    requests: takesAll(grant) ? undefined : [scopeOf(grant)],
    conditions: conditionsOf(model, service, port, identities(model, grant.principal)), reason: grant.reason,
  })));
}
