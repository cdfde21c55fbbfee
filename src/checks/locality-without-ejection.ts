import { circuitBreakerFor, ejectionFor, loadBalancingFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { ServiceNode } from '../model/mesh-model';
import type { LocalityPolicy } from '../model/policy';
import type { Check, Report } from './check';

export const localityWithoutEjection: Check = {
  code: FindingCode.LOCALITY_WITHOUT_EJECTION,
  name: 'locality-without-ejection',
  severity: Severity.ERROR,
  catalogue: ['IST0133'],
  title: 'Locality failover without outlier detection never moves any traffic',
  why: 'Traffic leaves a locality only when its endpoints count as unhealthy, and it is ejection that makes them so. Without it the mesh does not even '
    + 'write the failover priorities, and requests go everywhere alike. Fixed shares (distribute) need no ejection.',
  bad: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  loadBalancing: LoadBalancing.leastRequest({ locality: { failover: [{ region: 'eu', failoverTo: 'us' }] } }),
  circuitBreaker: CircuitBreaker.withoutEjection(),
});`,
  good: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  loadBalancing: LoadBalancing.leastRequest({ locality: { failover: [{ region: 'eu', failoverTo: 'us' }] } }),
  circuitBreaker: CircuitBreaker.of({ eject: { after: 5 } }),
});`,
  run: (model, report) => {
    for (const service of model.services) {
      const breaker = circuitBreakerFor(model, service);
      const locality = loadBalancingFor(model, service).locality;
      // A single pod has nowhere to fail over to: only who asked for it there is told.
      const asked = service.loadBalancing !== undefined || breaker.ejection === 'off';
      if (asked && ejectionFor(breaker, service) === undefined) {
        judge(report, service.origin, service, locality, breaker.ejection === 'off');
      }
      for (const version of service.versions) {
        if (version.loadBalancing === undefined && version.circuitBreaker === undefined) {
          continue;
        }
        const own = version.circuitBreaker ?? breaker;
        if (ejectionFor(own, service) === undefined) {
          judge(report, version.origin, service, (version.loadBalancing ?? loadBalancingFor(model, service)).locality, own.ejection === 'off');
        }
      }
    }
  },
};

function judge(report: Report, origin: string, service: ServiceNode, locality: LocalityPolicy | undefined, off: boolean): void {
  if (locality === undefined || locality.distribute.length > 0) {
    return;
  }
  const wish = locality.failover.length > 0
    ? `failover from ${locality.failover[0].from} to ${locality.failover[0].to}`
    : locality.failoverPriority.length > 0 ? `failoverPriority by ${locality.failoverPriority[0]}` : 'nearest first';
  report(origin, {
    message: `loadBalancing.locality (${wish}) never moves any traffic, since no endpoint is ever ejected`,
    evidence: off ? 'ejection is off in the circuit breaker in force' : `only ${service.pods?.max ?? 1} pod is known, so ejection is off by default`,
    fix: off ? 'Use CircuitBreaker.of({ eject: { … } }), or take the locality away' : 'Take the locality away, or say how many replicas there are',
    catalogue: locality.failover.length + locality.failoverPriority.length > 0 ? ['IST0133'] : [],
  });
}
