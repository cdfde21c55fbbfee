import { enforcementOf, grantsOf, guardedPorts, readsRequests } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import { isHttp } from '../model/protocol';
import { indistinct, requestCells } from '../model/request-cells';
import type { Check } from './check';
import { counted } from './text';

export const requestRulesOverlap: Check = {
  code: FindingCode.REQUEST_RULES_OVERLAP,
  name: 'request-rules-overlap',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Rules with requests in common of which Linkerd cannot tell the narrower one',
  why: 'Of all routes of a port the one most exact match decides alone, by its length. Where a template and another path, or a prefix and the exact path '
    + 'that it begins with, are for different callers, both match the same letters; the older route then decides, and callers of the other one are refused.',
  bad: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const ports = [MeshPort.http(8080)];
const orders = new MeshService(chart, 'orders', { mesh: linkerd, workload: deployment('orders'), ports });
const web = new MeshService(chart, 'web', { mesh: linkerd, workload: deployment('web') });
const audit = new MeshService(chart, 'audit', { mesh: linkerd, workload: deployment('audit') });
web.calls(orders, { paths: ['/orders/{*}'] });
audit.calls(orders, { paths: ['/orders/export'] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh: linkerd });`,
  good: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const ports = [MeshPort.http(8080)];
const orders = new MeshService(chart, 'orders', { mesh: linkerd, workload: deployment('orders'), ports });
const web = new MeshService(chart, 'web', { mesh: linkerd, workload: deployment('web') });
const audit = new MeshService(chart, 'audit', { mesh: linkerd, workload: deployment('audit') });
web.calls(orders, { paths: ['/orders/*'] });
audit.calls(orders, { paths: ['/orders/export'] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh: linkerd });`,
  run: (model, report) => {
    for (const service of model.mesh.provider === 'linkerd' ? outlineOf(model).secured.filter((one) => enforcementOf(one) !== undefined) : []) {
      const pairs = overlaps(model, service);
      if (pairs.length > 0) {
        const [[a, b]] = pairs;
        report(service.origin, {
          message: `${service.id} lets different callers to ${a} and to ${b}, and Linkerd cannot tell which of the two is meant`,
          evidence: pairs.length === 1 ? 'one route decides about a request, and both match as many letters' : `so it is with ${counted(pairs.length, 'pair')} of paths`,
          fix: 'Ask for a whole prefix (/…/*) in place of the template, give the two other methods, or let the same callers to both',
        });
      }
    }
  },
};

function overlaps(model: MeshModel, service: ServiceNode): readonly (readonly [string, string])[] {
  const grants = grantsOf(model, service).filter(readsRequests).map((grant) => ({ ...grant, who: JSON.stringify(grant.principal) }));
  return guardedPorts(service).filter(({ protocol }) => isHttp(protocol)).flatMap(({ number }) => (
    indistinct(requestCells(grants.filter(({ ports }) => ports.includes(number))))
  ));
}
