import { isMeshed } from '../model/access';
import { reachable } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import { isHttp, isTls } from '../model/protocol';
import { sealsEgress } from '../model/security';
import type { Check } from './check';
import { listed } from './text';

export const egressByName: Check = {
  code: FindingCode.EGRESS_BY_NAME,
  name: 'egress-by-name',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A way out by the name in TLS, which Linkerd reads from experimental routes alone',
  why: 'A sealed namespace is left by declared ways alone. Requests tell their host, and connections their address; TLS tells a name, which Linkerd reads '
    + 'from a TLSRoute of v1alpha2. The standard channel of Gateway API does not serve that version, so the call would be refused.',
  bad: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const web = new MeshService(chart, 'web', { mesh: linkerd, workload: deployment('web') });
web.calls(new ExternalService(chart, 'bank', { mesh: linkerd, hosts: ['bank.example.com'], ports: [MeshPort.https(443)] }));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh: linkerd });`,
  good: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const web = new MeshService(chart, 'web', { mesh: linkerd, workload: deployment('web') });
web.calls(new ExternalService(chart, 'bank', {
  mesh: linkerd, hosts: ['bank.example.com'], ports: [MeshPort.https(443)], addresses: ['192.0.2.0/24'],
}));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh: linkerd });`,
  run: (model, report) => {
    if (model.mesh.provider !== 'linkerd') {
      return;
    }
    const callers = new Map<string, string[]>();
    for (const service of model.services.filter((one) => isMeshed(one) && sealsEgress(one))) {
      reachable(model, service).filter((callee) => 'hosts' in callee).forEach(({ id }) => callers.set(id, [...callers.get(id) ?? [], service.id]));
    }
    for (const { id, origin, addresses, ports } of model.externals) {
      const blind = ports.filter(({ protocol }) => !isHttp(protocol) && !(isTls(protocol) && model.mesh.gatewayChannel === 'experimental'));
      if (callers.has(id) && addresses.length === 0 && blind.length > 0) {
        report(origin, {
          message: `port ${listed(blind.map(({ number, protocol }) => `${number} (${protocol})`))} of ${id} has no way out of its callers' namespace`,
          evidence: `called by ${listed(callers.get(id)!)}, whose policy seals what is not declared; the channel is ${model.mesh.gatewayChannel ?? 'standard'}`,
          fix: 'Give its addresses, take GatewayChannel.EXPERIMENTAL for TLS, or say sealEgress: false',
        });
      }
    }
  },
};
