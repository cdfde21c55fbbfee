/**
 * The HTTP rules of one host, in the order in which Istio tries them.
 *
 * A caller with a policy of its own gets a copy of every rule that would treat it otherwise, directly before that rule. This decides the
 * same as all of the caller's rules before everybody's: requests of the caller meet the routes in the same order. But a caller's
 * `/api` never stands before everybody's `/api/v2`, which Istio's analyzer, blind to callers, would call unreachable.
 *
 * Every port ends with a rule that takes whatever is left: Istio gives requests that no rule takes its own, silent retries.
 */
import type { VirtualServiceSpecHttpRoute } from '../../../imports/networking.istio.io';
import { audiencesOf } from '../../model/caller-policy';
import { type Callee, deadlineFor, httpPorts, retryFor } from '../../model/effective';
import type { CallNode, MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import { callsWithPolicy } from '../../model/outline';
import { answersItself, type RouteNode } from '../../model/route';
import { type RouteInForce, routesInForce } from '../delivered-routes';
import { type Json, defined, nonEmpty } from '../json';
import { portToName } from './destinations';
import { type HttpRule, actions } from './http-actions';
import { type HttpMatch, type MatchScope, httpMatches, takesEverything } from './http-match';
import { distinguish, withoutDead } from './overlaps';
import { retries, timeout } from './retries';

type Limits = Pick<HttpRule, 'retries' | 'timeout'>;

/** Everything that the rules of one port have in common. */
interface Place {
  readonly model: MeshModel;
  readonly callee: Callee;
  /** Name that the rules are for, one of the callee's. */
  readonly host: string;
  readonly port: PortNode;
  readonly portNamed: boolean;
  /** Calls to the callee that have a policy of their own. */
  readonly calls: readonly CallNode[];
}

export function httpRules(model: MeshModel, callee: Callee, host: string): readonly HttpRule[] {
  const ports = httpPorts(callee);
  const portNamed = ports.length > 1;
  const calls = callsWithPolicy(model, callee.id);
  const rules = ports.flatMap((port) => rulesOfPort({ model, callee, host, port, portNamed, calls }));
  return distinguish(withoutDead(rules));
}

function rulesOfPort(place: Place): HttpRule[] {
  const rules: HttpRule[] = [];
  for (const route of 'routes' in place.callee ? routesInForce(place.callee) : []) {
    rules.push(...rulesOfRoute(place, route));
    if (route.matches.length === 0 || route.matches.some((match) => takesEverything(match, place.port))) {
      // Nothing behind it is ever reached, and Istio's analyzer would say so.
      return rules;
    }
  }
  return [...rules, ...rulesOfRoute(place)];
}

/** The rules of one route, or of everything that no route takes: first those of callers with their own policy, then everybody's. */
function rulesOfRoute(place: Place, route?: RouteInForce): HttpRule[] {
  const common = limits(place, route);
  const audiences = audiencesOf(place.model, place.calls, place.port, route?.copyOf ?? route?.name);
  const served = audiences.filter(({ call }) => JSON.stringify(limits(place, route, call)) !== JSON.stringify(common));
  return [
    ...served.flatMap(({ caller, call }) => rule(place, route, limits(place, route, call), { caller })),
    ...rule(place, route, common, { served: new Set(served.map(({ caller }) => caller.id)) }),
  ];
}

function rule(place: Place, route: RouteNode | undefined, limited: Limits, whose: Pick<MatchScope, 'caller' | 'served'>): HttpRule[] {
  const { model, callee, port, portNamed } = place;
  const match: readonly HttpMatch[] | undefined = httpMatches(model, route?.matches ?? [], { port, portNamed, ...whose });
  if (match === undefined) {
    return [];
  }
  const name = [route?.name ?? 'default', ...(portNamed ? [port.name] : []), ...(whose.caller ? ['from', callerName(callee, whose.caller)] : [])];
  const action = 'host' in callee ? actions(model, callee, route ?? plainRoute(callee), port) : { route: [externalDestination(place)] };
  return [defined<HttpRule>({ name: name.join('-'), match: nonEmpty(match), ...action, ...limited })];
}

/** What no route takes goes to the service as it splits. */
function plainRoute(service: ServiceNode): RouteNode {
  return { name: 'default', origin: service.origin, matches: [], backends: [], mirrors: [] };
}

function externalDestination({ callee, host, port }: Place): Json<VirtualServiceSpecHttpRoute> {
  const number = portToName(callee, port);
  return { destination: number === undefined ? { host } : { host, port: { number } } };
}

function limits({ model, callee, port }: Place, route?: RouteNode, call?: CallNode): Limits {
  return route !== undefined && answersItself(route) ? {} : defined<Limits>({
    retries: retries(retryFor(model, callee, route, call)), timeout: timeout(deadlineFor(model, callee, route, call, port)),
  });
}

function callerName(callee: Callee, caller: ServiceNode): string {
  return caller.namespace === callee.namespace ? caller.name : `${caller.name}.${caller.namespace}`;
}
