import { Duration } from 'cdk8s';
import { CallOptions, ExternalService, MeshPort, Retry } from '../../src';
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

/** The compiler asks for an option that is added. */
const SINGLE: { readonly [Option in keyof CallOptions]-?: readonly [NonNullable<CallOptions[Option]>, unknown] } = {
  port: [8080, 8080], retry: [Retry.upTo(1), Retry.upTo(1)._policy()], deadline: [Duration.seconds(1), 1000], times: [2, 2], parallel: [true, true],
  operation: ['buy', 'buy'], methods: [['GET'], ['GET']], paths: [['/a'], ['/a']], during: ['shop', 'shop'], maxDepth: [2, 2], idempotent: [false, false],
};

test.each(Object.entries(SINGLE))('%s is kept where it is all that a call says', (option, [said, kept]) => {
  const own = shop();
  const caller = service(own, 'caller');
  caller.calls(service(own, 'callee'), { [option]: said });
  expect(caller._calls[0]).toMatchObject({ callee: 'shop/callee', [option]: kept });
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

describe('two calls to one callee', () => {
  const { chart, mesh } = shop();
  const callee = service({ chart, mesh }, 'callee');
  const caller = (id: string) => service({ chart, mesh }, id);

  test('with policies of which one would be lost are refused', () => {
    const one = caller('one');
    one.calls(callee, { retry: Retry.upTo(1), during: 'a' });
    expect(refusal(() => one.calls(callee, { deadline: Duration.seconds(1), during: 'b' }))).toBe(
      'shop/one: calls(shop/callee) is {"deadline":1000}; an earlier call to the same port and operation says '
      + '{"retry":{"retries":1,"on":["connect-failure","refused-stream","reset-before-request","gateway-error","grpc-unavailable"]}}, '
      + 'and a proxy cannot tell the two apart; say the same in both, or name the port or the operation of each',
    );
    expect(one._calls).toHaveLength(1);
  });

  test('that say the same, or of which one says nothing, are taken', () => {
    const two = caller('two');
    two.calls(callee, { deadline: Duration.seconds(1), times: 2 });
    two.calls(callee, { deadline: Duration.seconds(1), during: 'b' });
    two.calls(callee, { during: 'c' });
    expect(two._calls).toHaveLength(3);
  });

  test('at another port or for another operation have policies of their own', () => {
    const three = caller('three');
    three.calls(callee, { deadline: Duration.seconds(1) });
    three.calls(callee, { deadline: Duration.seconds(2), port: 8080 });
    three.calls(callee, { deadline: Duration.seconds(3), operation: 'buy' });
    expect(three._calls).toHaveLength(3);
  });
});
