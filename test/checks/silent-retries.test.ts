import { silentRetries } from '../../src/checks/silent-retries';
import { ARGO, delivered, FLAGGER } from './canary-builder';
import { found, lines, port, service } from './model-builder';

const mesh = (gatewayChannel: 'standard' | 'experimental') => ({ provider: 'gateway-api', providerVersion: '1.5', gatewayChannel } as const);

test('the standard channel has no word for it: one finding for the whole mesh', () => {
  const services = [service('orders'), service('web'), service('db', { ports: [port(5432, 'postgres')] })];
  expect(lines(silentRetries, { mesh: mesh('standard'), services })).toEqual([
    '[shop/mesh] Istio retries requests to 2 services twice, and no route can say otherwise (the standard channel of Gateway API has no field for retries). Take '
    + 'GatewayChannel.EXPERIMENTAL, where the routes say it, or set `defaultHttpRetryPolicy: {attempts: 0}` in the mesh configuration of Istio and suppress this.',
  ]);
  expect(found(silentRetries, { mesh: mesh('experimental'), services })).toEqual([]);
  expect(found(silentRetries, { services })).toEqual([]);
});

test('connections are not repeated', () => {
  expect(found(silentRetries, { mesh: mesh('standard'), services: [service('db', { ports: [port(5432, 'postgres')] })] })).toEqual([]);
});

test('a route that Flagger writes has no word for it in any channel', () => {
  const services = [service('web'), delivered('orders', { engine: FLAGGER }), delivered('ledger', { engine: ARGO })];
  expect(lines(silentRetries, { mesh: mesh('experimental'), services })).toEqual([
    '[shop/mesh] Istio retries requests to 1 service twice, and no route can say otherwise (Flagger writes the HTTPRoute of shop/orders, and has no field for retries). '
    + 'Set `defaultHttpRetryPolicy: {attempts: 0}` in the mesh configuration of Istio and suppress this.',
  ]);
  expect(lines(silentRetries, { mesh: mesh('standard'), services })[0]).toContain('requests to 3 services');
});
