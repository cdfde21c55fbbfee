import { dataPlaneOf, isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, WorkloadNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { DATAPLANE_LABEL, INJECTION_LABEL, namespaceInjection, POD_LABEL, REVISION_LABEL } from './injection';
import { knownPods } from './pods';
import { groupOf, labels, record } from './raw';
import { labelText } from './text';

export const mixedDataPlanes: Check = {
  code: FindingCode.MIXED_DATA_PLANES,
  name: 'mixed-data-planes',
  severity: Severity.ERROR,
  catalogue: ['KIA1311', 'KIA1315', 'KIA1316'],
  title: 'Pods that are to be in the mesh in two ways at once',
  why: 'A namespace moves from sidecars to ambient mode as a whole. A pod that asks for a sidecar where the others have none keeps its own rules: '
    + 'it goes around the waypoints of what it calls, and the policies that are written for its namespace are not the ones that its proxy reads.',
  bad: `
const ambient = new Mesh(chart, 'ambient', {
  provider: MeshProvider.istioAmbient(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const pods = deployment('orders');
pods.podMetadata.addLabel('sidecar.istio.io/inject', 'true');
new MeshService(chart, 'orders', { mesh: ambient, workload: pods, ports: [MeshPort.http(8080)] });`,
  good: `
const moving = new Mesh(chart, 'moving', {
  provider: MeshProvider.istioAmbient({ sidecarNamespaces: ['shop'] }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const pods = deployment('orders');
pods.podMetadata.addLabel('sidecar.istio.io/inject', 'true');
new MeshService(chart, 'orders', { mesh: moving, workload: pods, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    if (model.mesh.provider === 'istio-ambient') {
      judgePods(model, report);
      judgeNamespaces(model, report);
      judgeList(model, report);
    }
  },
};

function judgePods(model: MeshModel, report: Report): void {
  for (const { service, version, workload } of knownPods(model)) {
    const ambient = isAmbient(model.mesh, service.namespace);
    if (ambient && asksForSidecar(workload)) {
      report(version.origin, {
        message: `the pods of ${workload.kind} ${workload.name} ask for a sidecar, and namespace ${service.namespace} is in ambient mode`,
        evidence: `${POD_LABEL} is true`,
        fix: `Take ${POD_LABEL} away; or leave ${service.namespace} in sidecarNamespaces of the provider until all of it can move`,
        catalogue: ['KIA1316'],
      });
    } else if (!ambient && workload.podLabels[DATAPLANE_LABEL] === 'ambient') {
      report(version.origin, {
        message: `the pods of ${workload.kind} ${workload.name} are labelled for ambient mode, and namespace ${service.namespace} still has sidecars`,
        evidence: `${DATAPLANE_LABEL} is ambient; sidecarNamespaces names ${service.namespace}`,
        fix: `Take the label away, or take ${service.namespace} out of sidecarNamespaces: the library then writes it`,
        catalogue: ['KIA1315'],
      });
    }
  }
}

/** The label is stronger than the annotation. */
function asksForSidecar({ podLabels, podAnnotations }: WorkloadNode): boolean {
  return (podLabels[POD_LABEL] ?? podAnnotations[POD_LABEL]) === 'true';
}

/** Pods of this program refuse a sidecar by themselves; pods that others make there get one. */
function judgeNamespaces(model: MeshModel, report: Report): void {
  const outside = new Set(model.services.filter(({ hasWorkload }) => !hasWorkload).map(({ namespace }) => namespace));
  const inside = new Set(model.services.map(({ namespace }) => namespace));
  for (const object of model.objects) {
    const found = !object.ours && object.kind === 'Namespace' && groupOf(object) === '' ? labels(record(object.body?.metadata).labels) : {};
    if (inside.has(object.name) && isAmbient(model.mesh, object.name) && namespaceInjection(found).by === 'revision') {
      const keys = [INJECTION_LABEL, REVISION_LABEL, DATAPLANE_LABEL].filter((key) => key in found);
      const said = Object.fromEntries(keys.map((key) => [key, found[key]]));
      report(object.origin, {
        message: `Namespace ${object.name} is in ambient mode, and its labels still ask for sidecars`,
        evidence: `labels: ${labelText(said)}`,
        fix: `Write ${DATAPLANE_LABEL}=ambient alone; or leave ${object.name} in sidecarNamespaces of the provider`,
        severity: outside.has(object.name) ? Severity.ERROR : Severity.WARNING,
        catalogue: ['KIA1311'],
      });
    }
  }
}

function judgeList(model: MeshModel, report: Report): void {
  const { mesh, services, externals, namespaces } = model;
  const known = new Set([...services, ...externals].map(({ namespace }) => namespace).concat(namespaces.map(({ name }) => name)));
  for (const name of mesh.ambient?.sidecarNamespaces ?? []) {
    if (!known.has(name)) {
      report(mesh.origin, {
        message: `sidecarNamespaces names ${name}, and the program has nothing there`,
        evidence: `its services are in ${[...known].filter((one) => dataPlaneOf(mesh, one) === mesh.provider).join(', ') || 'other namespaces'}`,
        fix: 'Correct the name, or take it out once the namespace has moved',
        severity: Severity.WARNING,
        catalogue: [],
      });
    }
  }
}
