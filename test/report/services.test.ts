import { FindingCode, Severity } from '../../src/model/finding';
import { figure, retryWords, wait } from '../../src/report/words';
import { call, ejecting, external, port, retry, route, service, version, workload } from '../checks/model-builder';
import { rich } from './rich';
import { blocksOf, dataOf, judgement, reportOf, ReportParts, table } from './support';

const parts: ReportParts = {
  services: [
    service('web'),
    service('orders', {
      retry: retry(2, { perTryMs: 200 }), deadline: 5000, split: { v1: 90, v2: 10 }, versions: [version('v1'), version('v2', { labels: { track: 'new' } })],
      routes: [route('orders', 'api', { deadline: 900 })],
    }),
    service('redis', { ports: [port(6379, 'redis')] }),
    service('stream', { ports: [port(9000, 'grpc', { streaming: true })] }),
  ],
  externals: [external('bank')],
  calls: [
    call('web', 'orders'), call('web', 'orders', { retry: retry(1), deadline: 700 }), call('web', 'orders', { operation: 'api' }), call('orders', 'redis'), call('orders', 'stream'),
    call('orders', 'bank'),
  ],
};

interface Service {
  readonly id: string;
  readonly callees: readonly {
    readonly service: string; readonly retry?: unknown; readonly deadline?: unknown; readonly longestWaitMs?: number | null;
  }[];
  readonly findings: readonly { readonly index: number; readonly code: FindingCode }[];
}

test('of each call the policy in force is shown, with who said it', () => {
  expect(table(blocksOf('services', parts), 'Callees of shop/web')).toEqual([
    ['orders', '1', '3', '2 more, 200 ms each, on server-error (said of the service)', '5 s (said of the service)', '675 ms', ''],
    ['orders', '1', '2', '1 more, on server-error (said of the call)', '700 ms (said of the call)', '700 ms', ''],
    ['orders', '1', '3', '2 more, 200 ms each, on server-error (said of the service)', '900 ms (said of the route)', '675 ms', 'calls api'],
  ]);
  expect(table(blocksOf('services', parts), 'Callees of shop/orders')).toEqual([
    ['redis', '1', '1', 'no requests', 'no requests', 'no requests', ''],
    ['stream', '1', '1', 'never (the mesh\'s default)', 'no limit (its ports stream)', 'no limit', ''],
    ['bank', '1', '1', 'no requests', 'no requests', 'no requests', ''],
  ]);
});

test('callers and callees are two views of the same calls', () => {
  const services = dataOf<readonly Service[]>('services', parts);
  const seen = (key: 'callers' | 'callees') => services.flatMap((one) => (one as unknown as Record<string, Service['callees']>)[key]
    .map((peer) => JSON.stringify({ ...peer, service: undefined, between: key === 'callees' ? [one.id, peer.service] : [peer.service, one.id] }))).sort();
  expect(seen('callers')).toEqual(seen('callees'));
});

test('versions have their share and their labels', () => {
  expect(table(blocksOf('services', parts), 'Versions of shop/orders')).toEqual([
    ['v1', 'v1', '90 %', 'Deployment orders', 'version=v1'], ['v2', 'v2', '10 %', 'Deployment orders-v2', 'version=v2, track=new'],
  ]);
  expect(table(blocksOf('services', parts), 'Versions of shop/web')[0][2]).toBe('by pods');
});

test('findings stand at the service that they blame, on something below it, or on its workload, and nowhere else', () => {
  const finding = (construct: string) => ({
    code: FindingCode.PORT_NOT_EXPOSED, check: 'port-not-exposed', severity: Severity.WARNING, construct, message: '', evidence: '', fix: '', catalogue: [],
  });
  const services = dataOf<readonly Service[]>('services', {
    services: [service('web'), service('web-2'), service('orders', { versions: [version('v1', { workload: workload('orders', { origin: 'else/where' }) })] })],
    findings: ['shop/web', 'shop/web/Service', 'else/where', 'shop', 'shop/web-2x', 'shop/orders'].map(finding),
  });
  expect(services.map(({ id, findings }) => [id, findings.map(({ index }) => index)])).toEqual([['shop/web', [0, 1]], ['shop/web-2', []], ['shop/orders', [2, 5]]]);
});

test('routes, limits and balancing are told in words', () => {
  const blocks = blocksOf('services', { services: [...rich().model.services], calls: [...rich().model.calls] });
  expect(table(blocks, 'Routes of shop/orders, tried in this order')).toEqual([
    ['api', 'method GET, path /api…, header x-team present, query debug = 1; or from shop/web, port 8080', 'v1 60 %, shop/ledger port 9000 40 %',
      'rewrites path to /v2, host to orders.internal; 5 % mirrored to shop/ledger; request headers: sets x-route: api, adds x-more: yes, removes x-debug; '
      + 'CORS for https://shop.example.com (GET); delays 1 % by 500 ms; aborts 2 % with 503',
      '1 more, 250 ms each, pauses from 10 ms, on server-error (said of the route)', '1 s (said of the route)'],
    ['old', 'path /old…', 'redirected with 301 to path /new', '', 'never (the mesh\'s default)', '15 s (the mesh\'s default)'],
    ['health', 'every request', 'answered with 204', '', 'never (the mesh\'s default)', '15 s (the mesh\'s default)'],
  ]);
  const text = reportOf(rich()).toMarkdown();
  expect(text).toContain('- Limits: connections 100, time to connect 500 ms, TCP keepalive 3 probes after 60 s every 10 s, upgraded to HTTP/2');
  expect(text).toContain('- Ejection: after 5 server errors or 3 gateway errors in a row, looked for every 10 s, for 30 s');
  expect(text).toContain('- Retry budget: 20 % of the requests in flight, and always 3');
  expect(text).toContain('- Load balancing: consistent hash (maglev of 101) on header x-session; fails over from eu to us; endpoints ranked by zone; new endpoints warm up for 30 s');
});

test('ejection that is off says why', () => {
  const text = reportOf(judgement({ services: [service('one', { pods: { min: 1, max: 1 } }), service('two', { circuitBreaker: { pool: {}, ejection: 'off' } }), service('three', { circuitBreaker: ejecting({}) })] })).toMarkdown();
  expect(text.match(/- Ejection: .*/g)).toEqual([
    '- Ejection: off: a single endpoint is all there is', '- Ejection: off', expect.stringContaining('- Ejection: after 5 server errors in a row'),
  ]);
});

test('figures are grouped and rounded, times are not', () => {
  expect([0, 1, 1.256, 999, 1000, 1234567.891, 1e21, Infinity].map(figure)).toEqual(['0', '1', '1.26', '999', '1,000', '1,234,567.89', '1.00e+21', 'unlimited']);
  expect([0, 1, 1001, 15_000, 120_000, 90_500, null, Infinity].map(wait)).toEqual(['0 ms', '1 ms', '1.001 s', '15 s', '2 min', '90.5 s', 'no limit', 'no limit']);
  expect(retryWords({ retries: 0, on: ['server-error'] })).toBe('never');
});
