import { Duration } from 'cdk8s';
import { ExternalService, MeshPort, Retry } from '../../src';
import { refusal } from '../support/refusal';
import { service, shop } from '../support/shop';

const program = shop();
const web = service(program, 'web');
const orders = service(program, 'orders');
const stripe = new ExternalService(program.chart, 'stripe', { mesh: program.mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });

test('a call that says nothing has the callee\'s policies', () => {
  web.calls(orders);
  expect(web._calls).toEqual([{
    origin: 'shop/web', caller: 'shop/web', callee: 'shop/orders', port: undefined, retry: undefined, deadline: undefined, times: 1, idempotent: true,
    parallel: false, operation: undefined, during: undefined, maxDepth: undefined,
  }]);
  expect(web._declaration.callees).toEqual(['shop/orders']);
});

test('every option is kept, and a second call to the same callee adds to the first', () => {
  web.calls(orders, {
    port: 8080, retry: Retry.upTo(2), deadline: Duration.seconds(3), times: 0, idempotent: false, parallel: true, operation: 'buy', during: 'shop', maxDepth: 4,
  });
  expect(web._calls[1]).toEqual({
    origin: 'shop/web', caller: 'shop/web', callee: 'shop/orders', port: 8080, retry: Retry.upTo(2)._policy(), deadline: 3000, times: 0, idempotent: false,
    parallel: true, operation: 'buy', during: 'shop', maxDepth: 4,
  });
  web.calls(stripe);
  expect(web._declaration.callees).toEqual(['shop/orders', 'shop/stripe']);
});

test('a service of another mesh is refused, and nothing is declared', () => {
  const other = shop();
  const foreign = service(other, 'foreign');
  expect(refusal(() => foreign.calls(web)))
    .toBe('shop/foreign: calls is "shop/web"; it belongs to another mesh than shop/mesh; declare it as an ExternalService of this mesh');
  expect(foreign._calls).toEqual([]);
});

test('an external service of another mesh is refused', () => {
  expect(refusal(() => service(shop(), 'foreign').calls(stripe)))
    .toBe('shop/foreign: calls is "shop/stripe"; it belongs to another mesh than shop/mesh; declare it as an ExternalService of this mesh');
});

test('a call to itself is refused', () => {
  expect(refusal(() => web.calls(web)))
    .toBe('shop/web: calls is "shop/web"; name another service; a call to itself never leaves the pod\'s own service');
});

test.each([0, 65536, 80.5])('refuses port %d', (port) => {
  expect(refusal(() => web.calls(orders, { port }))).toBe(`shop/web: calls(shop/orders).port is ${port}; give a whole number from 1 to 65535`);
});

test.each([-1, 1.5])('refuses %d times', (times) => {
  expect(refusal(() => web.calls(orders, { times }))).toBe(`shop/web: calls(shop/orders).times is ${times}; give a whole number of 0 or more`);
});

test('refuses a deadline of 0 and a depth of 0', () => {
  expect(refusal(() => web.calls(orders, { deadline: Duration.seconds(0) })))
    .toBe('shop/web: calls(shop/orders).deadline is 0 seconds; give a duration longer than 0');
  expect(refusal(() => web.calls(orders, { maxDepth: 0 }))).toBe('shop/web: calls(shop/orders).maxDepth is 0; give a whole number from 1 to 100');
});
