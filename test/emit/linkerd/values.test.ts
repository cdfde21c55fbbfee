/** The forms in which Linkerd reads paths, times, protocols and callers. */
import { isPlainDuration } from '../../../src/checks/linkerd/grammar';
import { linkerdDuration } from '../../../src/emit/linkerd/duration';
import { failureAccrual } from '../../../src/emit/linkerd/failure-accrual';
import { asGrpc } from '../../../src/emit/linkerd/grpc';
import { meshTls, networks } from '../../../src/emit/linkerd/identity';
import { limitAnnotations } from '../../../src/emit/linkerd/limits';
import { MISLEADING, pathMatch } from '../../../src/emit/linkerd/path';
import { appProtocol, opaquePodPorts, opaqueServicePorts, proxyProtocol } from '../../../src/emit/linkerd/protocol';
import { identities } from '../../../src/model/access';
import type { EjectionPolicy } from '../../../src/model/policy';
import { PROTOCOLS, type Protocol } from '../../../src/model/protocol';
import fc from '../../support/fc';
import { aModel, aPort, aRoute, aService, aVersion, aWorkload, prefix } from '../model';

test.each([[1, '1ms'], [999, '999ms'], [1000, '1s'], [1500, '1500ms'], [90_000, '90s'], [60_000, '1m'], [7_200_000, '2h']])('%d ms is %s', (ms, text) => {
  expect(linkerdDuration(ms)).toBe(text);
});

test('every duration is one number of one unit', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (ms) => isPlainDuration(linkerdDuration(ms))));
});

describe('paths', () => {
  test.each([
    ['/orders', { type: 'Exact', value: '/orders' }], ['/orders/*', { type: 'PathPrefix', value: '/orders' }], ['/*', { type: 'PathPrefix', value: '/' }],
  ])('%s', (path, match) => {
    expect(pathMatch(path, true)).toEqual(match);
    expect(pathMatch(path, false)).toEqual(match);
  });

  const anchored = (value: string) => new RegExp(`^(?:${value})$`);

  test.each([
    ['/users/7/orders', true], ['/users/a%20b/orders', true], ['/users/..x/orders', true], ['/users//orders', false], ['/users/../orders', false],
    ['/users/..;a/orders', false], ['/users/%2e%2e/orders', false], ['/users/a%2Fb/orders', false], ['/users/a%5cb/orders', false], ['/users/7/orders/1', false],
  ])('/users/{*}/orders takes %s: %s', (path, taken) => {
    expect(anchored(pathMatch('/users/{*}/orders', true).value).test(path)).toBe(taken);
  });

  test.each([
    ['/files/', true], ['/files/a', true], ['/files/a/b.txt', true], ['/files/a/', true], ['/files/a//b', false], ['/files/a/../b', false], ['/other/a', false],
  ])('/files/{**} takes %s: %s', (path, taken) => {
    expect(anchored(pathMatch('/files/{**}', true).value).test(path)).toBe(taken);
  });

  test('letters of a template that mean something in an expression stand for themselves', () => {
    expect(pathMatch('/a.b/{*}', false)).toEqual({ type: 'RegularExpression', value: '/a\\.b/[^/]+' });
  });

  test.each([
    ['/api/a', false], ['/api/..x', false], ['/api/a;v=1', false], ['/api/../admin', true], ['/api/..%2Fadmin', true], ['/api/%2e%2e/admin', true], ['/api//admin', true],
    ['/api/..;/admin', true], ['/api/.', true], ['/api/a%5Cb', true],
  ])('%s is read otherwise by some: %s', (path, misleading) => {
    expect(anchored(MISLEADING.value).test(path)).toBe(misleading);
  });

  test('five templates fit into the schema', () => {
    expect(pathMatch('/a/{*}/b/{*}/c/{*}/d/{*}/{**}', true).value.length).toBeLessThanOrEqual(1024);
  });
});

test('every protocol has one of the words that Linkerd knows, and one for the server', () => {
  const words = (Object.keys(PROTOCOLS) as Protocol[]).map((protocol) => [protocol, appProtocol({ protocol }), protocol === 'udp' ? undefined : proxyProtocol({ protocol })]);
  const opaque = ['linkerd.io/opaque', 'opaque'];
  expect(words).toEqual([
    ['http', 'http', 'HTTP/1'], ['http2', 'kubernetes.io/h2c', 'HTTP/2'], ['grpc', 'kubernetes.io/h2c', 'gRPC'], ['grpc-web', 'http', 'HTTP/1'],
    ['https', ...opaque], ['tls', ...opaque], ['tcp', ...opaque], ['udp', undefined, undefined],
    ['mongo', ...opaque], ['mysql', ...opaque], ['redis', ...opaque], ['postgres', ...opaque], ['amqp', ...opaque],
  ]);
});

test('opaque ports are numbers: those of the Service on it, the container\'s on the pods', () => {
  const workload = aWorkload({ containers: [{ name: 'db', image: 'db', ports: [{ name: 'sql', number: 13306 }] }] });
  const service = aService('db', { ports: [aPort('mysql', 3306, { containerPort: 'sql' }), aPort('http', 80), aPort('tcp', 25)], versions: [aVersion('v1', { workload })] });
  expect(opaqueServicePorts(service)).toEqual({ 'config.linkerd.io/opaque-ports': '25,3306' });
  expect(opaquePodPorts(service)).toEqual({ 'config.linkerd.io/opaque-ports': '25,13306' });
  expect(opaqueServicePorts(aService('web'))).toEqual({});
});

describe('limits', () => {
  test('no retries and no limit say nothing', () => {
    expect(limitAnnotations({ retry: { retries: 0, on: [] }, deadline: 'none' }, 'HTTPRoute')).toEqual({});
  });

  test('conditions on statuses are written, and those that no status shows are not', () => {
    const on = ['connect-failure', 'reset', 'gateway-error', 'status:429', 'retriable-4xx', 'grpc-unavailable', 'gateway-error'] as const;
    const retry = { retries: 3, perTryMs: 1500, on };
    expect(limitAnnotations({ retry, deadline: 90_000 }, 'HTTPRoute')).toEqual({
      'retry.linkerd.io/http': 'gateway-error,429,409', 'retry.linkerd.io/limit': '3', 'retry.linkerd.io/timeout': '1500ms', 'timeout.linkerd.io/request': '90s',
    });
    expect(limitAnnotations({ retry, deadline: 'none' }, 'GRPCRoute')).toEqual({
      'retry.linkerd.io/grpc': 'unavailable', 'retry.linkerd.io/limit': '3', 'retry.linkerd.io/timeout': '1500ms',
    });
  });

  test('connection failures alone are a number of retries without conditions', () => {
    expect(limitAnnotations({ retry: { retries: 1, on: ['connect-failure'] }, deadline: 'none' }, 'HTTPRoute')).toEqual({ 'retry.linkerd.io/limit': '1' });
  });
});

describe('failure accrual', () => {
  const ejection: EjectionPolicy = {
    consecutiveServerErrors: 5, consecutiveGatewayErrors: 3, intervalMs: 10_000, baseMs: 30_000, maxPercent: 50, minHealthPercent: 50,
  };

  test('is written where it is asked for, and only there', () => {
    const accrual = 'balancer.linkerd.io/failure-accrual';
    expect(failureAccrual({ pool: {}, ejection })).toEqual({
      [accrual]: 'consecutive', [`${accrual}-consecutive-max-failures`]: '3', [`${accrual}-consecutive-min-penalty`]: '30s', [`${accrual}-consecutive-max-penalty`]: '1m',
    });
    expect(failureAccrual({ pool: {}, ejection: 'default' })).toEqual({});
    expect(failureAccrual({ pool: {}, ejection: 'off' })).toEqual({});
  });

  test('the longest penalty is never shorter than the shortest', () => {
    expect(failureAccrual({ pool: {}, ejection: { ...ejection, baseMs: 61_000 } })).toMatchObject({ 'balancer.linkerd.io/failure-accrual-consecutive-max-penalty': '61s' });
  });
});

describe('callers', () => {
  const services = [aService('web'), aService('worker.jobs', { accounts: ['a', 'b'] })];

  test('services and accounts are references, in one order', () => {
    expect(meshTls(aModel({ services }), [
      { kind: 'service', service: 'shop/web' }, { kind: 'service', service: 'jobs/worker' }, { kind: 'account', namespace: 'shop', account: 'web' },
      { kind: 'namespace', namespace: 'ops' }, { kind: 'addresses', blocks: ['10.0.0.0/8'], forwarded: false }, { kind: 'service', service: 'shop/none' },
    ])).toEqual({
      identityRefs: [
        { kind: 'Namespace', name: 'ops' }, { kind: 'ServiceAccount', namespace: 'jobs', name: 'a' }, { kind: 'ServiceAccount', namespace: 'jobs', name: 'b' },
        { kind: 'ServiceAccount', namespace: 'shop', name: 'web' },
      ],
    });
  });

  test('every workload is a star, and nobody is nothing', () => {
    expect(meshTls(aModel({ services }), [{ kind: 'workload' }, { kind: 'service', service: 'shop/web' }])).toEqual({ identities: ['*'] });
    expect(meshTls(aModel({ services }), [{ kind: 'anyone' }])).toBeUndefined();
  });

  test('another trust domain is spelt out, for the mesh\'s former ones, too', () => {
    const foreign = aModel({ services, mesh: { systemNamespace: 'linkerd' } });
    expect(meshTls(foreign, [{ kind: 'service', service: 'shop/web' }, { kind: 'account', namespace: 'b', account: 'c', trustDomain: 'other.test' }])).toEqual({
      identities: ['c.b.serviceaccount.identity.linkerd.other.test', 'web.shop.serviceaccount.identity.linkerd.cluster.local'],
    });
    const moved = aModel({ services, mesh: { systemNamespace: 'l5d', trustDomain: 'new.test', trustDomainAliases: ['old.test'] } });
    expect(meshTls(moved, [{ kind: 'namespace', namespace: 'ops' }])).toEqual({
      identities: ['*.ops.serviceaccount.identity.l5d.new.test', '*.ops.serviceaccount.identity.l5d.old.test'],
    });
    expect(identities(moved, { kind: 'namespace', namespace: 'ops' })).toHaveLength(2);
  });

  test('networks are those of connections, and all of them for anyone', () => {
    expect(networks([{ kind: 'addresses', blocks: ['10.0.0.0/8'], forwarded: false }, { kind: 'anyone' }])).toEqual({
      networks: [{ cidr: '10.0.0.0/8' }, { cidr: '0.0.0.0/0' }, { cidr: '::/0' }],
    });
    expect(networks([{ kind: 'addresses', blocks: ['10.0.0.0/8'], forwarded: true }, { kind: 'workload' }])).toBeUndefined();
  });
});

describe('gRPC is routed as such', () => {
  const port = aPort('grpc', 9000);

  test.each([
    ['a method', [{ path: { kind: 'exact', value: '/shop.Orders/Place' } }], true], ['a service', [prefix('/shop.Orders/')], true], ['a header', [{ headers: { a: { kind: 'present' } } }], true],
    ['a part of a service\'s name', [prefix('/shop.')], false], ['an expression', [{ path: { kind: 'regex', value: '/.*' } }], false], ['a query', [{ query: { a: { kind: 'present' } } }], false],
    ['GET', [{ method: { kind: 'exact', value: 'GET' } }], false],
  ] as const)('by %s: %s', (_, matches, grpc) => {
    expect(asGrpc(aService('orders', { ports: [port], routes: [aRoute('one', matches as never)] }), port)).toBe(grpc);
  });

  test('unless a route redirects, or the port is HTTP', () => {
    expect(asGrpc(aService('orders', { routes: [aRoute('one', [], { redirect: { status: 301 } })] }), port)).toBe(false);
    expect(asGrpc(aService('orders'), aPort('http2', 80))).toBe(false);
    expect(asGrpc(aService('orders'), port)).toBe(true);
  });
});
