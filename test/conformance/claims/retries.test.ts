/** How often, on what, and how fast a request is repeated, and when its caller stops waiting. */
import { Duration } from 'cdk8s';
import { FindingCode, MeshPort, Retry, RetryOn, RouteMatch } from '../../../src';
import { claimBetween, claimEqual, pause, stack, type Workload } from '../stack';
import { HTTP, Program } from './program';

const NAMESPACE = 'claims-retries';
const cluster = stack();
const [web, other, orders, plain] = ['web', 'other', 'orders', 'plain'].map(name => cluster.workload(NAMESPACE, name));

const CONDITIONS: Record<string, RetryOn> = {
  'server-error': RetryOn.SERVER_ERROR,
  'gateway-error': RetryOn.GATEWAY_ERROR,
  'reset': RetryOn.RESET,
  'reset-before-request': RetryOn.RESET_BEFORE_REQUEST,
  'connect-failure': RetryOn.CONNECT_FAILURE,
  'refused-stream': RetryOn.REFUSED_STREAM,
  'retriable-4xx': RetryOn.RETRIABLE_4XX,
  'status-429': RetryOn.status(429),
  'grpc-cancelled': RetryOn.GRPC_CANCELLED,
  'grpc-deadline-exceeded': RetryOn.GRPC_DEADLINE_EXCEEDED,
  'grpc-resource-exhausted': RetryOn.GRPC_RESOURCE_EXHAUSTED,
  'grpc-internal': RetryOn.GRPC_INTERNAL,
  'grpc-unavailable': RetryOn.GRPC_UNAVAILABLE,
};
/** What each condition repeats twice: HTTP statuses, a reset by the application, gRPC statuses. */
const REPEATED: Record<string, (number | 'reset')[]> = {
  'server-error': [500, 502, 503, 504, 'reset'],
  // The callee's own proxy turns the application's reset into a 503.
  'gateway-error': [502, 503, 504, 'reset'],
  'retriable-4xx': [409],
  'status-429': [429],
};
const GRPC: Record<string, number> = {
  'grpc-cancelled': 1, 'grpc-deadline-exceeded': 4, 'grpc-resource-exhausted': 8, 'grpc-internal': 13, 'grpc-unavailable': 14,
};

function program(): Program {
  const it = new Program(NAMESPACE, { defaults: { retry: Retry.upTo(1), deadline: Duration.millis(1600) }, budgets: { requestAmplification: 20 } })
    .accept('a deadline that cuts retries off is measured', FindingCode.RETRIES_BEYOND_DEADLINE);
  const service = it.service('orders', {
    ports: [HTTP, MeshPort.grpc(9000)], retry: Retry.upTo(2), deadline: Duration.millis(1200),
  });
  const untold = it.service('plain');
  const [first, second] = ['web', 'other'].map(name => it.client(name));
  first.calls(service);
  first.calls(untold);
  second.calls(service, { retry: Retry.upTo(3), deadline: Duration.millis(800) });
  const routes: Record<string, Retry> = {
    'route': Retry.upTo(4),
    'never': Retry.never(),
    'back-off': Retry.upTo(3, { backOff: Duration.millis(200), on: [RetryOn.SERVER_ERROR] }),
    'per-try': Retry.upTo(2, { perTry: Duration.millis(300) }),
    'other-per-try': Retry.upTo(2, { perTry: Duration.millis(300), on: [RetryOn.CONNECT_FAILURE] }),
    'short': Retry.upTo(10, { perTry: Duration.millis(300) }),
    ...Object.fromEntries(Object.entries(CONDITIONS).map(([name, condition]) => [`on-${name}`, Retry.upTo(2, { on: [condition] })])),
  };
  const deadlines: Record<string, number> = { 'route': 400, 'short': 1000 };
  for (const [name, retry] of Object.entries(routes)) {
    // The same paths serve HTTP and gRPC.
    service.addRoute(name, { matches: [RouteMatch.prefix(`/${name}/`)], retry, deadline: Duration.millis(deadlines[name] ?? 5000) });
  }
  return it;
}

beforeAll(() => program().start(cluster));
beforeEach(() => Promise.all([orders, plain].map(async one => {
  await one.configure({});
  await one.resetCounts();
})));
afterAll(() => cluster.drop(NAMESPACE));

const at = (path: string, service = 'orders') => `http://${service}.${NAMESPACE}${path}`;

/** How many attempts an application sees of one request to each path. */
async function attempts(from: Workload, paths: string[], callee = orders): Promise<number[]> {
  await callee.resetCounts();
  await Promise.all(paths.map(path => from.request({ url: at(path, callee.name) })));
  const { rows } = await callee.counts();
  return paths.map(path => rows.filter(row => row.path === path).reduce((sum, { count }) => sum + count, 0));
}

test('how often', async () => {
  await Promise.all([orders, plain].map(one => one.configure({ rules: [{ status: 503 }] })));
  claimEqual('attempts by the stronger word: mesh 1, service 2, call 3, route 4 retries; a route\'s never', [[2], [3], [4], [5], [5], [1]], [
    await attempts(web, ['/a'], plain), await attempts(web, ['/a']), await attempts(other, ['/a']),
    await attempts(web, ['/route/']), await attempts(other, ['/route/']), await attempts(other, ['/never/']),
  ]);
  await orders.configure({ rules: [{ status: 503, first: 2 }] });
  const { status } = await web.request({ url: at('/a') });
  claimEqual('a service that recovers within the retries: the client sees', '200', status);
});

test('on what, over HTTP', async () => {
  const names = Object.keys(CONDITIONS);
  const kinds = [500, 502, 503, 504, 409, 429, 'reset'] as const;
  const seen: Record<string, Record<string, number>> = Object.fromEntries(names.map(name => [name, {}]));
  for (const kind of kinds) {
    await orders.configure({ rules: [kind === 'reset' ? { reset: true } : { status: kind }] });
    const counted = await attempts(web, names.map(name => `/on-${name}/`));
    names.forEach((name, i) => (seen[name][kind] = counted[i]));
  }
  for (const name of names) {
    const expected = Object.fromEntries(kinds.map(kind => [kind, REPEATED[name]?.includes(kind) ? 3 : 1]));
    claimEqual(`attempts of a request that fails with each of these, two retries on ${name}`, expected, seen[name]);
  }
});

test('on what, over gRPC', async () => {
  const names = Object.keys(GRPC);
  const seen: Record<string, Record<string, number>> = Object.fromEntries(names.map(name => [name, {}]));
  for (const [kind, status] of Object.entries(GRPC)) {
    await orders.configure({ rules: [{ status }] });
    await orders.resetCounts();
    await Promise.all(names.map(name => web.request({ protocol: 'grpc', url: at(`:9000/on-${name}/Get`) })));
    const { rows } = await orders.counts();
    names.forEach(name => (seen[name][kind] = rows.find(row => row.path === `/on-${name}/Get`)?.count ?? 0));
  }
  for (const name of names) {
    const expected = Object.fromEntries(names.map(kind => [kind, kind === name ? 3 : 1]));
    claimEqual(`attempts of a call that fails with each of these, two retries on ${name}`, expected, seen[name]);
  }
});

test('back-off', async () => {
  await orders.configure({ rules: [{ status: 503 }] });
  // Connections are opened first: a handshake would count as pause.
  await web.load({ url: at('/never/'), requests: 400, concurrency: 40 });
  await orders.resetCounts();
  await web.load({ url: at('/back-off/'), requests: 400, concurrency: 40 });
  const byRequest = new Map<string, number[]>();
  for (const { atMs, headers } of await orders.recent()) {
    byRequest.set(headers['x-request-id'], [...byRequest.get(headers['x-request-id']) ?? [], atMs]);
  }
  claimEqual('attempts of each of 400 requests', [4], [...new Set([...byRequest.values()].map(times => times.length))]);
  for (const [retry, base] of [[1, 200], [2, 400], [3, 800]]) {
    const gaps = [...byRequest.values()].map(times => times[retry] - times[retry - 1]);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // The mean of 400 draws from 0 to the base is off by 0.07 of the base less than once in a million runs; an attempt takes time, too.
    claimBetween(`pause before retry ${retry}, drawn from 0 to ${base} ms: mean`, 0.43 * base, 0.57 * base + 120, mean, 'ms');
  }
});

/** Requests that the application counts once it has finished those that hang. */
async function finished(): Promise<number> {
  await pause(2000);
  return (await orders.counts()).total;
}

test('per try', async () => {
  await orders.configure({ rules: [{ delayMs: 1500, first: 2 }] });
  const cured = await web.request({ url: at('/per-try/') });
  claimEqual('two attempts that hang, the third answers', ['200', 3], [cured.status, await finished()]);
  claimBetween('after two times 300 ms and their pauses', 590, 1200, cured.tookMs, 'ms');
  await orders.configure({ rules: [{ delayMs: 1500 }] });
  await orders.resetCounts();
  const given = await web.request({ url: at('/other-per-try/') });
  claimEqual('an attempt that hangs, retries on connection failures only: status, attempts', ['504', 1], [given.status, await finished()]);
});

test('deadlines', async () => {
  await Promise.all([orders, plain].map(one => one.configure({ rules: [{ delayMs: 4000 }] })));
  const rows: [string, number, Workload, string][] = [
    ['of the mesh', 1600, web, at('/a', 'plain')], ['of the service', 1200, web, at('/a')], ['of the call', 800, other, at('/a')],
    ['of the route', 400, web, at('/route/')], ['of the route, against the call\'s', 400, other, at('/route/')], ['with retries', 1000, web, at('/short/')],
  ];
  const answers = await Promise.all(rows.map(([, , from, url]) => from.request({ url })));
  rows.forEach(([whose, ms], i) => claimBetween(`the deadline ${whose}: 504 after`, ms - 20, ms + 350, answers[i].status === '504' ? answers[i].tookMs : NaN, 'ms'));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
