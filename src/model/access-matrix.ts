/** Who may call whom: every ordered pair of services and every port has an answer with its reason. */
import { enforcementOf, Grant, grantsOf, guardedPorts, isMeshed, principalText, securityOf, standsFor } from './access';
import type { MeshModel, ServiceNode } from './mesh-model';
import type { AccessRuleNode, RequestScope } from './security';

export type Verdict =
  | 'allowed'
  | 'refused'
  /** Not refused, since nothing is enforced there. */
  | 'open';

export interface AccessCell {
  readonly caller: string;
  readonly callee: string;
  readonly port: number;
  readonly verdict: Verdict;
  /** Requests that are allowed; undefined: all, or none. */
  readonly requests?: readonly RequestScope[];
  /** What must come with a request beside the identity, in words. */
  readonly conditions: readonly string[];
  readonly reason: string;
}

/** Somebody who is no service of the program. */
export interface OutsideCell extends Omit<AccessCell, 'caller'> {
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
  const cell = (caller: string, callee: string, port: number): AccessCell => {
    const [from, to] = [caller, callee].map((id) => model.serviceById.get(id)!);
    return judge(model, from, to, port, grantsTo(to));
  };
  return {
    callers: model.services.map(({ id }) => id),
    callees: callees.map(({ id }) => id),
    cell,
    cells: (caller, callee) => guardedPorts(model.serviceById.get(callee)!).map(({ number }) => cell(caller, callee, number)),
    outside: callees.flatMap((service) => outsiders(service, grantsTo(service))),
  };
}

function judge(model: MeshModel, caller: ServiceNode, callee: ServiceNode, port: number, grants: readonly Grant[]): AccessCell {
  const base = { caller: caller.id, callee: callee.id, port };
  const denied = securityOf(callee).deny.find((rule) => standsFor(model, rule.principal, caller) && takesPort(rule, port) && takesAll(rule));
  const enforcement = enforcementOf(callee);
  // On a port that takes plain connections a denied caller leaves its identity at home.
  const plain = grants.filter(({ cause, principal, ports }) => cause === 'plaintext' && principal.kind === 'anyone' && ports.includes(port));
  const dodged = denied?.principal.kind !== 'anyone' && plain.length > 0;
  if (denied !== undefined && !dodged && isMeshed(callee) && enforcement !== 'audit') {
    return { ...base, verdict: 'refused', conditions: [], reason: denied.reason ?? `${callee.id} denies it` };
  }
  const open = openReason(callee, enforcement);
  if (open !== undefined) {
    return { ...base, verdict: 'open', conditions: conditionsOf(callee, port), reason: open };
  }
  const taken = denied !== undefined ? plain : grants.filter((grant) => grant.ports.includes(port) && standsFor(model, grant.principal, caller));
  if (taken.length === 0) {
    const reason = isMeshed(caller) ? `${caller.id} declares no call to it` : `${caller.id} has no proxy, so no identity`;
    return { ...base, verdict: 'refused', conditions: [], reason };
  }
  const whole = taken.find(takesAll);
  const used = whole === undefined ? taken : [whole];
  return {
    ...base, verdict: 'allowed',
    requests: whole === undefined ? taken.map(({ ports, methods, paths, hosts }) => ({ ports, methods, paths, hosts })) : undefined,
    conditions: conditionsOf(callee, port),
    reason: [...new Set(used.map((grant) => named(grant, caller)))].join('; '),
  };
}

/** A grant to somebody else that holds for the caller, too, says whose it is. */
function named({ principal, reason, cause }: Grant, caller: ServiceNode): string {
  const own = principal.kind === 'service' && principal.service === caller.id;
  if (own) {
    return reason;
  }
  if (cause === 'plaintext') {
    return `anyone, without identity: ${reason}`;
  }
  return principal.kind === 'service' ? `it runs under the account of ${principal.service}: ${reason}` : `${principalText(principal)}: ${reason}`;
}

function openReason(callee: ServiceNode, enforcement: ReturnType<typeof enforcementOf>): string | undefined {
  if (!isMeshed(callee)) {
    return 'its pods have no proxy';
  }
  if (enforcement === undefined) {
    return 'no policy is about it';
  }
  return enforcement === 'audit' ? 'its policy only counts' : undefined;
}

function conditionsOf(callee: ServiceNode, port: number): readonly string[] {
  const { tokens, external } = securityOf(callee);
  return [
    ...tokens.filter(({ ports }) => ports.length === 0 || ports.includes(port)).length === 0 ? []
      : [`a token of ${tokens.map(({ issuer }) => issuer.issuer).join(' or ')}`],
    ...external.filter(({ ports }) => ports.length === 0 || ports.includes(port)).map(({ provider }) => `${provider} agrees`),
  ];
}

function outsiders(service: ServiceNode, grants: readonly Grant[]): OutsideCell[] {
  if (openReason(service, enforcementOf(service)) !== undefined) {
    return [];
  }
  return grants.filter(({ principal }) => principal.kind !== 'service').flatMap((grant) => grant.ports.map((port): OutsideCell => ({
    caller: `${principalText(grant.principal)}${grant.plainOnly ? ', without identity' : ''}`, callee: service.id, port, verdict: 'allowed',
    requests: takesAll(grant) ? undefined : [{ ports: grant.ports, methods: grant.methods, paths: grant.paths, hosts: grant.hosts }],
    conditions: conditionsOf(service, port), reason: grant.reason,
  })));
}

function takesPort(rule: AccessRuleNode, port: number): boolean {
  return rule.ports.length === 0 || rule.ports.includes(port);
}

function takesAll(rule: RequestScope): boolean {
  return rule.methods.length === 0 && rule.paths.length === 0 && rule.hosts.length === 0;
}
