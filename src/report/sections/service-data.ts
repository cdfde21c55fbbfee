/** Everything that the report says of one service or external service. */
import { isMeshed, mtlsModeOf } from '../../model/access';
import { attemptsOf } from '../../model/call-graph';
import { Callee, calleeOf, circuitBreakerFor, deadlineFor, egressOf, ejectionFor, httpPorts, loadBalancingFor, retryFor } from '../../model/effective';
import type { FindingCode } from '../../model/finding';
import type { CallNode, ExternalNode, ServiceNode } from '../../model/mesh-model';
import { meshProxyCost } from '../../model/proxy-cost';
import type { MtlsModeName } from '../../model/security';
import { callTime } from '../../model/timing';
import { isUnread } from '../../model/waypoint';
import { matchWords, actionWords, targetWords } from '../route-words';
import type { Subject } from '../subject';
import {
  budgetWords, callNotes, deadlineWords, ejectionWords, labelText, limited, loadBalancingWords, poolWords, retryWords,
} from '../words';

export interface PortData {
  readonly name: string;
  readonly number: number;
  readonly containerPort: number | string;
  readonly protocol: string;
  readonly streaming: boolean;
  /** Null outside the mesh. */
  readonly mtls: MtlsModeName | null;
}

export interface VersionData {
  readonly name: string;
  readonly subset: string;
  /** Null for pods that something else than this program makes. */
  readonly workload: string | null;
  /** Null where every pod gets the same share. */
  readonly sharePercent: number | null;
  readonly labels: string;
}

/** Where a policy was said. */
export type Source = 'route' | 'call' | 'service' | 'mesh' | 'streaming port' | 'no proxy';

export interface PolicyData {
  readonly inForce: string;
  readonly source: Source;
}

export interface PeerData {
  /** The other end of the call. */
  readonly service: string;
  readonly times: number;
  readonly attempts: number;
  /** Undefined for a protocol without requests. */
  readonly retry?: PolicyData;
  readonly deadline?: PolicyData;
  readonly longestWaitMs?: number | null;
  readonly notes: readonly string[];
}

export interface RouteData {
  readonly name: string;
  readonly matches: string;
  readonly target: string;
  readonly actions: string;
  readonly retry: PolicyData;
  readonly deadline: PolicyData;
}

export interface ServiceData {
  readonly id: string;
  readonly kind: 'service' | 'external';
  readonly name: string;
  readonly namespace: string | null;
  readonly construct: string;
  readonly hosts: readonly string[];
  readonly language: string | null;
  readonly pods: { readonly min: number; readonly max: number } | null;
  readonly accounts: readonly string[];
  readonly entryPoint: boolean;
  /** Its pods have proxies. */
  readonly meshed: boolean;
  readonly egress: string | null;
  readonly requestsPerSecond: number | null;
  readonly ports: readonly PortData[];
  readonly versions: readonly VersionData[];
  readonly callers: readonly PeerData[];
  readonly callees: readonly PeerData[];
  readonly policies: {
    readonly retry: PolicyData; readonly deadline: PolicyData; readonly limits: string; readonly ejection: string; readonly retryBudget: string;
    readonly loadBalancing: string | null;
  };
  readonly routes: readonly RouteData[];
  readonly figures: {
    readonly requests: number; readonly healthy: number; readonly entryPoint: string | null;
    /** Null where nothing limits it; undefined where no call carries requests. */
    readonly longestWaitMs?: number | null;
    readonly proxyMemoryBytesEach: number | null; readonly proxyMemoryBytes: number | null;
  };
  /** Places in the list of findings, from 0. */
  readonly findings: readonly { readonly index: number; readonly code: FindingCode }[];
}

export function serviceData(subject: Subject, one: ServiceNode | ExternalNode, entries: ReadonlySet<string>): ServiceData {
  const { model } = subject;
  const service = 'host' in one ? one : undefined;
  const external = 'host' in one ? undefined : one;
  const breaker = circuitBreakerFor(model, one);
  const worst = subject.worstFor(one.id);
  const proxies = meshProxyCost(model).byService.get(one.id);
  return {
    id: one.id, kind: service === undefined ? 'external' : 'service', name: one.name, namespace: one.namespace ?? null, construct: one.origin,
    hosts: service === undefined ? external!.hosts : [service.host],
    language: service?.language ?? null, pods: service?.pods ?? null, accounts: service?.accounts ?? [],
    entryPoint: entries.has(one.id), meshed: service !== undefined && isMeshed(service),
    egress: service === undefined ? null : egressOf(service), requestsPerSecond: service?.requestsPerSecond ?? null,
    ports: one.ports.map(({ name, number, containerPort, protocol, streaming }) => ({
      name, number, containerPort, protocol, streaming, mtls: service === undefined ? null : mtlsModeOf(service, number),
    })),
    versions: (service?.versions ?? []).map((version) => ({
      name: version.name, subset: version.subset,
      workload: version.workload === undefined ? null : `${version.workload.kind} ${version.workload.name}`,
      sharePercent: service!.split === undefined ? null : service!.split[version.subset] ?? 0,
      labels: labelText(version.selector),
    })),
    callers: (model.callsTo.get(one.id) ?? []).map((call) => peer(subject, call, call.caller)),
    callees: (service === undefined ? [] : model.callsFrom.get(one.id) ?? []).map((call) => peer(subject, call, call.callee)),
    policies: {
      retry: retryInForce(subject, one), deadline: deadlineInForce(subject, one), limits: poolWords(breaker.pool),
      ejection: ejectionWords(breaker, ejectionFor(breaker, one)), retryBudget: budgetWords(breaker),
      loadBalancing: service === undefined ? null : loadBalancingWords(loadBalancingFor(model, service)),
    },
    routes: (service?.routes ?? []).map((route) => ({
      name: route.name, matches: matchWords(route.matches, (id) => subject.label(id)), target: targetWords(route, one.id, (id) => subject.label(id)),
      actions: actionWords(route, one.id, (id) => subject.label(id)),
      retry: retryInForce(subject, one, undefined, route), deadline: deadlineInForce(subject, one, undefined, route),
    })),
    figures: {
      requests: subject.requestsTo(one.id), healthy: worst?.healthy ?? 1, entryPoint: worst?.entry ?? null,
      ...service === undefined ? {} : longest(subject, service),
      proxyMemoryBytesEach: proxies === undefined ? null : Math.round(proxies.proxy.memoryBytes),
      proxyMemoryBytes: proxies === undefined ? null : Math.round(proxies.memoryBytes),
    },
    findings: subject.findingsAbout(one.id).map((index) => ({ index, code: subject.findings[index].code })),
  };
}

function longest(subject: Subject, service: ServiceNode): { longestWaitMs?: number | null } {
  const { calls, totalMs } = subject.longestWait(service);
  return calls.length === 0 ? {} : { longestWaitMs: limited(totalMs) };
}

function peer(subject: Subject, call: CallNode, other: string): PeerData {
  const { model } = subject;
  const callee = calleeOf(model, call.callee);
  const common = { service: other, times: call.times, attempts: attemptsOf(model, call), notes: callNotes(call) };
  const waits = callee === undefined || httpPorts(callee).length === 0 ? undefined : callTime(model, call);
  if (callee === undefined || waits === undefined) {
    return common;
  }
  const route = 'routes' in callee ? callee.routes.find(({ name }) => name === call.operation) : undefined;
  return {
    ...common, retry: retryInForce(subject, callee, call, route), deadline: deadlineInForce(subject, callee, call, route),
    longestWaitMs: limited(waits.totalMs),
  };
}

type Route = ServiceNode['routes'][number];

function retryInForce({ model }: Subject, callee: Callee, call?: CallNode, route?: Route): PolicyData {
  const source = route?.retry !== undefined ? 'route' : call?.retry !== undefined ? 'call' : callee.retry !== undefined ? 'service' : 'mesh';
  return { inForce: retryWords(retryFor(model, callee, route, call)), source };
}

function deadlineInForce({ model }: Subject, callee: Callee, call?: CallNode, route?: Route): PolicyData {
  const deadline = deadlineFor(model, callee, route, call);
  const source = route?.deadline !== undefined ? 'route' : call?.deadline !== undefined ? 'call' : callee.deadline !== undefined ? 'service'
    : isUnread(callee, model.mesh) ? 'no proxy' : deadline === model.mesh.defaults.deadline ? 'mesh' : 'streaming port';
  return { inForce: deadlineWords(deadline), source };
}
