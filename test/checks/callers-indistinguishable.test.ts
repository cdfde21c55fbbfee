import { callersIndistinguishable } from '../../src/checks/callers-indistinguishable';
import { call, external, found, lines, port, route, service } from './model-builder';

const mesh = { provider: 'gateway-api', providerVersion: '1.5' } as const;
const orders = service('orders');
const front = (name: string) => service(name, { namespace: 'front' });
const from = (name: string, rest = {}) => call(name, 'orders', { caller: `front/${name}`, ...rest });

test('a caller of the service\'s own namespace', () => {
  const services = [orders, service('web')];
  expect(lines(callersIndistinguishable, { mesh, services, calls: [call('web', 'orders', { deadline: 1000 })] })).toEqual([
    '[shop/web] the deadline of the call to shop/orders cannot be said for shop/web alone (both are in the namespace shop, whose routes are everybody\'s). Say it of '
    + 'shop/orders itself, call it from another namespace, or take MeshProvider.istio(), which tells callers apart by their labels.',
  ]);
  expect(found(callersIndistinguishable, { services, calls: [call('web', 'orders', { deadline: 1000 })] })).toEqual([]);
  // It asks for what everybody has.
  expect(found(callersIndistinguishable, { mesh, services, calls: [call('web', 'orders', { deadline: 15_000 })] })).toEqual([]);
});

test('all callers of another namespace together', () => {
  const services = [orders, front('web'), front('app')];
  const both = [from('web', { deadline: 1000 }), from('app', { deadline: 1000 })];
  expect(found(callersIndistinguishable, { mesh, services, calls: [both[0]] })).toEqual([]);
  expect(found(callersIndistinguishable, { mesh, services, calls: both })).toEqual([]);
});

test('some of them, or each with another wish', () => {
  const services = [orders, front('web'), front('app')];
  expect(lines(callersIndistinguishable, { mesh, services, calls: [from('web', { deadline: 1000 }), from('app')] })).toEqual([
    '[shop/web] the deadline of the call to shop/orders cannot be said for front/web alone (front/app in front calls it, too). Say it of shop/orders itself, or the same '
    + 'of every call from front, or take MeshProvider.istio(), which tells callers apart by their labels.',
  ]);
  expect(found(callersIndistinguishable, { mesh, services, calls: [from('web', { deadline: 1000 }), from('app', { deadline: 2000 })] })).toHaveLength(2);
});

test('a route that says it for everybody leaves nothing to tell apart', () => {
  const services = [service('orders', { routes: [route('orders', 'all', { deadline: 3000, retry: { retries: 0, on: [] } })] }), service('web')];
  const calls = [call('web', 'orders', { deadline: 1000, operation: 'all' })];
  expect(found(callersIndistinguishable, { mesh, services, calls })).toEqual([]);
});

describe('where no caller is told from another', () => {
  const linkerd = { provider: 'linkerd', providerVersion: '2.20' } as const;
  const services = [orders, service('web'), service('batch')];
  const judged = (...calls: ReturnType<typeof call>[]) => lines(callersIndistinguishable, { mesh: linkerd, services, calls });

  test('all ask for the same, or nobody for anything', () => {
    const same = { deadline: 1000, retry: { retries: 1, on: [] } };
    expect(judged(call('web', 'orders', same), call('batch', 'orders', same))).toEqual([]);
    expect(judged(call('web', 'orders'), call('batch', 'orders'))).toEqual([]);
    expect(judged(call('web', 'orders', same), call('batch', 'web'))).toEqual([]);
  });

  test('they differ: each is told from whom', () => {
    expect(judged(call('web', 'orders', { deadline: 1000 }), call('batch', 'orders'))).toEqual([
      '[shop/web] the deadline of the call to shop/orders cannot be said for shop/web alone (shop/batch calls it, too, and asks for something else). Say it of shop/orders '
      + 'itself, or the same of every call to it, without a port or an operation; or take MeshProvider.istio(), which tells callers apart by their labels.',
    ]);
    expect(judged(call('web', 'orders', { deadline: 1000 }), call('batch', 'orders', { deadline: 2000 }))).toHaveLength(2);
    // It asks for what everybody has.
    expect(judged(call('web', 'orders', { deadline: 15_000 }), call('batch', 'orders'))).toEqual([]);
  });

  test('of many that differ three are named', () => {
    const callers = Array.from({ length: 6 }, (_, index) => service(`c${index}`));
    const calls = [call('web', 'orders', { deadline: 1000 }), ...callers.map(({ name }) => call(name, 'orders'))];
    const all = [...services, ...callers];
    const evidence = (some: typeof calls) => found(callersIndistinguishable, { mesh: linkerd, services: all, calls: some })[0].evidence;
    expect(evidence(calls)).toBe('shop/c0, shop/c1, shop/c2 and 3 others call it, too, and ask for something else');
    expect(evidence(calls.slice(0, 4))).toBe('shop/c0, shop/c1 and shop/c2 call it, too, and ask for something else');
  });

  test('a call that is about a part', () => {
    expect(judged(call('web', 'orders', { deadline: 1000, operation: 'search' }))[0]).toContain('(it is about the operation search alone)');
    expect(judged(call('web', 'orders', { deadline: 1000, port: 8080 }))[0]).toContain('(it is about port 8080 alone)');
  });

  test('connections have no requests to limit, and what lies outside has', () => {
    const externals = [external('pay', { ports: [port(80)] })];
    const calls = [call('web', 'pay', { callee: externals[0].id, deadline: 1000 }), call('batch', 'pay', { callee: externals[0].id })];
    expect(found(callersIndistinguishable, { mesh: linkerd, services, externals, calls })).toHaveLength(1);
    const db = service('db', { ports: [port(5432, 'postgres')] });
    expect(found(callersIndistinguishable, { mesh: linkerd, services: [...services, db], calls: [call('web', 'db', { deadline: 1 }), call('batch', 'db')] })).toEqual([]);
  });
});
