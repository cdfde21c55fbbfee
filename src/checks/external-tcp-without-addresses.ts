import { FindingCode, Severity } from '../model/finding';
import { isHttp, isTls, PROTOCOLS } from '../model/protocol';
import type { Check } from './check';
import { counted, listed } from './text';

export const externalTcpWithoutAddresses: Check = {
  code: FindingCode.EXTERNAL_TCP_WITHOUT_ADDRESSES,
  name: 'external-tcp-without-addresses',
  severity: Severity.ERROR,
  catalogue: ['IST0134'],
  title: 'An external TCP service without addresses catches every TCP connection on its port',
  why: 'HTTP tells its host in a header and TLS in the server name; plain TCP tells nothing. Without an address the proxy can go by the port '
    + 'alone, so every connection to that port, wherever it was meant to go, ends at this service.',
  bad: `
new ExternalService(chart, 'warehouse', { mesh, hosts: ['db.example.com'], ports: [MeshPort.postgres()] });`,
  good: `
new ExternalService(chart, 'warehouse', {
  mesh, hosts: ['db.example.com'], ports: [MeshPort.postgres()], addresses: ['192.0.2.10'],
});`,
  run: (model, report) => {
    for (const external of model.externals) {
      const blind = external.ports.filter(({ protocol }) => !isHttp(protocol) && !isTls(protocol) && PROTOCOLS[protocol].transport === 'TCP');
      if (external.addresses.length === 0 && blind.length > 0) {
        report(external.origin, {
          message: `addresses is empty, and ${listed(blind.map((port) => `port ${port.number} (${port.protocol})`))} cannot be told by host`,
          evidence: `${counted(external.hosts.length, 'host')}: ${listed(external.hosts)}`,
          fix: 'Give the addresses that the host resolves to, or a virtual address that its DNS name answers with',
        });
      }
    }
  },
};
