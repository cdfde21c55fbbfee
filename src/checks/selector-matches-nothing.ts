import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { PodIndex } from './pod-index';
import { Labels, matches, podLabelsOf } from './pods';
import { handWritten, labels, record } from './raw';
import { labelText } from './text';

export const selectorMatchesNothing: Check = {
  code: FindingCode.SELECTOR_MATCHES_NOTHING,
  name: 'selector-matches-nothing',
  severity: Severity.ERROR,
  catalogue: ['IST0101', 'IST0127', 'KIA0004'],
  title: 'A selector that takes none of the pods it is meant for',
  why: 'A Service without pods answers nothing, and a policy that selects no pod does nothing; neither says so. An existing Service keeps its own '
    + 'selector, so the workload given with it must carry those labels.',
  bad: `
const service = new ApiObject(chart, 'service', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'order' }, ports: [{ name: 'http', port: 8080 }] },
});
const pods = deployment('orders');
pods.podMetadata.addLabel('app', 'orders');
MeshService.fromService(chart, 'orders', { mesh, service, workload: pods });`,
  good: `
const service = new ApiObject(chart, 'service', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'http', port: 8080 }] },
});
const pods = deployment('orders');
pods.podMetadata.addLabel('app', 'orders');
MeshService.fromService(chart, 'orders', { mesh, service, workload: pods });`,
  run: (model, report) => {
    model.services.forEach((service) => judgeExisting(service, report));
    judgeSidecars(model, report);
  },
};

function judgeExisting(service: ServiceNode, report: Report): void {
  const existing = service.existingService;
  if (existing === undefined) {
    return;
  }
  for (const version of service.versions) {
    const { workload } = version;
    if (workload === undefined || workload.unreadable !== undefined) {
      continue;
    }
    const carried = podLabelsOf(service, version, workload);
    if (!matches(existing.selector, carried)) {
      report(version.origin, {
        message: `the selector of Service ${existing.name} (${labelText(existing.selector) || 'empty'}) does not take the pods of ${workload.kind} ${workload.name}`,
        evidence: carriedText(existing.selector, carried),
        fix: 'Give the pods these labels, or correct the selector of the Service',
        catalogue: ['IST0127', 'KIA0004'],
      });
    }
  }
}

/** What the pods carry of the labels that matter. */
function carriedText(selector: Labels, carried: Labels): string {
  const own = Object.keys(selector).filter((key) => key in carried);
  return own.length === 0 ? 'they carry none of its labels' : `they carry ${own.map((key) => `${key}=${carried[key]}`).join(', ')}`;
}

/** Pods may come from another program, so only a namespace of which some pods are known is judged, and only by a warning. */
function judgeSidecars(model: MeshModel, report: Report): void {
  const sidecars = handWritten(model, 'Sidecar');
  const index = sidecars.length === 0 ? undefined : PodIndex.of(model);
  for (const { object, spec } of sidecars) {
    const selector = labels(record(spec.workloadSelector).labels);
    if (Object.keys(selector).length > 0 && index!.knows(object.namespace) && index!.select(object.namespace, selector).length === 0) {
      report(object.origin, {
        message: `workloadSelector of the Sidecar ${object.name} (${labelText(selector)}) takes no pod of this program`,
        evidence: `other pods of namespace ${object.namespace} are known`,
        fix: 'Correct the labels, or suppress this if another program makes the pods',
        severity: Severity.WARNING,
        catalogue: ['IST0101', 'KIA0004'],
      });
    }
  }
}
