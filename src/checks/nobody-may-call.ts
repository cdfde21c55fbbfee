import { enforcementOf, grantsOf, guardedPorts } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import type { Check } from './check';

export const nobodyMayCall: Check = {
  code: FindingCode.NOBODY_MAY_CALL,
  name: 'nobody-may-call',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A service under zero trust that nobody may call',
  why: 'Zero trust opens a service to its declared callers and to those that it allows. Where there are none, all of its requests are '
    + 'refused; for a service at which requests from outside arrive, those of the gateway in front of it, too.',
  bad: `
new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      if (enforcementOf(service) === undefined || guardedPorts(service).length === 0) {
        continue;
      }
      const grants = grantsOf(model, service).filter(({ principal }) => principal.kind !== 'service' || principal.service !== service.id);
      const outside = grants.some(({ principal }) => principal.kind !== 'service');
      if (grants.length > 0 && (outside || !service.entryPoint)) {
        continue;
      }
      report(service.origin, {
        message: grants.length === 0 ? `nobody may call ${service.id}` : `entryPoint of ${service.id} is true, and nobody outside the program may call it`,
        evidence: grants.length === 0 ? 'no service declares to call it, and it allows nobody' : 'it allows nobody but its declared callers',
        fix: 'Say who may, for instance allow(Principal.serviceAccount(\'istio-ingress\', …)) for the gateway in front of it, or declare the calls',
        severity: service.entryPoint ? Severity.ERROR : Severity.WARNING,
      });
    }
  },
};
