import { isMeshed, principalText, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';

export const allowWithoutPolicy: Check = {
  code: FindingCode.ALLOW_WITHOUT_POLICY,
  name: 'allow-without-policy',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Rules that nothing enforces',
  why: 'Allowing somebody refuses nobody: without a policy that closes the service everyone may call it, so the rule is narrower than '
    + 'what holds. Rules for pods without a proxy are read by nobody.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.allow(Principal.serviceAccount('batch', 'nightly'));`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.allow(Principal.serviceAccount('batch', 'nightly'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      const { allow, deny, tokens, external } = securityOf(service);
      if (!isMeshed(service) && allow.length + deny.length + tokens.length + external.length > 0) {
        report(service.origin, {
          message: `${service.id} has rules about its callers, and its pods have no proxy to enforce them`,
          evidence: 'its meshed is false',
          fix: 'Take the rules away until it joins the mesh, or let it join',
        });
      } else if (allow.length > 0 && service.zeroTrust === undefined) {
        report(service.origin, {
          message: `${service.id} allows ${listed(allow.map(({ principal }) => principalText(principal)))}, and no policy refuses the others`,
          evidence: model.policies.length === 0 ? 'the program has no ZeroTrustPolicy' : `no policy is about namespace ${service.namespace ?? '(none)'}`,
          fix: 'Write a ZeroTrustPolicy whose scope takes its namespace in, or take the rule away',
        });
      }
    }
  },
};
