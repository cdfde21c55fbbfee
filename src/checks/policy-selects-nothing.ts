import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import { labelText, listed } from '../model/text';
import type { Check, Report } from './check';
import { PodIndex } from './pod-index';
import { handWritten, ISTIO_SECURITY, labels, record } from './raw';

export const policySelectsNothing: Check = {
  code: FindingCode.POLICY_SELECTS_NOTHING,
  name: 'policy-selects-nothing',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A policy that is about nothing in this program',
  why: 'A policy for a namespace without services, or for labels that no pod carries, protects nothing; most often the name is misspelt, '
    + 'and what was meant is open.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, scope: ZeroTrustScope.namespaces('shop', 'shpo') });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, scope: ZeroTrustScope.namespaces('shop') });`,
  run: (model, report) => {
    if (model.policies.length > 0) {
      judgePolicies(model, report);
    }
    judgeHandWritten(model, report);
  },
};

function judgePolicies(model: MeshModel, report: Report): void {
  const namespaces = new Set(model.services.flatMap(({ namespace }) => namespace ?? []));
  const evidence = `its services are in ${listed([...namespaces])}`;
  for (const { origin, scope, migration } of model.policies) {
    const named = scope.kind === 'namespaces' ? scope.namespaces.map((name) => ['scope', name]) : [];
    const staged = scope.kind === 'mesh' ? [] : [
      ...migration.strictNamespaces.map((name) => ['mtls.strictFor', name]), ...migration.exceptions.map(({ namespace }) => ['mtls.exceptFor', namespace]),
    ];
    for (const [property, name] of [...named, ...staged].filter(([, one]) => !namespaces.has(one))) {
      report(origin, { message: `${property} names the namespace ${name}, in which the program has no service`, evidence, fix: 'Correct the name, or take it away' });
    }
    const outside = scope.kind !== 'namespaces' ? [] : staged.filter(([, one]) => namespaces.has(one) && !scope.namespaces.includes(one));
    for (const [property, name] of outside) {
      report(origin, {
        message: `${property} names the namespace ${name}, which the policy is not about`, evidence: 'it is not in its scope', fix: 'Take it into the scope, or away here',
      });
    }
  }
}

function judgeHandWritten(model: MeshModel, report: Report): void {
  const index = PodIndex.of(model);
  for (const kind of ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication']) {
    for (const { object, spec } of handWritten(model, kind, ISTIO_SECURITY)) {
      const selector = labels(record(spec.selector).matchLabels);
      if (Object.keys(selector).length > 0 && index.knows(object.namespace) && index.select(object.namespace, selector).length === 0) {
        report(object.origin, {
          message: `the ${kind} ${object.name} selects ${labelText(selector)}, and no pod of namespace ${object.namespace} carries that`,
          evidence: 'of the pods that this program knows',
          fix: 'Correct the selector, or take the policy away',
        });
      }
    }
  }
}
