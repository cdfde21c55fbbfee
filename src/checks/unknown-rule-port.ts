import { guardedPorts, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';

export const unknownRulePort: Check = {
  code: FindingCode.UNKNOWN_RULE_PORT,
  name: 'unknown-rule-port',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A rule names a port that the service does not have',
  why: 'A rule for a port that is not there holds nowhere: what was to be allowed is refused, and what was to be denied is not.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.allow(Principal.serviceAccount('batch', 'nightly'), { ports: [80] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.allow(Principal.serviceAccount('batch', 'nightly'), { ports: [8080] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      const { allow, deny, tokens, external, plaintext } = securityOf(service);
      if (allow.length + deny.length + tokens.length + external.length + plaintext.length === 0) {
        continue;
      }
      const known = guardedPorts(service).map(({ number }) => number);
      const evidence = known.length === 0 ? 'it has none' : `it has ${listed(known.map(String))}`;
      for (const [method, rules] of [['allow', allow], ['deny', deny], ['requireJwt', tokens], ['requireAuthorizer', external]] as const) {
        for (const { ports, origin } of rules) {
          ports.filter((port) => !known.includes(port)).forEach((port) => report(origin, {
            message: `${method} of ${service.id} names the port ${port}, which the service does not have`, evidence,
            fix: 'Name a port of the service, or leave ports out for all of them',
          }));
        }
      }
      const open = service.versions.flatMap(({ workload }) => workload?.containers ?? []).flatMap(({ ports }) => ports.map(({ number }) => number));
      for (const { port, origin } of plaintext.filter((one) => !known.includes(one.port))) {
        if (service.ports.some(({ number, protocol }) => number === port && protocol === 'udp')) {
          report(origin, {
            message: `acceptPlaintext of ${service.id} names the port ${port}, which is UDP`, evidence, fix: 'Leave it out: meshes leave UDP alone',
          });
        } else if (open.length > 0 && !open.includes(port)) {
          report(origin, {
            message: `acceptPlaintext of ${service.id} names the port ${port}, which neither the service nor a container of it has`,
            evidence: `${evidence}; its containers have ${listed([...new Set(open)].map(String))}`,
            fix: 'Name a port of the service or of a container, or declare the port on the container',
            severity: Severity.WARNING,
          });
        }
      }
    }
  },
};
