import { principalText, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';
import { handWritten, ISTIO_SECURITY, record, records, texts } from './raw';

export const wildcardPrincipal: Check = {
  code: FindingCode.WILDCARD_PRINCIPAL,
  name: 'wildcard-principal',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A rule lets a whole namespace or mesh in',
  why: 'Every workload that anybody starts there tomorrow may call, too. Accounts are named one by one so that a new one has to be '
    + 'allowed by somebody.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.allow(Principal.namespace('batch'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.allow(Principal.serviceAccount('batch', 'nightly'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      for (const { principal, origin, reason } of securityOf(service).allow) {
        if (reason === undefined && (principal.kind === 'namespace' || principal.kind === 'workload')) {
          report(origin, {
            message: `${service.id} allows ${principalText(principal)}`,
            evidence: 'the rule has no reason',
            fix: 'Name the accounts with Principal.serviceAccount, or say in reason why all of them are right',
          });
        }
      }
    }
    for (const { object, spec } of handWritten(model, 'AuthorizationPolicy', ISTIO_SECURITY)) {
      if (spec.action === 'DENY' || spec.action === 'CUSTOM') {
        continue;
      }
      const sources = records(spec.rules).flatMap((rule) => records(rule.from)).map(({ source }) => record(source));
      const wide = sources.flatMap((source) => [...texts(source.principals).filter((name) => name.includes('*')), ...texts(source.namespaces).map((name) => `namespace ${name}`)]);
      if (wide.length > 0) {
        report(object.origin, {
          message: `the AuthorizationPolicy ${object.name} allows ${listed([...new Set(wide)])}`,
          evidence: 'each stands for accounts that nobody named',
          fix: 'Name the accounts',
        });
      }
    }
  },
};
