import { FindingCode, Severity } from '../model/finding';
import type { ExternalNode } from '../model/mesh-model';
import type { Check } from './check';
import { listed } from './text';

export const externalHostConflict: Check = {
  code: FindingCode.EXTERNAL_HOST_CONFLICT,
  name: 'external-host-conflict',
  severity: Severity.ERROR,
  catalogue: ['IST0177', 'KIA1211', 'KIA1212'],
  title: 'Two external services declare one host, or one declares a host of this mesh',
  why: 'A host has one set of ports, one protocol a port and one policy. Where two declarations name it, the mesh merges them in an order that '
    + 'nobody chose: one protocol wins, and the retries and limits of the other one are lost.',
  bad: `
new ExternalService(chart, 'stripe', { mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });
new ExternalService(chart, 'payments', { mesh, hosts: ['api.stripe.com'], ports: [MeshPort.tls(443)] });`,
  good: `
new ExternalService(chart, 'stripe', { mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });`,
  run: (model, report) => {
    if (model.externals.length === 0) {
      return;
    }
    const inside = new Map(model.services.map((service) => [service.host, service.id]));
    const seen = new Map<string, ExternalNode>();
    for (const external of model.externals) {
      for (const host of new Set(external.hosts.map((name) => name.toLowerCase()))) {
        const service = inside.get(host);
        if (service !== undefined) {
          report(external.origin, {
            message: `hosts holds ${host}, which is the service ${service} of this mesh`,
            fix: `Call ${service} itself, and leave the host out here`,
            catalogue: ['KIA1211'],
          });
        }
        const other = seen.get(host);
        if (other === undefined) {
          seen.set(host, external);
          continue;
        }
        const differing = external.ports.flatMap((port) => {
          const twin = other.ports.find((candidate) => candidate.number === port.number);
          return twin === undefined || twin.protocol === port.protocol ? [] : [`port ${port.number} is ${twin.protocol} there and ${port.protocol} here`];
        });
        report(external.origin, {
          message: `hosts holds ${host}, which ${other.id} declares already`,
          evidence: differing.length === 0 ? `${other.origin} comes first` : listed(differing),
          fix: `Declare ${host} once, with all of its ports`,
          catalogue: differing.length === 0 ? ['KIA1211'] : ['IST0177', 'KIA1212'],
        });
      }
    }
  },
};
