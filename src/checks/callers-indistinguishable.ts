import { agreementOf, wordsOf } from '../model/agreed-policy';
import { strongestCall } from '../model/caller-policy';
import { type Callee, deadlineFor, httpPorts, retryFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { CallNode, MeshModel, PortNode, ServiceNode } from '../model/mesh-model';
import { callsWithPolicy } from '../model/outline';
import { PROVIDER_FACTS } from '../model/provider';
import type { RouteNode } from '../model/route';
import type { Check, Report } from './check';
import { counted, listed } from './text';

export const callersIndistinguishable: Check = {
  code: FindingCode.CALLERS_INDISTINGUISHABLE,
  name: 'callers-indistinguishable',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Retries or a deadline of a call that the mesh cannot tell from other calls',
  why: 'A route of Gateway API is everybody\'s where it stands beside its service, and that of all callers of one namespace where it stands in '
    + 'theirs. It knows no single caller. So a call has a policy of its own only from another namespace than its callee\'s, and together with all '
    + 'other callers there. Linkerd knows no callers at all: what all of them ask for alike becomes the callee\'s own.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const orders = new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
const web = new MeshService(chart, 'web', { mesh: portable, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(orders, { deadline: Duration.seconds(3) });`,
  good: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const orders = new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
const web = new MeshService(chart, 'web', {
  mesh: portable, namespace: 'front', podLabels: { app: 'web' }, ports: [MeshPort.http(8080)],
});
web.calls(orders, { deadline: Duration.seconds(3) });`,
  run: (model, report) => {
    const { callersByNamespace, callersAlike } = PROVIDER_FACTS[model.mesh.provider];
    for (const callee of callersAlike ? [...model.services, ...model.externals] : []) {
      judgeAgreement(model, callee, report);
    }
    for (const service of callersByNamespace ? model.services : []) {
      const calls = callsWithPolicy(model, service.id);
      if (calls.length > 0) {
        judge(model, service, calls, report);
      }
    }
  },
};

/** Where no caller is told from another, all of them have to ask for the same. */
function judgeAgreement(model: MeshModel, callee: Callee, report: Report): void {
  const { id } = callee;
  const calls = httpPorts(callee).length === 0 ? [] : model.callsTo.get(id) ?? [];
  if (calls.length === 0 || agreementOf(calls) !== undefined) {
    return;
  }
  const othersOf = askingOtherwise(calls);
  const inForce = (call?: CallNode) => JSON.stringify([retryFor(model, callee, undefined, call), deadlineFor(model, callee, undefined, call)]);
  for (const call of callsWithPolicy(model, id).filter((one) => inForce(one) !== inForce())) {
    const part = call.operation === undefined ? call.port === undefined ? undefined : `port ${call.port}` : `the operation ${call.operation}`;
    const { some, count } = othersOf(call);
    const others = some.length < count ? `${some.join(', ')} and ${counted(count - some.length, 'other')}` : listed(some);
    report(call.origin, {
      message: `the ${saidBy(call)} of the call to ${id} cannot be said for ${call.caller} alone`,
      evidence: count === 0 ? part === undefined ? 'another call is about a part of it' : `it is about ${part} alone`
        : `${others} ${count === 1 ? 'calls' : 'call'} it, too, and ${count === 1 ? 'asks' : 'ask'} for something else`,
      fix: `Say it of ${id} itself, or the same of every call to it, without a port or an operation; or take MeshProvider.istio(), which tells callers apart by their labels`,
    });
  }
}

/** Callers that are named of those that ask for something else. */
const NAMED = 3;

/** Who asks for something else than a call does, worked out once for calls that say the same: a hub has many. */
function askingOtherwise(calls: readonly CallNode[]): (call: CallNode) => { readonly some: readonly string[]; readonly count: number } {
  const wordsBy = new Map<string, Set<string>>();
  calls.forEach((call) => wordsBy.set(call.caller, (wordsBy.get(call.caller) ?? new Set()).add(wordsOf(call))));
  const alone = new Map<string, number>();
  wordsBy.forEach((words) => words.size === 1 && words.forEach((word) => alone.set(word, (alone.get(word) ?? 0) + 1)));
  const known = new Map<string, { readonly some: string[]; readonly count: number }>();
  return (call) => {
    const own = wordsOf(call);
    let answer = known.get(own);
    if (answer === undefined) {
      answer = { some: [], count: wordsBy.size - (alone.get(own) ?? 0) };
      for (const [caller, words] of wordsBy) {
        if (answer.some.length === Math.min(NAMED, answer.count)) {
          break;
        }
        if (words.size > 1 || !words.has(own)) {
          answer.some.push(caller);
        }
      }
      known.set(own, answer);
    }
    return answer;
  };
}

function saidBy({ retry, deadline }: CallNode): string {
  return [...retry === undefined ? [] : ['retry'], ...deadline === undefined ? [] : ['deadline']].join(' and ');
}

/** Who calls from one namespace, and with what policies of their own. */
interface Neighbours {
  readonly callers: ReadonlySet<string>;
  readonly own: ReadonlyMap<string, readonly CallNode[]>;
}

function judge(model: MeshModel, service: ServiceNode, calls: readonly CallNode[], report: Report): void {
  const told = new Set<string>();
  for (const [namespace, { callers, own }] of byNamespace(model, service, calls)) {
    for (const port of httpPorts(service)) {
      for (const route of [...service.routes, undefined]) {
        const everybody = limits(model, service, port, route);
        const differing = [...own].filter(([, list]) => limits(model, service, port, route, strongestCall(list, port, route?.name)) !== everybody);
        const wishes = new Set(differing.map(([, list]) => limits(model, service, port, route, strongestCall(list, port, route?.name))));
        const apart = namespace !== service.namespace && wishes.size === 1 && differing.length === callers.size;
        for (const [caller, [call]] of apart ? [] : differing) {
          if (!told.has(caller)) {
            told.add(caller);
            accuse(service, call, namespace, [...callers].filter((id) => id !== caller), report);
          }
        }
      }
    }
  }
}

function byNamespace(model: MeshModel, service: ServiceNode, calls: readonly CallNode[]): ReadonlyMap<string, Neighbours> {
  const groups = new Map<string, { callers: Set<string>; own: Map<string, CallNode[]> }>();
  const groupOf = (id: string) => {
    const namespace = model.serviceById.get(id)?.namespace ?? '';
    const group = groups.get(namespace) ?? { callers: new Set(), own: new Map() };
    groups.set(namespace, group);
    return group;
  };
  (model.callsTo.get(service.id) ?? []).forEach(({ caller }) => groupOf(caller).callers.add(caller));
  calls.forEach((call) => {
    const { own } = groupOf(call.caller);
    own.set(call.caller, [...own.get(call.caller) ?? [], call]);
  });
  return groups;
}

function limits(model: MeshModel, service: ServiceNode, port: PortNode, route?: RouteNode, call?: CallNode): string {
  return JSON.stringify([retryFor(model, service, route, call), deadlineFor(model, service, route, call, port)]);
}

function accuse(service: ServiceNode, call: CallNode, namespace: string, others: readonly string[], report: Report): void {
  const home = namespace === service.namespace;
  report(call.origin, {
    message: `the ${saidBy(call)} of the call to ${service.id} cannot be said for ${call.caller} alone`,
    evidence: home ? `both are in the namespace ${namespace}, whose routes are everybody's` : `${others.join(' and ')} in ${namespace} ${others.length === 1 ? 'calls' : 'call'} it, too`,
    fix: `Say it of ${service.id} itself, ${home ? 'call it from another namespace' : `or the same of every call from ${namespace}`}, or take MeshProvider.istio(), which tells callers apart by their labels`,
  });
}
