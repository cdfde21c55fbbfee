import { circuitBreakerFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { CircuitBreakerPolicy } from '../model/policy';
import type { Check, Report } from './check';
import { counted } from './text';

export const ejectionNeverHappens: Check = {
  code: FindingCode.EJECTION_NEVER_HAPPENS,
  name: 'ejection-never-happens',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'Outlier detection that is too narrow to eject a single endpoint',
  why: 'The proxy ejects an endpoint only while the ejected share stays within the limit. Where the limit is less than one endpoint (10 % of three '
    + 'pods), none is ever ejected, and a pod that only fails keeps its share of the requests. Measured on Envoy 1.40: two endpoints that both '
    + 'answer 500 lose none at 49 %, one at 50 % and both at 100 %.',
  bad: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), replicas: Replicas.exactly(3), ports: [MeshPort.http(8080)],
  circuitBreaker: CircuitBreaker.of({ eject: { atMostPercent: 33 } }),
});`,
  good: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), replicas: Replicas.exactly(3), ports: [MeshPort.http(8080)],
  circuitBreaker: CircuitBreaker.of({ eject: { atMostPercent: 34 } }),
});`,
  run: (model, report) => {
    for (const service of model.services) {
      if (service.circuitBreaker !== undefined) {
        judge(report, service.origin, circuitBreakerFor(model, service), service.pods?.max);
      }
      for (const version of service.versions) {
        judge(report, version.origin, version.circuitBreaker, version.workload?.replicas);
      }
    }
  },
};

function judge(report: Report, origin: string, policy: CircuitBreakerPolicy | undefined, pods: number | undefined): void {
  const ejection = typeof policy?.ejection === 'object' ? policy.ejection : undefined;
  if (ejection === undefined || pods === undefined || pods === 0 || ejection.maxPercent * pods >= 100) {
    return;
  }
  report(origin, {
    message: `eject.atMostPercent is ${ejection.maxPercent}, which never ejects any endpoint`,
    evidence: `one of at most ${counted(pods, 'pod')} is ${Math.floor(1000 / pods) / 10} %`,
    fix: pods === 1
      ? 'Use CircuitBreaker.withoutEjection(): a single pod has no other to take over'
      : `Let atMostPercent be ${Math.ceil(100 / pods)} or more`,
  });
}
