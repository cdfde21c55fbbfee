import { enforcementOf, grantsOf, principalText, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';

export const identityWithoutMtls: Check = {
  code: FindingCode.IDENTITY_WITHOUT_MTLS,
  name: 'identity-without-mtls',
  severity: Severity.ERROR,
  catalogue: ['KIA0105'],
  title: 'A rule about identities on a port where nobody proves one',
  why: 'On a port without mutual TLS every connection is plain, those of the mesh\'s own callers included. Rules about services and '
    + 'accounts match nothing there; only networks can be told apart.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders') });
const db = new MeshService(chart, 'db', { mesh, workload: deployment('db', 3306), ports: [MeshPort.mysql()] });
orders.calls(db);
db.acceptPlaintext(3306, { reason: 'the old shop', until: '2999-12-31', addresses: ['192.0.2.0/24'] });
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders') });
const db = new MeshService(chart, 'db', { mesh, workload: deployment('db', 3306), ports: [MeshPort.mysql()] });
orders.calls(db);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    // Linkerd's proxies prove their identity to each other on every port.
    const enforced = model.mesh.provider === 'linkerd' ? [] : outlineOf(model).secured.filter((one) => enforcementOf(one) !== undefined);
    for (const service of enforced) {
      for (const { port, origin, addresses } of securityOf(service).plaintext.filter(({ mode }) => mode === 'disabled')) {
        const known = grantsOf(model, service).filter(({ principal, ports, cause }) => ports.includes(port) && cause !== 'plaintext'
          && principal.kind !== 'anyone' && principal.kind !== 'addresses');
        if (known.length === 0) {
          continue;
        }
        const names = listed([...new Set(known.map(({ principal }) => principalText(principal)))]);
        report(origin, {
          message: addresses.length > 0 ? `port ${port} of ${service.id} takes plain connections alone, and only from ${listed(addresses)}: ${names} would be refused there`
            : `port ${port} of ${service.id} takes plain connections alone: everyone may call it, not ${names} alone`,
          evidence: 'mTLS is disabled there, as a server that speaks first needs it for plain callers',
          fix: 'Give the plain callers a port of their own, or let them join the mesh; callers of the mesh need no exception',
          severity: addresses.length > 0 ? Severity.ERROR : Severity.WARNING,
        });
      }
    }
  },
};
