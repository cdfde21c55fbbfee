import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { listed } from './text';

export const unknownSubset: Check = {
  code: FindingCode.UNKNOWN_SUBSET,
  name: 'unknown-subset',
  severity: Severity.ERROR,
  catalogue: ['IST0101', 'KIA1107'],
  title: 'A route, split or mirror names a subset that the service does not have',
  why: 'The proxy finds no cluster for the subset and answers every request that it should get with 503. The other share still works, '
    + 'so the mistake shows as a share of failed requests.',
  bad: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), version: 'v1', subset: 'stable', ports: [MeshPort.http(8080)],
});
orders.split({ stable: 90, canary: 10 });`,
  good: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), version: 'v1', subset: 'stable', ports: [MeshPort.http(8080)],
});
orders.addVersion('v2', { workload: deployment('orders-v2'), subset: 'canary' });
orders.split({ stable: 90, canary: 10 });`,
  run: (model, report) => {
    for (const service of model.services) {
      const { delivery, split, routes } = service;
      if (delivery === undefined && split === undefined && routes.length === 0) {
        continue;
      }
      if (delivery?.engine.id === 'manual') {
        // The split is the canary's own.
        for (const property of ['stable', 'canary'] as const) {
          judge(model, report, delivery.origin, `engine.${property} is ${delivery.engine[property]}, but`, service.id, delivery.engine[property]);
        }
      } else {
        for (const [subset, percent] of Object.entries(split ?? {})) {
          judge(model, report, service.origin, `split.${subset} is ${percent}, but`, service.id, subset);
        }
      }
      for (const route of routes) {
        for (const backend of route.backends) {
          judge(model, report, route.origin, `the route ${route.name} sends ${backend.weight} % to subset ${backend.subset}, but`, backend.service, backend.subset);
        }
        for (const mirror of route.mirrors) {
          judge(model, report, route.origin, `the route ${route.name} mirrors to subset ${mirror.subset}, but`, mirror.service, mirror.subset);
        }
      }
    }
  },
};

function judge(model: MeshModel, report: Report, origin: string, what: string, target: string, subset: string | undefined): void {
  const service = model.serviceById.get(target);
  if (subset === undefined || service?.versions.some((version) => version.subset === subset)) {
    return;
  }
  report(origin, {
    message: `${what} ${target} has no subset ${subset}`,
    evidence: service === undefined ? `${target} is an external service, which has none` : `it has ${subsetsOf(service)}`,
    fix: service === undefined ? 'Leave the subset out' : `Name one of its subsets, or add the version with addVersion(…, { subset: '${subset}' })`,
  });
}

function subsetsOf(service: ServiceNode): string {
  return service.versions.length === 0 ? 'none' : listed(service.versions.map((version) => version.subset));
}
