import { FindingCode, Severity } from '../model/finding';
import type { ServiceNode, VersionNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { matches } from './pods';
import { labelText } from './text';

export const subsetSelectsNothing: Check = {
  code: FindingCode.SUBSET_SELECTS_NOTHING,
  name: 'subset-selects-nothing',
  severity: Severity.ERROR,
  catalogue: ['IST0173', 'KIA0203'],
  title: 'The pods of a version cannot be told from those of another, or there are none',
  why: 'A subset is a set of labels. Where two versions share them, each subset holds the pods of both and the split between them means '
    + 'nothing. Where a version has no pods but a share of the requests, that share is answered 503.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), version: 'v1', ports: [MeshPort.http(8080)] });
const next = deployment('orders-v2');
ApiObject.of(next).addJsonPatch(JsonPatch.add('/spec/replicas', 0));
orders.addVersion('v2', { workload: next });
orders.split({ v1: 90, v2: 10 });`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), version: 'v1', ports: [MeshPort.http(8080)] });
orders.addVersion('v2', { workload: deployment('orders-v2') });
orders.split({ v1: 90, v2: 10 });`,
  run: (model, report) => {
    for (const service of model.services) {
      if (service.versions.length > 1) {
        shared(service, report);
      }
      empty(service, report);
    }
  },
};

function shared(service: ServiceNode, report: Report): void {
  service.versions.forEach((version, index) => {
    const before = service.versions.slice(0, index);
    const other = before.find((earlier) => matches(version.selector, earlier.selector) || matches(earlier.selector, version.selector));
    if (other !== undefined) {
      report(version.origin, {
        message: `subset ${version.subset} selects pods of subset ${other.subset}, too`,
        evidence: `${version.subset} is ${selectorText(version)}, ${other.subset} is ${selectorText(other)}`,
        fix: 'Give the versions different names, or labels that tell their pods apart',
        catalogue: [],
      });
    }
  });
}

function selectorText(version: VersionNode): string {
  return labelText(version.selector) || 'without labels';
}

/** Versions without pods: a mistake where they get requests, and otherwise worth knowing. */
function empty(service: ServiceNode, report: Report): void {
  for (const version of service.versions) {
    if (version.workload?.replicas !== 0) {
      continue;
    }
    const share = shareOf(service, version);
    report(version.origin, {
      message: `version ${version.name} has no pods${share === undefined ? '' : `, but gets ${share}`}`,
      evidence: `${version.workload.kind} ${version.workload.name} has replicas 0`,
      fix: share === undefined
        ? `Give the workload a replica before subset ${version.subset} gets requests` : `Give the workload a replica, or subset ${version.subset} a share of 0`,
      severity: share === undefined ? Severity.INFO : Severity.ERROR,
    });
  }
}

function shareOf(service: ServiceNode, version: VersionNode): string | undefined {
  const percent = service.split?.[version.subset] ?? 0;
  if (percent > 0) {
    return `${percent} % of the requests`;
  }
  for (const route of service.routes) {
    const weight = route.backends.find((backend) => backend.service === service.id && backend.subset === version.subset)?.weight ?? 0;
    if (weight > 0) {
      return `${weight} % of the requests of the route ${route.name}`;
    }
  }
  return undefined;
}
