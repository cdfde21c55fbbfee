import {
  DEFAULT_EJECTION, addedLabels, calleeOf, circuitBreakerFor, deadlineFor, egressOf, ejectionFor, hostsOf, httpPorts,
  loadBalancingFor, reachable, retryFor, servingPort, targetHostsOf,
} from '../../src/model/effective';
import { callsWithPolicy } from '../../src/model/outline';
import { CircuitBreakerPolicy, LoadBalancingPolicy } from '../../src/model/policy';
import { aCall, aModel, aPort, aRoute, aService, aVersion, anExternal, retry } from '../emit/model';

const empty = aModel({});

describe('the route\'s word is stronger than the call\'s, that than the service\'s, and that than the mesh\'s', () => {
  const model = aModel({ defaults: { retry: retry(1), deadline: 1 } });
  const plain = aService('orders');
  const service = aService('orders', { retry: retry(2), deadline: 2 });
  const call = aCall('web', 'orders', { retry: retry(3), deadline: 3 });
  const route = aRoute('main', [], { retry: retry(4), deadline: 4 });
  const silent = aRoute('main', []);

  test('of retries', () => {
    expect([retryFor(model, plain), retryFor(model, service), retryFor(model, service, undefined, call), retryFor(model, service, route, call)]
      .map(({ retries }) => retries)).toEqual([1, 2, 3, 4]);
    expect(retryFor(model, service, silent, call).retries).toBe(3);
  });

  test('of deadlines', () => {
    expect(deadlineFor(model, plain)).toBe(1);
    expect(deadlineFor(model, service)).toBe(2);
    expect(deadlineFor(model, service, undefined, call)).toBe(3);
    expect(deadlineFor(model, service, route, call)).toBe(4);
    expect(deadlineFor(model, service, silent, call)).toBe(3);
    expect(deadlineFor(model, service, { ...route, deadline: 'none' }, call)).toBe('none');
  });
});

describe('a port that streams', () => {
  const stream = aPort('grpc', 81, { streaming: true });
  const http = aPort('http', 80);
  const deadline = (...ports: (typeof stream)[]) => deadlineFor(empty, aService('orders', { ports }));

  test('has no default deadline', () => {
    expect(deadline(stream)).toBe('none');
    expect(deadlineFor(empty, aService('orders', { ports: [stream, http] }), undefined, undefined, stream)).toBe('none');
  });

  test('leaves the other ports theirs', () => {
    expect(deadline(stream, http)).toBe(15_000);
    expect(deadlineFor(empty, aService('orders', { ports: [stream, http] }), undefined, undefined, http)).toBe(15_000);
    expect(deadline()).toBe(15_000);
    expect(deadline(aPort('tcp', 1, { streaming: true }))).toBe(15_000);
  });

  test('has the deadline that is said of its service', () => {
    expect(deadlineFor(empty, aService('orders', { ports: [stream], deadline: 7 }))).toBe(7);
  });
});

describe('ejection', () => {
  const policy = (ejection: CircuitBreakerPolicy['ejection']): CircuitBreakerPolicy => ({ pool: {}, ejection });
  const of = (max: number) => aService('orders', { pods: { min: 1, max } });

  test('is on by default, but for a single pod and for what lies outside', () => {
    expect(ejectionFor(policy('default'), of(2))).toBe(DEFAULT_EJECTION);
    expect(ejectionFor(policy('default'), aService('orders'))).toBe(DEFAULT_EJECTION);
    expect(ejectionFor(policy('default'), of(1))).toBeUndefined();
    expect(ejectionFor(policy('default'), anExternal('stripe'))).toBeUndefined();
  });

  test('is off where it is said, and as it is said', () => {
    const own = { ...DEFAULT_EJECTION, maxPercent: 10 };
    expect(ejectionFor(policy('off'), of(2))).toBeUndefined();
    expect(ejectionFor(policy(own), of(1))).toBe(own);
    expect(ejectionFor(policy(own), anExternal('stripe'))).toBe(own);
  });
});

test('circuit breaker and load balancing are the service\'s, else the mesh\'s', () => {
  const breaker: CircuitBreakerPolicy = { pool: { maxConnections: 1 }, ejection: 'off' };
  const balancing: LoadBalancingPolicy = { algorithm: { kind: 'random' } };
  expect(circuitBreakerFor(empty, aService('orders', { circuitBreaker: breaker }))).toBe(breaker);
  expect(circuitBreakerFor(empty, aService('orders'))).toBe(empty.mesh.defaults.circuitBreaker);
  expect(loadBalancingFor(empty, aService('orders', { loadBalancing: balancing }))).toBe(balancing);
  expect(loadBalancingFor(empty, aService('orders'))).toBe(empty.mesh.defaults.loadBalancing);
});

test('a callee is a service or lies outside, and has its names', () => {
  const [orders, stripe] = [aService('orders'), anExternal('stripe')];
  const model = aModel({ services: [orders], externals: [stripe] });
  expect([calleeOf(model, 'shop/orders'), calleeOf(model, 'shop/stripe'), calleeOf(model, 'shop/nobody')]).toEqual([orders, stripe, undefined]);
  expect([hostsOf(orders), hostsOf(stripe)]).toEqual([['orders.shop.svc.cluster.local'], ['stripe.example.com']]);
  expect([targetHostsOf(orders), targetHostsOf(stripe)]).toEqual([['orders.shop.svc.cluster.local'], ['stripe.example.com']]);
});

test('only calls with a wish of their own have a policy', () => {
  const calls = [aCall('a', 'orders'), aCall('b', 'orders', { retry: retry(0) }), aCall('c', 'orders', { deadline: 1 }), aCall('d', 'orders', { times: 2 })];
  const model = aModel({ services: [aService('orders')], calls });
  expect(callsWithPolicy(model, 'shop/orders').map(({ caller }) => caller)).toEqual(['shop/b', 'shop/c']);
  expect(callsWithPolicy(model, 'shop/nobody')).toEqual([]);
});

test('a proxy must know its callees and where their routes lead, also in a ring', () => {
  const backend = (service: string) => aRoute('r', [], { backends: [{ service, weight: 100 }] });
  const services = [
    aService('web', { callees: ['shop/orders', 'shop/stripe', 'shop/gone'] }),
    aService('orders', { routes: [backend('shop/next'), aRoute('m', [], { mirrors: [{ service: 'shop/shadow', percent: 1 }] })], callees: ['shop/ledger'] }),
    aService('next', { routes: [backend('shop/orders')] }), aService('shadow'), aService('ledger'),
  ];
  const model = aModel({ services, externals: [anExternal('stripe')] });
  expect(reachable(model, services[0]).map(({ id }) => id)).toEqual(['shop/orders', 'shop/next', 'shop/shadow', 'shop/stripe']);
});

test('egress is declared once a call is, and as it is said', () => {
  expect(egressOf(aService('web'))).toBe('everything');
  expect(egressOf(aService('web', { callees: ['shop/orders'] }))).toBe('declared');
  expect(egressOf(aService('web', { egress: 'namespace', callees: ['shop/orders'] }))).toBe('namespace');
  expect(egressOf(aService('web', { egress: 'declared' }))).toBe('declared');
});

test('pods get the service\'s labels and their version\'s; those of an existing Service only the latter', () => {
  expect(addedLabels(aService('orders'), aVersion('v2'))).toEqual({ app: 'orders', version: 'v2' });
  expect(addedLabels(aService('orders', { existing: true }), aVersion('v2'))).toEqual({ version: 'v2' });
});

test('a backend without a port is asked at the port that the request came for, else at one that speaks alike', () => {
  const [http, grpc, tcp] = [aPort('http', 80), aPort('grpc', 90), aPort('tcp', 70)];
  expect(servingPort({ ports: [tcp, grpc, http] }, http)).toBe(http);
  expect(servingPort({ ports: [tcp, grpc, aPort('http', 8080)] }, http)).toBe(grpc);
  expect(servingPort({ ports: [tcp] }, http)).toBe(tcp);
  expect(servingPort({ ports: [] }, http)).toBeUndefined();
  expect(httpPorts({ ports: [tcp, grpc, http] })).toEqual([grpc, http]);
});
