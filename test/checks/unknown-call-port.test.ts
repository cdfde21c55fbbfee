import { unknownCallPort } from '../../src/checks/unknown-call-port';
import { call, external, found, lines, port, service } from './model-builder';

const orders = service('orders', { ports: [port(80, 'http', { containerPort: 8080 }), port(9090, 'grpc')] });

test('the container\'s port instead of the service\'s', () => {
  expect(lines(unknownCallPort, { services: [service('web'), orders], calls: [call('web', 'orders', { port: 8080 })] })).toEqual([
    "[shop/web] calls(shop/orders).port is 8080, which shop/orders does not serve (it serves 80 and 9090; 8080 is the container's port behind 80). "
    + 'Name 80, or leave the port out to mean all of them.',
  ]);
});

test('a port that nothing has', () => {
  expect(found(unknownCallPort, { services: [service('web'), orders], calls: [call('web', 'orders', { port: 81 })] }))
    .toMatchObject([{ evidence: 'it serves 80 and 9090', fix: 'Name one of these, or leave the port out to mean all of them' }]);
});

test('a call to a service without ports', () => {
  expect(found(unknownCallPort, { services: [service('web'), service('worker', { ports: [] })], calls: [call('web', 'worker')] }))
    .toMatchObject([{ construct: 'shop/web', message: 'calls(shop/worker) calls a service that serves no port' }]);
});

test.each([[80], [9090], [undefined]])('port %s is served', (number) => {
  expect(found(unknownCallPort, { services: [service('web'), orders], calls: [call('web', 'orders', { port: number })] })).toEqual([]);
});

test('ports of external services', () => {
  const parts = (number: number) => ({ services: [service('web')], externals: [external('pay')], calls: [call('web', 'pay', { port: number })] });
  expect(found(unknownCallPort, parts(443))).toEqual([]);
  expect(found(unknownCallPort, parts(80))).toHaveLength(1);
});
