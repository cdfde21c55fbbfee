import { ejectionFor, circuitBreakerFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { EjectionPolicy } from '../model/policy';
import type { Check, Report } from './check';
import { counted } from './text';

export const ejectionEmptiesService: Check = {
  code: FindingCode.EJECTION_EMPTIES_SERVICE,
  name: 'ejection-empties-service',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Outlier detection may eject every endpoint',
  why: 'Ejection takes a failing endpoint out so that the others answer. With a share of 100 % and no minimum of healthy endpoints it can take '
    + 'all of them: every request is then answered 503 by the proxy until the ejection ends, although the fault may be a dependency that all '
    + 'of them share. A share below 100 % leaves at least one endpoint; with a minimum above 0 % the proxy uses all of them again when too few are healthy.',
  bad: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  circuitBreaker: CircuitBreaker.of({ eject: { atMostPercent: 100, minHealthyPercent: 0 } }),
});`,
  good: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  circuitBreaker: CircuitBreaker.of({ eject: { atMostPercent: 100, minHealthyPercent: 50 } }),
});`,
  run: (model, report) => {
    const inMesh = model.mesh.defaults.circuitBreaker.ejection;
    if (typeof inMesh === 'object' && [...model.services, ...model.externals].some((callee) => callee.circuitBreaker === undefined)) {
      judge(report, model.mesh.origin, inMesh, undefined);
    }
    for (const service of model.services) {
      if (service.circuitBreaker !== undefined) {
        judge(report, service.origin, ejectionFor(circuitBreakerFor(model, service), service), service.pods?.max);
      }
      for (const version of service.versions) {
        const own = version.circuitBreaker?.ejection;
        judge(report, version.origin, typeof own === 'object' ? own : undefined, version.workload?.replicas);
      }
    }
    for (const external of model.externals) {
      if (external.circuitBreaker !== undefined) {
        judge(report, external.origin, ejectionFor(external.circuitBreaker, external), undefined);
      }
    }
  },
};

function judge(report: Report, origin: string, ejection: EjectionPolicy | undefined, pods: number | undefined): void {
  if (ejection === undefined || ejection.maxPercent < 100 || ejection.minHealthPercent > 0) {
    return;
  }
  report(origin, {
    message: `eject.atMostPercent is ${ejection.maxPercent} and eject.minHealthyPercent is ${ejection.minHealthPercent}: ejection may leave no endpoint`,
    evidence: pods === undefined ? 'all of them may be ejected at once, however many there are' : `all ${counted(pods, 'pod')} may be ejected at once`,
    fix: 'Let atMostPercent be below 100, or minHealthyPercent above 0; 50 and 50 are the defaults',
  });
}
