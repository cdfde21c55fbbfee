import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { knownPods } from './pods';

export const accountContradicted: Check = {
  code: FindingCode.ACCOUNT_CONTRADICTED,
  name: 'account-contradicted',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A service states another account than the one that its pods run as',
  why: 'What a workload says of its own pods stays, so they would go on under its account. Every rule would be written for the stated one: the service '
    + 'could not call whom it declares, and whoever has the stated account could.',
  bad: `
const account = new kplus.ServiceAccount(chart, 'shop-account', { metadata: { name: 'shop' } });
const pods = new kplus.Deployment(chart, 'orders-pods', { serviceAccount: account, containers: [{ image: 'shop/orders:1.0', portNumber: 8080 }] });
new MeshService(chart, 'orders', { mesh, workload: pods, serviceAccountName: 'orders', ports: [MeshPort.http(8080)] });`,
  good: `
const account = new kplus.ServiceAccount(chart, 'shop-account', { metadata: { name: 'shop' } });
const pods = new kplus.Deployment(chart, 'orders-pods', { serviceAccount: account, containers: [{ image: 'shop/orders:1.0', portNumber: 8080 }] });
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const { service, version, workload } of knownPods(model)) {
      const { serviceAccount: own } = workload;
      if (service.serviceAccount !== undefined && own !== undefined && own !== service.serviceAccount) {
        report(version.origin, {
          message: `serviceAccountName is ${service.serviceAccount}, and ${workload.kind} ${workload.name} runs as ${own}`,
          evidence: `the pod template of ${workload.origin} says so, or another service of the same pods`,
          fix: `Leave serviceAccountName out, or say ${own} there; or change the account of the workload`,
        });
      }
    }
  },
};
