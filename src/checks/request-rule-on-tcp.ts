import { readsRequests, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import type { ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import { isHttp } from '../model/protocol';
import { listed } from '../model/text';
import type { Check, Report } from './check';

export const requestRuleOnTcp: Check = {
  code: FindingCode.REQUEST_RULE_ON_TCP,
  name: 'request-rule-on-tcp',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A rule about requests on a port whose requests no proxy reads',
  why: 'Methods, paths, hosts and tokens are there only where a proxy reads HTTP. On any other port such a rule lets nobody in; a denial '
    + 'that holds there, too, refuses every connection.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const db = new MeshService(chart, 'db', { mesh, workload: deployment('db', 5432), ports: [MeshPort.postgres()] });
web.calls(db);
db.allow(Principal.serviceAccount('batch', 'nightly'), { methods: ['POST'] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const db = new MeshService(chart, 'db', { mesh, workload: deployment('db', 5432), ports: [MeshPort.postgres()] });
web.calls(db);
db.allow(Principal.serviceAccount('batch', 'nightly'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    for (const service of outlineOf(model).secured) {
      const { allow, deny, tokens, external } = securityOf(service);
      for (const [verb, rules] of [['allow', allow], ['deny', deny]] as const) {
        for (const rule of rules.filter(readsRequests)) {
          const fields = (['methods', 'paths', 'hosts'] as const).filter((field) => rule[field].length > 0);
          judge(report, service, rule.origin, `${verb} of ${service.id} names ${listed(fields)}`, rule.ports);
        }
      }
      tokens.forEach(({ origin, issuer, ports }) => judge(report, service, origin, `requireJwt of ${service.id} asks for tokens of ${issuer.issuer}`, ports));
      external.filter(({ connections }) => !connections).forEach(({ origin, provider, ports }) => (
        judge(report, service, origin, `requireAuthorizer of ${service.id} asks ${provider}`, ports)
      ));
    }
    for (const call of outlineOf(model).detailed.filter(({ methods, paths }) => methods !== undefined || paths !== undefined)) {
      const callee = model.serviceById.get(call.callee);
      if (callee !== undefined) {
        const fields = (['methods', 'paths'] as const).filter((field) => call[field] !== undefined);
        judge(report, callee, call.origin, `the call to ${call.callee} names ${listed(fields)}`, call.port === undefined ? [] : [call.port]);
      }
    }
  },
};

function judge(report: Report, service: ServiceNode, origin: string, subject: string, named: readonly number[]): void {
  const ports = service.ports.filter(({ number }) => named.length === 0 || named.includes(number));
  const silent = ports.filter(({ protocol }) => !isHttp(protocol));
  // A rule without ports is for those that speak HTTP, as soon as there is one.
  if (ports.length === 0 || silent.length === 0 || (named.length === 0 && silent.length < ports.length)) {
    return;
  }
  report(origin, {
    message: `${subject}, and port ${listed(silent.map(({ number }) => String(number)))} does not speak HTTP`,
    evidence: listed(silent.map(({ number, protocol }) => `${number} is ${protocol}`)),
    fix: 'Leave that out and name the ports alone, or give the port its real protocol, for instance MeshPort.http or MeshPort.grpc',
  });
}
