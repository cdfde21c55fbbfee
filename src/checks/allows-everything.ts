import { enforcementOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { listed } from '../model/text';
import type { Check } from './check';
import { PodIndex } from './pod-index';
import { handWritten, ISTIO_SECURITY, labels, list, record, records } from './raw';

export const allowsEverything: Check = {
  code: FindingCode.ALLOWS_EVERYTHING,
  name: 'allows-everything',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A hand-written policy that opens what zero trust closes',
  why: 'Policies that allow add up. One rule that is empty, or names no source, lets everybody in beside the declared callers; an empty '
    + 'rule looks much like an empty policy, which refuses everything.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ApiObject(chart, 'open', {
  apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'open' }, spec: { rules: [{}] },
});
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    const policies = handWritten(model, 'AuthorizationPolicy', ISTIO_SECURITY).filter(({ spec }) => spec.action === undefined || spec.action === 'ALLOW');
    if (policies.length === 0) {
      return;
    }
    const index = PodIndex.of(model);
    for (const { object, spec } of policies) {
      const selector = labels(record(spec.selector).matchLabels);
      const everywhere = object.namespace === model.mesh.systemNamespace;
      const pods = new Set(index.select(object.namespace, selector).map(({ service }) => service));
      const opened = model.services.filter((service) => enforcementOf(service) !== undefined
        && (Object.keys(selector).length > 0 ? pods.has(service) : everywhere || service.namespace === object.namespace));
      const rules = records(spec.rules);
      const empty = rules.some((rule) => Object.keys(rule).length === 0);
      const sourceless = rules.some((rule) => list(rule.from).length === 0 && list(rule.when).length === 0);
      if (opened.length > 0 && sourceless) {
        report(object.origin, {
          message: `the AuthorizationPolicy ${object.name} has a rule ${empty ? 'without any condition' : 'without a source'}: everyone may call ${listed(opened.map(({ id }) => id))}`
            + `${empty ? '' : ' so'}`,
          evidence: 'a zero trust policy is about them',
          fix: 'Take it away, or say on the service whom it allows with allow; an empty policy that refuses all is spec: {}',
          severity: empty ? Severity.ERROR : Severity.WARNING,
        });
      }
    }
  },
};
