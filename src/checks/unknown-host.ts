import { hostsOf } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ObjectNode } from '../model/mesh-model';
import { fullyQualified } from '../model/names';
import type { Check, Report } from './check';
import { groupOf, handWritten, record, records, resolvedHost, text, texts } from './raw';

export const unknownHost: Check = {
  code: FindingCode.UNKNOWN_HOST,
  name: 'unknown-host',
  severity: Severity.WARNING,
  catalogue: ['IST0101', 'IST0174', 'KIA0202', 'KIA1004', 'KIA1101', 'KIA1107'],
  title: 'A hand-written mesh resource names a host or subset that this program does not have',
  why: 'A route to a host that nobody serves is answered 503, and a policy for it does nothing. It is a warning, since the service may be '
    + 'written by another program.',
  bad: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'edge' },
  spec: { hosts: ['shop.example.com'], gateways: ['edge'], http: [{ route: [{ destination: { host: 'order' } }] }] },
});`,
  good: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'edge' },
  spec: { hosts: ['shop.example.com'], gateways: ['edge'], http: [{ route: [{ destination: { host: 'orders' } }] }] },
});`,
  run: (model, report) => {
    const virtualServices = handWritten(model, 'VirtualService');
    const destinationRules = handWritten(model, 'DestinationRule');
    const sidecars = handWritten(model, 'Sidecar');
    if (virtualServices.length + destinationRules.length + sidecars.length === 0) {
      return;
    }
    const known = knownHosts(model);
    const subsets = knownSubsets(model);
    for (const { object, spec } of virtualServices) {
      for (const destination of destinations(spec)) {
        judgeDestination(model, report, object, destination, known, subsets);
      }
    }
    for (const { object, spec } of destinationRules) {
      const host = text(spec.host);
      if (host !== undefined && missing(model, known, resolvedHost(model, host, object.namespace))) {
        accuse(report, object, 'host', resolvedHost(model, host, object.namespace), ['IST0174', 'KIA0202']);
      }
    }
    for (const { object, spec } of sidecars) {
      const hosts = records(spec.egress).flatMap((egress) => texts(egress.hosts)).map((host) => host.slice(host.indexOf('/') + 1));
      hosts.filter((host) => missing(model, known, host)).forEach((host) => accuse(report, object, 'egress.hosts', host, ['KIA1004']));
    }
  },
};

/** Hosts that this program serves or declares: Services, ours and its own, external services and ServiceEntries. */
function knownHosts(model: MeshModel): ReadonlySet<string> {
  const hosts = new Set([...model.services, ...model.externals].flatMap(hostsOf));
  for (const object of model.objects) {
    if (object.kind === 'Service' && groupOf(object) === '' && object.namespace !== undefined) {
      hosts.add(fullyQualified(object.name, object.namespace, model.mesh.clusterDomain));
    }
  }
  handWritten(model, 'ServiceEntry').forEach(({ spec }) => texts(spec.hosts).forEach((host) => hosts.add(host)));
  return hosts;
}

function knownSubsets(model: MeshModel): ReadonlyMap<string, ReadonlySet<string>> {
  const subsets = new Map(model.services.map((service) => [service.host, new Set(service.versions.map((version) => version.subset))]));
  for (const { object, spec } of handWritten(model, 'DestinationRule')) {
    const host = resolvedHost(model, text(spec.host) ?? '', object.namespace);
    const names = subsets.get(host) ?? new Set();
    records(spec.subsets).forEach((subset) => names.add(text(subset.name) ?? ''));
    subsets.set(host, names);
  }
  return subsets;
}

type Json = Readonly<Record<string, unknown>>;

function destinations(spec: Json): readonly Json[] {
  const routes = ['http', 'tcp', 'tls'].flatMap((protocol) => records(spec[protocol]));
  return routes.flatMap((route) => [
    ...records(route.route).map((target) => record(target.destination)),
    ...route.mirror === undefined ? [] : [record(route.mirror)],
    ...records(route.mirrors).map((target) => record(target.destination)),
  ]);
}

function judgeDestination(
  model: MeshModel, report: Report, object: ObjectNode, destination: Json,
  known: ReadonlySet<string>, subsets: ReadonlyMap<string, ReadonlySet<string>>,
): void {
  const host = resolvedHost(model, text(destination.host) ?? '', object.namespace);
  const subset = text(destination.subset);
  if (missing(model, known, host)) {
    accuse(report, object, 'destination.host', host, ['IST0101', 'KIA1101']);
  } else if (subset !== undefined && known.has(host) && subsets.get(host)?.has(subset) !== true) {
    report(object.origin, {
      message: `the ${object.kind} ${object.name} leads to subset ${subset} of ${host}, which has no such subset`,
      evidence: `it has ${[...subsets.get(host) ?? []].join(', ') || 'none'}`,
      fix: 'Name one of its subsets, or add the version with addVersion',
      catalogue: ['IST0101', 'KIA1107'],
    });
  }
}

/** Only names of this cluster can be judged: any other host may be in DNS. */
function missing(model: MeshModel, known: ReadonlySet<string>, host: string): boolean {
  return !host.startsWith('*') && host.endsWith(`.svc.${model.mesh.clusterDomain}`) && !known.has(host);
}

function accuse(report: Report, object: ObjectNode, property: string, host: string, catalogue: readonly string[]): void {
  report(object.origin, {
    message: `${property} of the ${object.kind} ${object.name} is ${host}, and no Service of this program is called so`,
    evidence: `read in namespace ${object.namespace ?? '(none)'}`,
    fix: 'Correct the name, or suppress this if another program writes the Service',
    catalogue,
  });
}
