/** Whether one service may call one port of another: the answer, and its reason in words. */
import { enforcementOf, Grant, identities, isMeshed, portsOfRule, principalText, securityOf, standsFor } from './access';
import type { MeshModel, ServiceNode } from './mesh-model';
import { isHttp } from './protocol';
import type { Enforcement, RequestScope } from './security';

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
  /** Requests that are refused although others are not. */
  readonly except?: readonly RequestScope[];
  /** What must come with a request beside the identity, in words. */
  readonly conditions: readonly string[];
  readonly reason: string;
  /** Refused as anybody else: no call and no rule is about this caller and port. */
  readonly byDefault?: boolean;
  /** The same once a policy that only counts so far is enforced. */
  readonly enforced?: AccessCell;
}

type Answer = Omit<AccessCell, 'caller' | 'callee' | 'port'>;

/** `grants` are those of the callee. */
export function judge(model: MeshModel, caller: ServiceNode, callee: ServiceNode, port: number, grants: readonly Grant[]): AccessCell {
  const pair = { caller: caller.id, callee: callee.id, port };
  const enforcement = enforcementOf(callee);
  const open = openReason(callee, enforcement);
  const conditions = conditionsOf(model, callee, port, identities(model, { kind: 'service', service: caller.id }));
  const ruling = rulingOn(model, caller, callee, port, grants);
  if (open === undefined) {
    return { ...pair, ...enforced(caller, ruling, conditions) };
  }
  // Where no policy closes a service, its own denials hold; an audit only counts them.
  if (enforcement !== 'audit' && ruling.refusal !== undefined) {
    return { ...pair, verdict: 'refused', conditions: [], reason: ruling.refusal };
  }
  const answer: Answer = { verdict: 'open', conditions, reason: open };
  return enforcement === 'audit' ? { ...pair, ...answer, enforced: { ...pair, ...enforced(caller, ruling, conditions) } }
    : { ...pair, ...answer, ...exceptions(ruling) };
}

/** What the rules of a callee say of one caller and port, whether or not they are in force. */
interface Ruling {
  /** Why the caller is denied altogether. */
  readonly refusal?: string;
  /** Denials of some requests. */
  readonly except: readonly RequestScope[];
  readonly taken: readonly Grant[];
  /** A call or a rule is about the caller, even if it has no identity to show. */
  readonly named: boolean;
}

function rulingOn(model: MeshModel, caller: ServiceNode, callee: ServiceNode, port: number, grants: readonly Grant[]): Ruling {
  if (!isMeshed(callee)) {
    return { except: [], taken: [], named: false };
  }
  const denials = securityOf(callee).deny.filter((rule) => standsFor(model, rule.principal, caller) && portsOfRule(callee, rule).includes(port));
  const atPort = grants.filter(({ ports }) => ports.includes(port));
  // On a port that takes plain connections a denied caller leaves its identity at home.
  const plain = atPort.filter(({ cause, principal }) => cause === 'plaintext' && principal.kind === 'anyone');
  const binding = denials.filter(({ principal }) => principal.kind === 'anyone' || plain.length === 0);
  const whole = binding.find(takesAll);
  return {
    refusal: whole && (whole.reason ?? `${callee.id} denies it`),
    except: binding.filter((rule) => !takesAll(rule)).map(scopeOf),
    named: atPort.some(({ principal }) => principal.kind === 'service' && principal.service === caller.id),
    taken: denials.some(takesAll) ? plain : atPort.filter(({ principal }) => standsFor(model, principal, caller)),
  };
}

function enforced(caller: ServiceNode, ruling: Ruling, conditions: readonly string[]): Answer {
  const { refusal, taken } = ruling;
  if (refusal !== undefined) {
    return { verdict: 'refused', conditions: [], reason: refusal };
  }
  if (taken.length === 0) {
    const reason = isMeshed(caller) ? `${caller.id} declares no call to it` : `${caller.id} has no proxy, so no identity`;
    return { verdict: 'refused', conditions: [], reason, ...!ruling.named && { byDefault: true } };
  }
  const whole = taken.find(takesAll);
  const used = whole === undefined ? taken : [whole];
  return {
    verdict: 'allowed',
    requests: whole === undefined ? taken.map(scopeOf) : undefined,
    ...exceptions(ruling),
    conditions,
    reason: [...new Set(used.map((grant) => named(grant, caller)))].join('; '),
  };
}

function exceptions({ except }: Ruling): Pick<Answer, 'except'> {
  return except.length === 0 ? {} : { except };
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

/** Why nothing is refused; undefined where a policy is in force. */
export function openReason(callee: ServiceNode, enforcement: Enforcement | undefined = enforcementOf(callee)): string | undefined {
  if (!isMeshed(callee)) {
    return 'its pods have no proxy';
  }
  if (enforcement === undefined) {
    return 'no policy is about it';
  }
  return enforcement === 'audit' ? 'its policy only counts' : undefined;
}

/** What must come with a request of a caller with these identities; none: a caller that nobody knows. */
export function conditionsOf(model: MeshModel, callee: ServiceNode, port: number, caller: readonly string[]): readonly string[] {
  const { tokens, external } = securityOf(callee);
  const http = callee.ports.some(({ number, protocol }) => number === port && isHttp(protocol));
  const takes = ({ ports }: { readonly ports: readonly number[] }): boolean => ports.length === 0 || ports.includes(port);
  const asked = tokens.filter((token) => http && takes(token) && !token.exempt.some((principal) => coversAll(identities(model, principal), caller)));
  const beside = (publicPaths: readonly string[]): string => publicPaths.length === 0 ? '' : ` except for ${publicPaths.join(', ')}`;
  return [
    ...asked.length === 0 ? [] : [`a token of ${asked.map(({ issuer }) => issuer.issuer).join(' or ')}${beside(asked[0].publicPaths)}`],
    ...external.filter((one) => takes(one) && (http || (one.connections && one.paths.length + one.publicPaths.length === 0)))
      .map(({ provider, paths, publicPaths }) => `${provider} agrees${paths.length === 0 ? '' : ` to ${paths.join(', ')}`}${beside(publicPaths)}`),
  ];
}

function coversAll(patterns: readonly string[], names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => patterns.some((pattern) => pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name));
}

export function takesAll(rule: RequestScope): boolean {
  return rule.methods.length === 0 && rule.paths.length === 0 && rule.hosts.length === 0;
}

export function scopeOf({ ports, methods, paths, hosts }: RequestScope): RequestScope {
  return { ports, methods, paths, hosts };
}
