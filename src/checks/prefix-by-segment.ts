import { factsOf } from '../model/data-plane';
import { httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { Check } from './check';
import { listed } from './text';

export const prefixBySegment: Check = {
  code: FindingCode.PREFIX_BY_SEGMENT,
  name: 'prefix-by-segment',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A prefix of a path that the mesh reads by whole segments',
  why: '`RouteMatch.prefix` goes character by character: `/v1` takes `/v1/orders`, and `/v10` too. Gateway API knows prefixes of whole segments '
    + 'alone: `/v1` takes `/v1` and what is below it, with or without a slash at its end. Requests between the two readings go to another route.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const orders = new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addRoute('reports', { matches: [RouteMatch.prefix('/reports')], deadline: Duration.minutes(1) });`,
  good: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const orders = new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addRoute('reports', { matches: [RouteMatch.prefix('/reports')], deadline: Duration.minutes(1) });
portable.suppress(FindingCode.PREFIX_BY_SEGMENT, { on: orders, reason: 'nothing but /reports and what is below it is served' });`,
  run: (model, report) => {
    for (const service of outlineOf(model).routed.filter(({ namespace }) => factsOf(model.mesh, namespace).precedence !== undefined)) {
      const prefixes = prefixesOf(model, service);
      if (prefixes.length > 0) {
        report(service.origin, {
          message: `the ${prefixes.length === 1 ? 'prefix' : 'prefixes'} ${listed(prefixes)} would be read by whole segments`,
          evidence: `${prefixes[0]} takes ${trimmed(prefixes[0])} and ${trimmed(prefixes[0])}/…, not ${trimmed(prefixes[0])}s; provider ${model.mesh.provider}`,
          fix: 'Suppress this where no other path begins with those characters, else ask for the rest with RouteMatch.regex, or take MeshProvider.istio()',
        });
      }
    }
  },
};

/** Of gRPC, `/package.Service/` is a service, and nothing else begins so. */
function prefixesOf(_model: MeshModel, service: ServiceNode): readonly string[] {
  const ports = httpPorts(service);
  const concerned = (port: number | undefined, value: string) => ports.some(({ number, protocol }) => (
    (port ?? number) === number && !(protocol === 'grpc' && value.endsWith('/'))
  ));
  const matches = service.routes.flatMap((route) => route.matches);
  return [...new Set(matches.flatMap(({ path, port }) => (
    path?.kind === 'prefix' && path.value !== '/' && concerned(port, path.value) ? [path.value] : []
  )))];
}

function trimmed(prefix: string): string {
  return prefix.replace(/\/$/, '');
}
