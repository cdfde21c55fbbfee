import { isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { ExternalNode, MeshModel, MeshNode, ServiceNode } from '../model/mesh-model';
import { externalWaypointReasons, waypointReasons } from '../model/waypoint';
import type { Check, Report } from './check';
import { groupOf, labels, record } from './raw';
import { listed } from './text';

export const waypointMissing: Check = {
  code: FindingCode.WAYPOINT_MISSING,
  name: 'waypoint-missing',
  severity: Severity.ERROR,
  catalogue: ['IST0167', 'KIA0109', 'KIA1110', 'KIA1312', 'KIA1313', 'KIA1317'],
  title: 'A service that asks for what only a waypoint can do, and gets none',
  why: 'In ambient mode the proxy of a node reads connections. Routes, splits, retries, deadlines, limits and rules about requests are kept by a '
    + 'waypoint, and the Service says by a label which one stands before it. Without it all of them are written and none is kept.',
  bad: `
const frugal = new Mesh(chart, 'frugal', {
  provider: MeshProvider.istioAmbient({ waypoints: Waypoints.never(), channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: frugal, workload: deployment('orders'), ports: [MeshPort.http(8080)], deadline: Duration.seconds(2) });`,
  good: `
const frugal = new Mesh(chart, 'frugal', {
  provider: MeshProvider.istioAmbient({ waypoints: Waypoints.whereNeeded(), channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: frugal, workload: deployment('orders'), ports: [MeshPort.http(8080)], deadline: Duration.seconds(2) });`,
  run: (model, report) => {
    const { mesh } = model;
    if (mesh.provider !== 'istio-ambient') {
      return;
    }
    for (const service of model.services) {
      const reasons = waypointReasons(service, mesh);
      if (reasons.length > 0) {
        judgeService(model, service, reasons, report);
      }
    }
    for (const external of model.externals) {
      const reasons = externalWaypointReasons(external, mesh);
      if (reasons.length > 0) {
        judgeExternal(mesh, external, reasons, report);
      }
    }
    judgeLabels(model, report);
  },
};

const USE_WAYPOINT = 'istio.io/use-waypoint';

function never(id: string, reasons: readonly string[]) {
  return {
    message: `${id} needs a waypoint, and the provider has Waypoints.never()`,
    evidence: `only a waypoint can do: ${listed(reasons)}`,
    fix: 'Say Waypoints.whereNeeded(), or take these wishes away',
    catalogue: ['KIA0109', 'KIA1110', 'KIA1317'],
  };
}

function judgeService({ mesh }: MeshModel, service: ServiceNode, reasons: readonly string[], report: Report): void {
  if (mesh.ambient?.waypoints !== 'where-needed') {
    report(service.origin, never(service.id, reasons));
    return;
  }
  const evidence = `only a waypoint can do: ${listed(reasons)}`;
  if (service.headless) {
    report(service.origin, {
      message: `${service.id} needs a waypoint, and is headless: callers connect to its pods, and only an address of the service leads to a waypoint`,
      evidence,
      fix: 'Give callers a service with an address beside it, or take these wishes away',
      catalogue: ['IST0167'],
    });
    return;
  }
  const said = service.existingService?.labels?.[USE_WAYPOINT];
  const { waypointName } = mesh.ambient;
  if (service.existingService !== undefined && said !== waypointName) {
    report(service.origin, {
      message: `Service ${service.name} ${said === undefined ? `has no label ${USE_WAYPOINT}` : `names the waypoint ${said} in ${USE_WAYPOINT}`}, and ${service.id} needs ${waypointName}`,
      evidence,
      fix: `Give the Service the label ${USE_WAYPOINT}=${waypointName}, and istio.io/ingress-use-waypoint=true where a gateway sends requests to it`,
      catalogue: ['KIA0109', 'KIA1110', 'KIA1313', 'KIA1317'],
    });
  }
}

/** Retries and deadlines are said by a route, and a route of a waypoint leads to a name. */
function judgeExternal({ ambient }: MeshNode, external: ExternalNode, reasons: readonly string[], report: Report): void {
  if (ambient?.waypoints !== 'where-needed') {
    report(external.origin, never(external.id, reasons));
    return;
  }
  const wildcards = external.hosts.filter((host) => host.startsWith('*.'));
  const lost = reasons.filter((reason) => /\b(retry|deadline)\b/.test(reason));
  if (wildcards.length > 0 && lost.length > 0) {
    report(external.origin, {
      message: `${external.id} asks for ${listed(lost)}, which nothing keeps for requests to ${listed(wildcards)}`,
      evidence: 'a waypoint keeps them by a route, and a route leads to one name',
      fix: 'Declare the names one by one, or let the application keep them and take them away here',
      severity: external.retry === undefined && external.deadline === undefined ? Severity.WARNING : Severity.ERROR,
      catalogue: [],
    });
  }
}

/** A sidecar goes around every waypoint. */
function judgeLabels({ mesh, objects }: MeshModel, report: Report): void {
  for (const object of objects) {
    const isService = !object.ours && object.kind === 'Service' && groupOf(object) === '' && !isAmbient(mesh, object.namespace);
    const said = isService ? labels(record(object.body?.metadata).labels)[USE_WAYPOINT] : undefined;
    if (said !== undefined && said !== 'none') {
      report(object.origin, {
        message: `Service ${object.name} names the waypoint ${said}, and namespace ${object.namespace} still has sidecars`,
        evidence: `sidecarNamespaces names ${object.namespace}`,
        fix: `Take the label ${USE_WAYPOINT} away until the namespace moves`,
        severity: Severity.WARNING,
        catalogue: ['KIA1312'],
      });
    }
  }
}
