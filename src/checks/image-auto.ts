import { isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { namespaceInjection, refusesProxy } from './injection';
import { knownPods } from './pods';
import { labels, record, writtenByHand } from './raw';

const PROXY_CONTAINER = 'istio-proxy';

export const imageAuto: Check = {
  code: FindingCode.IMAGE_AUTO,
  name: 'image-auto',
  severity: Severity.ERROR,
  catalogue: ['IST0146', 'IST0147'],
  title: 'The image `auto` where nobody replaces it',
  why: '`auto` is a placeholder that injection replaces in the container istio-proxy, and only there. Elsewhere the node looks for an image of that '
    + 'name, and the pod never starts.',
  bad: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'auto'));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  good: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/image', 'registry.example.com/orders:1.0'));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const closed = new Set(writtenByHand(model, 'Namespace', '')
      .filter((object) => namespaceInjection(labels(record(object.body!.metadata).labels)).by === 'nobody')
      .map((object) => object.name));
    model.namespaces.filter((namespace) => !namespace.injected).forEach((namespace) => closed.add(namespace.name));
    for (const { service, version, workload } of knownPods(model)) {
      const replaced = workload.containers.filter(({ image }) => image === 'auto');
      if (replaced.length === 0) {
        continue;
      }
      const inNamespace = closed.has(workload.namespace ?? '') ? `injection is off in namespace ${workload.namespace}` : undefined;
      const ambient = isAmbient(model.mesh, service.namespace) ? 'no pod gets a sidecar in ambient mode' : undefined;
      const notInjected = ambient ?? refusesProxy(workload, model.mesh.provider) ?? inNamespace;
      for (const container of replaced) {
        if (container.name === PROXY_CONTAINER && notInjected === undefined) {
          continue;
        }
        report(version.origin, {
          message: `the image of container ${container.name} of ${workload.kind} ${workload.name} is auto, which nobody replaces`,
          evidence: container.name === PROXY_CONTAINER ? notInjected! : `injection replaces it only in a container ${PROXY_CONTAINER}`,
          fix: container.name === PROXY_CONTAINER ? ambient === undefined ? 'Turn injection on, or name a real image' : 'Take the container away' : 'Name a real image',
          catalogue: container.name !== PROXY_CONTAINER ? [] : [workload.kind === 'Pod' ? 'IST0147' : 'IST0146'],
        });
      }
    }
  },
};
