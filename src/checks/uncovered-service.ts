import { guardedPorts, isMeshed } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { listed } from '../model/text';
import type { Check } from './check';

export const uncoveredService: Check = {
  code: FindingCode.UNCOVERED_SERVICE,
  name: 'uncovered-service',
  severity: Severity.WARNING,
  catalogue: ['KIA1301'],
  title: 'A service that no policy is about',
  why: 'A program with a zero trust policy shows who may call whom. A service in a namespace that no policy is about is open to '
    + 'everybody, which nobody sees until it matters.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
const bank = new Chart(app, 'bank', { namespace: 'bank' });
new MeshService(bank, 'ledger', { mesh, podLabels: { app: 'ledger' }, ports: [MeshPort.http(8080)] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, scope: ZeroTrustScope.namespaces('shop') });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
const bank = new Chart(app, 'bank', { namespace: 'bank' });
const ledger = new MeshService(bank, 'ledger', { mesh, podLabels: { app: 'ledger' }, ports: [MeshPort.http(8080)] });
web.calls(ledger);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, scope: ZeroTrustScope.namespaces('shop', 'bank') });`,
  run: (model, report) => {
    if (model.policies.length === 0) {
      return;
    }
    for (const service of model.services.filter((one) => guardedPorts(one).length > 0)) {
      if (!isMeshed(service)) {
        report(service.origin, {
          message: `everyone may call ${service.id}: its pods have no proxy`,
          evidence: 'its meshed is false',
          fix: 'Let it join the mesh',
          severity: Severity.INFO,
        });
      } else if (service.zeroTrust === undefined) {
        report(service.origin, {
          message: `everyone may call ${service.id}: no policy is about namespace ${service.namespace ?? '(none)'}`,
          evidence: service.namespace === model.mesh.systemNamespace ? 'it is the namespace of the control plane, whose policies hold everywhere'
            : `there are policies for ${listed(model.policies.flatMap(({ scope }) => scope.kind === 'namespaces' ? scope.namespaces : [scope.kind]))}`,
          fix: 'Take the namespace into the scope of a policy, or suppress this with a reason',
        });
      }
    }
  },
};
