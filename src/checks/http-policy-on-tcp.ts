import { calleeOf, Callee, httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { CircuitBreakerPolicy, ConnectionPool, Deadline, LoadBalancingPolicy, RetryPolicy } from '../model/policy';
import { isHttp } from '../model/protocol';
import type { RouteNode } from '../model/route';
import type { Check, Report } from './check';
import { listed, time } from './text';

export const httpPolicyOnTcp: Check = {
  code: FindingCode.HTTP_POLICY_ON_TCP,
  name: 'http-policy-on-tcp',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A wish that only HTTP can fulfil, on a port that does not speak HTTP',
  why: 'On a port of another protocol the proxy passes bytes on: it sees no requests, so it can neither match, repeat nor time them. The wish '
    + 'would be dropped without a word.',
  bad: `
new MeshService(chart, 'orders-db', {
  mesh, workload: deployment('orders-db', 5432), ports: [MeshPort.postgres()],
  deadline: Duration.seconds(2),
});`,
  good: `
new MeshService(chart, 'orders-db', {
  mesh, workload: deployment('orders-db', 5432), ports: [MeshPort.postgres()],
  circuitBreaker: CircuitBreaker.of({ tcp: { connectTimeout: Duration.seconds(2) } }),
});`,
  run: (model, report) => {
    for (const callee of [...model.services, ...model.externals]) {
      if (!speaksHttp(callee)) {
        judgeCallee(report, callee);
      }
    }
    for (const service of model.services) {
      for (const version of speaksHttp(service) ? [] : service.versions) {
        const wishes = [...poolWishes(version.circuitBreaker), ...hashWishes(version.loadBalancing)];
        accuse(report, version.origin, wishes, service);
      }
      for (const route of service.routes) {
        judgeRoute(report, service, route);
      }
    }
    judgeCalls(model, report);
  },
};

function speaksHttp(callee: Callee): boolean {
  return httpPorts(callee).length > 0;
}

function judgeCallee(report: Report, callee: Callee): void {
  const wishes = [...timeWishes(callee.retry, callee.deadline), ...poolWishes(callee.circuitBreaker)];
  accuse(report, callee.origin, 'loadBalancing' in callee ? [...wishes, ...hashWishes(callee.loadBalancing)] : wishes, callee);
}

function judgeRoute(report: Report, service: ServiceNode, route: RouteNode): void {
  if (!speaksHttp(service)) {
    accuse(report, route.origin, routeWishes(route), service, `the route ${route.name}`);
    return;
  }
  const opaque = new Set(service.ports.filter((port) => !isHttp(port.protocol)).map((port) => port.number));
  const port = route.matches.find((match) => match.port !== undefined && opaque.has(match.port))?.port;
  if (port !== undefined) {
    accuse(report, route.origin, routeWishes(route), service, `the route ${route.name}`, port);
  }
}

function judgeCalls(model: MeshModel, report: Report): void {
  for (const call of outlineOf(model).policies) {
    const callee = calleeOf(model, call.callee);
    if (callee === undefined) {
      continue;
    }
    const port = callee.ports.find((candidate) => candidate.number === call.port);
    if (!speaksHttp(callee) || (port !== undefined && !isHttp(port.protocol))) {
      accuse(report, call.origin, timeWishes(call.retry, call.deadline), callee, `the call to ${callee.id}`, call.port);
    }
  }
}

function accuse(report: Report, origin: string, wishes: readonly string[], callee: Callee, where?: string, port?: number): void {
  if (wishes.length === 0) {
    return;
  }
  const ports = callee.ports.filter((candidate) => port === undefined || candidate.number === port);
  const verb = wishes.length === 1 ? 'works' : 'work';
  const silent = ports.length === 1 ? `port ${ports[0].number} of ${callee.id} does not speak it` : `no port of ${callee.id} speaks it`;
  report(origin, {
    message: `${where === undefined ? '' : `${where}: `}${listed(wishes)} ${verb} only on HTTP, and ${silent}`,
    evidence: ports.length === 0 ? 'it has no port' : listed(ports.map((candidate) => `${candidate.number} is ${candidate.protocol}`)),
    fix: 'Take it away, or give the port its real protocol, for instance MeshPort.http or MeshPort.grpc',
  });
}

const NOTHING: readonly string[] = [];

/** Explicit "never" and "for ever" ask for nothing. */
function timeWishes(retry: RetryPolicy | undefined, deadline: Deadline | undefined): readonly string[] {
  return retry === undefined && deadline === undefined ? NOTHING : [
    ...retry !== undefined && retry.retries > 0 ? [`retry of ${retry.retries}`] : [],
    ...typeof deadline === 'number' ? [`deadline of ${time(deadline)}`] : [],
  ];
}

const HTTP_POOL: readonly (keyof ConnectionPool)[] = [
  'maxPendingRequests', 'maxRequests', 'maxRequestsPerConnection', 'maxRetries', 'httpIdleTimeoutMs', 'upgradeToHttp2', 'maxConcurrentStreams',
];

function poolWishes(policy: CircuitBreakerPolicy | undefined): string[] {
  const pool = HTTP_POOL.filter((key) => policy?.pool[key] !== undefined && policy.pool[key] !== false);
  return [
    ...pool.map((key) => `circuitBreaker.http.${key === 'httpIdleTimeoutMs' ? 'idleTimeout' : key}`),
    ...policy?.retryBudget === undefined ? [] : ['circuitBreaker.retryBudget'],
    ...typeof policy?.ejection === 'object' && policy.ejection.consecutiveGatewayErrors !== undefined && policy.ejection.consecutiveServerErrors === undefined
      ? ['circuitBreaker.eject.afterGatewayErrors alone'] : [],
  ];
}

function hashWishes(policy: LoadBalancingPolicy | undefined): string[] {
  const key = policy?.algorithm.kind === 'hash' ? policy.algorithm.key : undefined;
  return key === undefined || key.kind === 'source-ip' ? [] : [`consistent hashing by ${key.kind} ${key.name}`];
}

/** Everything of a route but its backends and the port or caller that it matches. */
function routeWishes(route: RouteNode): string[] {
  const wishes: string[] = [];
  for (const match of route.matches) {
    wishes.push(
      ...match.path === undefined ? [] : ['a path match'],
      ...match.method === undefined ? [] : ['a method match'],
      ...Object.keys(match.headers).length === 0 ? [] : ['a header match'],
      ...Object.keys(match.query).length === 0 ? [] : ['a query match'],
    );
  }
  const parts = ['redirect', 'directResponse', 'rewrite', 'requestHeaders', 'responseHeaders', 'cors', 'fault'] as const;
  wishes.push(...parts.filter((part) => route[part] !== undefined), ...route.mirrors.length === 0 ? [] : ['mirrors']);
  return [...new Set(wishes), ...timeWishes(route.retry, route.deadline)];
}
