import { calleeOf, httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, PortNode, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { RouteNode } from '../model/route';
import type { Check, Report } from './check';
import { listed } from './text';

export const unknownRoutePort: Check = {
  code: FindingCode.UNKNOWN_ROUTE_PORT,
  name: 'unknown-route-port',
  severity: Severity.ERROR,
  catalogue: ['IST0101', 'IST0112'],
  title: 'A route matches, or leads to, a port that the service does not have',
  why: 'A match on a port that the service does not serve never takes a request. A backend on a port that its service does not serve has no '
    + 'cluster, so the proxy answers 503. Where the backend has several ports and none is named, the request keeps its own port; a backend without '
    + 'that port would get its requests on a port that nobody chose.',
  bad: `
const legacy = new MeshService(chart, 'legacy', {
  mesh, workload: deployment('legacy', 8080, 9090), ports: [MeshPort.http(8080), MeshPort.http(9090)],
});
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080, { port: 80 })] });
orders.addRoute('old', { matches: [RouteMatch.prefix('/old')], backends: [RouteBackend.service(legacy)] });`,
  good: `
const legacy = new MeshService(chart, 'legacy', {
  mesh, workload: deployment('legacy', 8080, 9090), ports: [MeshPort.http(8080), MeshPort.http(9090)],
});
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080, { port: 80 })] });
orders.addRoute('old', { matches: [RouteMatch.prefix('/old')], backends: [RouteBackend.service(legacy, { port: 8080 })] });`,
  run: (model, report) => {
    for (const service of outlineOf(model).routed) {
      for (const route of service.routes) {
        for (const [index, match] of route.matches.entries()) {
          if (match.port !== undefined && !serves(service.ports, match.port)) {
            report(route.origin, {
              message: `matches[${index}].port of the route ${route.name} is ${match.port}, which ${service.id} does not serve`,
              evidence: `it serves ${portsText(service.ports)}`,
              fix: 'Name one of its own ports, not the container\'s',
              catalogue: ['IST0101'],
            });
          }
        }
        const arriving = arrivingPorts(service, route);
        route.backends.forEach((backend) => judgeTarget(model, report, route, `backend ${backend.service}`, backend, arriving));
        route.mirrors.forEach((mirror) => judgeTarget(model, report, route, `mirror ${mirror.service}`, mirror, arriving));
      }
    }
  },
};

function judgeTarget(
  model: MeshModel, report: Report, route: RouteNode, what: string, target: { service: string; port?: number }, arriving: readonly number[],
): void {
  const callee = calleeOf(model, target.service);
  if (callee === undefined) {
    return;
  }
  if (target.port !== undefined) {
    if (!serves(callee.ports, target.port)) {
      report(route.origin, {
        message: `the ${what} of the route ${route.name} has port ${target.port}, which it does not serve`,
        evidence: `it serves ${portsText(callee.ports)}`,
        fix: 'Name one of its own ports, not the container\'s',
        catalogue: ['IST0101'],
      });
    }
    return;
  }
  const candidates = httpPorts(callee).length > 0 ? httpPorts(callee) : callee.ports;
  const missing = candidates.length === 1 ? [] : arriving.filter((port) => !serves(candidates, port));
  if (missing.length > 0) {
    report(route.origin, {
      message: `the ${what} of the route ${route.name} names no port`,
      evidence: `it serves ${portsText(candidates)}, and requests arrive for ${listed(missing.map(String))}`,
      fix: 'Give the backend its port',
      catalogue: ['IST0112'],
    });
  }
}

/** Ports that the route's requests can have come for. */
function arrivingPorts(service: ServiceNode, route: RouteNode): readonly number[] {
  const matched = route.matches.map((match) => match.port);
  const known = httpPorts(service).map((port) => port.number);
  const all = known.length > 0 ? known : service.ports.map((port) => port.number);
  return matched.length === 0 || matched.includes(undefined) ? all : all.filter((port) => matched.includes(port));
}

function serves(ports: readonly PortNode[], number: number): boolean {
  return ports.some((port) => port.number === number);
}

function portsText(ports: readonly PortNode[]): string {
  return listed(ports.map((port) => String(port.number)));
}
