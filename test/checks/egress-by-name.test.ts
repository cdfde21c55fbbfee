import { findingsOf } from '../../src/checks';
import { egressByName } from '../../src/checks/egress-by-name';
import type { GatewayChannelKind } from '../../src/model/provider';
import { external, model, port, service } from './model-builder';
import { policy } from './security-builder';

function found(rest: Parameters<typeof external>[1], gatewayChannel: GatewayChannelKind = 'standard', sealed = true) {
  const web = service('web', { callees: ['shop/bank'], zeroTrust: policy({ sealEgress: sealed }) });
  return findingsOf(egressByName, model({ services: [web], externals: [external('bank', rest)], mesh: { provider: 'linkerd', gatewayChannel } })).map(({ message }) => message);
}

test('TLS has no way out of a sealed namespace but by addresses or the experimental channel', () => {
  const https = { ports: [port(443, 'https')] };
  expect(found(https)).toEqual(['port 443 (https) of shop/bank has no way out of its callers\' namespace']);
  expect(found({ ...https, addresses: ['192.0.2.0/24'] })).toEqual([]);
  expect(found(https, 'experimental')).toEqual([]);
  expect(found(https, 'standard', false)).toEqual([]);
  expect(found({ ports: [port(80, 'http')] })).toEqual([]);
});

test('other connections tell no name at all', () => {
  expect(found({ ports: [port(5432, 'postgres'), port(80, 'http')] }, 'experimental')).toEqual(['port 5432 (postgres) of shop/bank has no way out of its callers\' namespace']);
});
