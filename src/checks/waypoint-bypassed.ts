import { grantsOf } from '../model/access';
import { isAmbient } from '../model/data-plane';
import { calleeOf } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { externalPolicies, guardsRequests, hasWaypoint, servicePolicies } from '../model/waypoint';
import type { Check, Report } from './check';
import { listed } from './text';

export const waypointBypassed: Check = {
  code: FindingCode.WAYPOINT_BYPASSED,
  name: 'waypoint-bypassed',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Requests that go around the proxy which routes or judges them',
  why: 'A sidecar routes at the caller and goes around every waypoint; a caller in ambient mode routes nothing by itself. So while a mesh moves, a '
    + 'service with sidecars whose callers have moved loses its routes, and a service with rules about requests refuses callers that still have '
    + 'sidecars. Where a namespace that is called moves before those that call it, only the second can happen.',
  bad: `
const moving = new Mesh(chart, 'moving', {
  provider: MeshProvider.istioAmbient({ sidecarNamespaces: ['stock'], channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const ledger = new Chart(app, 'stock', { namespace: 'stock' });
const pods = new kplus.Deployment(ledger, 'pods', { metadata: { name: 'ledger' }, containers: [{ image: 'ledger:1.0', portNumber: 8080 }] });
const stock = new MeshService(ledger, 'ledger', { mesh: moving, workload: pods, ports: [MeshPort.http(8080)], deadline: Duration.seconds(2) });
new MeshService(chart, 'orders', { mesh: moving, workload: deployment('orders'), ports: [MeshPort.http(8080)] }).calls(stock);`,
  good: `
const moving = new Mesh(chart, 'moving', {
  provider: MeshProvider.istioAmbient({ sidecarNamespaces: ['shop'], channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const ledger = new Chart(app, 'stock', { namespace: 'stock' });
const pods = new kplus.Deployment(ledger, 'pods', { metadata: { name: 'ledger' }, containers: [{ image: 'ledger:1.0', portNumber: 8080 }] });
const stock = new MeshService(ledger, 'ledger', { mesh: moving, workload: pods, ports: [MeshPort.http(8080)], deadline: Duration.seconds(2) });
new MeshService(chart, 'orders', { mesh: moving, workload: deployment('orders'), ports: [MeshPort.http(8080)] }).calls(stock);`,
  run: (model, report) => {
    if (model.mesh.provider === 'istio-ambient') {
      judgeCalls(model, report);
      const guarded = model.services.filter((service) => hasWaypoint(service, model.mesh) && guardsRequests(service));
      guarded.forEach((service) => judgeGuarded(model, service, report));
    }
  },
};

/** One finding for each caller and callee. */
function judgeCalls(model: MeshModel, report: Report): void {
  const { mesh } = model;
  const seen = new Set<string>();
  for (const { caller, callee: id, origin } of model.calls) {
    const from = model.serviceById.get(caller);
    const callee = calleeOf(model, id);
    const key = `${caller} ${id}`;
    if (from === undefined || callee === undefined || seen.has(key) || !isAmbient(mesh, from.namespace) || isAmbient(mesh, callee.namespace)) {
      continue;
    }
    seen.add(key);
    const lost = 'host' in callee ? servicePolicies(callee, mesh) : externalPolicies(callee, mesh);
    if (lost.length > 0) {
      report(origin, {
        message: `${caller} is in ambient mode, and ${id} still leaves its policies to the sidecars of its callers: they do not hold for this call`,
        evidence: `said of ${id}: ${listed(lost)}`,
        fix: `Move ${callee.namespace} to ambient mode before ${from.namespace}: take it out of sidecarNamespaces first`,
      });
    }
  }
}

function judgeGuarded(model: MeshModel, service: ServiceNode, report: Report): void {
  const { mesh } = model;
  const reported = new Set<string>();
  for (const { principal, via, cause, origin } of grantsOf(model, service)) {
    const caller = principal.kind === 'service' ? model.serviceById.get(principal.service) : undefined;
    const accuse = (key: string, message: string, evidence: string, fix: string, severity?: Severity) => {
      if (!reported.has(key)) {
        reported.add(key);
        report(origin, { message, evidence, fix, severity });
      }
    };
    if (caller !== undefined && !isAmbient(mesh, caller.namespace)) {
      accuse(`from ${caller.id}`, `${caller.id} still has sidecars, which go around the waypoint of ${service.id}: its calls are refused`,
        `${service.id} has rules about requests, which only its waypoint keeps`,
        `Move ${caller.namespace} to ambient mode first, or leave ${service.namespace} in sidecarNamespaces as well`);
    } else if (via !== undefined && cause === 'route') {
      accuse(`via ${via}`, `requests that a route of ${via} sends to ${service.id} come from the waypoint of ${via}: the rules of ${service.id} about requests do not see them`,
        `${service.id} has rules about requests, which only its own waypoint keeps`,
        `Say the rule of ${via}, whose waypoint sees the request; or let callers call ${service.id} itself`);
    } else if (cause === 'allow' && (principal.kind === 'anyone' || principal.kind === 'addresses')) {
      accuse('plain', `${service.id} lets callers without an identity in, and they come without a waypoint: those that do not pass a gateway are refused`,
        `${service.id} has rules about requests, which only its waypoint keeps`,
        'Let them come through a gateway of the mesh, or take plain connections on a port of its own with acceptPlaintext', Severity.WARNING);
    }
  }
}
