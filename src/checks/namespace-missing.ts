import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const namespaceMissing: Check = {
  code: FindingCode.NAMESPACE_MISSING,
  name: 'namespace-missing',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A service without a namespace',
  why: 'A service\'s full name, its callers\' rules and the reach of its policies all depend on the namespace. Left out, it would be whichever one the '
    + 'person who applies the manifests has selected.',
  bad: `
const anywhere = new Chart(App.of(chart), 'anywhere');
new MeshService(anywhere, 'orders', { mesh, podLabels: { app: 'orders' }, ports: [MeshPort.http(8080)] });`,
  good: `
const shop = new Chart(App.of(chart), 'somewhere', { namespace: 'shop' });
new MeshService(shop, 'orders', { mesh, podLabels: { app: 'orders' }, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const { origin, name, namespace } of [...model.services, ...model.externals]) {
      if (namespace === undefined) {
        report(origin, {
          message: `${name} has no namespace`,
          evidence: 'neither it nor its chart names one',
          fix: 'Give the chart a namespace, new Chart(app, id, { namespace }), or the service itself',
        });
      }
    }
  },
};
