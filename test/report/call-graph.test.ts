import { encryptionOf } from '../../src/report/encryption';
import { callDrawing, MOST_DRAWN } from '../../src/report/graph/call-drawing';
import { Subject } from '../../src/report/subject';
import { call, external, model, Parts, port, retry, service } from '../checks/model-builder';
import { blocksOf, judgement, paragraphs, ReportParts, table } from './support';

const drawn = (parts: ReportParts) => callDrawing(new Subject(judgement(parts)), 'calls');
const edge = (parts: Parts) => drawn(parts)!.edges[0];
const two = (rest: Parameters<typeof call>[2], parts: Partial<Parts> = {}): Parts =>
  ({ services: [service('web'), service('orders')], calls: [call('web', 'orders', rest)], ...parts });

describe('a line', () => {
  test('of an ordinary call has no label', () => {
    expect(edge(two({}))).toEqual({ from: 'shop/web', to: 'shop/orders', label: [], weight: 'plain' });
  });

  test('shows calls, attempts, the longest wait, plain text and what must not be repeated', () => {
    expect(edge(two({ times: 2, retry: retry(2, { perTryMs: 400 }) }))).toMatchObject({ label: ['2 calls', '3 attempts', '≤ 1.28 s'], weight: 'retry' });
    const outside = { services: [service('web')], externals: [external('bank', { ports: [port(80)] })], calls: [call('web', 'bank', { idempotent: false })] };
    expect(edge(outside).label).toEqual(['plain text', 'once only']);
  });

  test('stands for all calls of a pair', () => {
    const calls = [call('web', 'orders', { times: 2 }), call('web', 'orders', { deadline: 100 })];
    expect(drawn({ services: [service('web'), service('orders')], calls })!.edges).toMatchObject([{ label: ['2 different', 'calls'] }]);
    expect(drawn({ services: [service('web'), service('orders')], calls: [calls[0], calls[0]] })!.edges).toMatchObject([{ label: ['2 calls'] }]);
  });

  test('on a path above the budget stands out', () => {
    expect(edge(two({ retry: retry(7) }))).toMatchObject({ weight: 'retry' });
    expect(edge(two({ retry: retry(8) }))).toMatchObject({ weight: 'over' });
  });
});

test('a box shows requests, the longest wait, the namespace where there are several, and findings', () => {
  const parts = two({ retry: retry(8) }, { externals: [external('bank', { namespace: 'outer', id: 'outer/bank' })] });
  expect(drawn(parts)!.nodes).toMatchObject([
    { name: 'web', details: ['shop', '1 request · waits 15 s'], shape: 'service', entry: true, to: 'service-shop/web', badges: [{ tone: 'error', count: 1 }] },
    { name: 'orders', details: ['shop', '9 requests'], entry: false, badges: [{ tone: 'info', count: 1 }] },
    { name: 'bank', details: ['outer', '1 request · external'], shape: 'external' },
  ]);
  expect(drawn(two({}))!.nodes[1].details).toEqual(['1 request']);
});

describe('a program of more services than a drawing can hold', () => {
  const many = (count: number, namespaces: number): Parts => {
    const services = Array.from({ length: count }, (_, index) => service(`s${index}`, { namespace: `n${index % namespaces}` }));
    return { services, calls: services.slice(1).map(({ id }, index) => ({ ...call('', ''), caller: services[index].id, callee: id })) };
  };

  test('is drawn by service up to the limit, by namespace above it', () => {
    expect(drawn(many(MOST_DRAWN, 4))!.nodes).toHaveLength(MOST_DRAWN);
    const drawing = drawn(many(MOST_DRAWN + 1, 4))!;
    expect(drawing.nodes.map(({ name, details }) => [name, details])).toEqual([
      ['n0', ['26 services']], ['n1', ['25 services']], ['n2', ['25 services']], ['n3', ['25 services']],
    ]);
    expect(drawing.edges.map(({ from, to, label }) => [from, to, label])).toEqual([
      ['n0', 'n1', ['25 calls']], ['n1', 'n2', ['25 calls']], ['n2', 'n3', ['25 calls']], ['n3', 'n0', ['25 calls']],
    ]);
  });

  test('of one namespace is not drawn, and the report says so', () => {
    expect(drawn(many(MOST_DRAWN + 1, 1))).toBeUndefined();
    expect(paragraphs(blocksOf('callGraph', many(MOST_DRAWN + 1, 1)))).toContainEqual(expect.stringContaining('do not read in one drawing'));
  });
});

describe('encryption', () => {
  const of = (parts: Parts) => encryptionOf(model(parts), parts.calls![0]);
  const to = (ports: Parameters<typeof external>[1], rest: Parameters<typeof call>[2] = {}) =>
    of({ services: [service('web')], externals: [external('bank', ports)], calls: [call('web', 'bank', rest)] });

  test('outside is what the ports say', () => {
    expect(to({ ports: [port(443, 'https')] })).toBe('tls-by-application');
    expect(to({ ports: [port(80)], originateTls: true })).toBe('tls-by-proxy');
    expect(to({ ports: [port(80)] })).toBe('plain-text');
    expect(to({ ports: [port(5432, 'postgres')] })).toBe('unknown');
  });

  test('of several ports that differ is known by the port alone', () => {
    expect(to({ ports: [port(80), port(443, 'https')] })).toBe('unknown');
    expect(to({ ports: [port(80), port(443, 'https')] }, { port: 443 })).toBe('tls-by-application');
  });

  test('inside is the mesh\'s, unless an end has no proxy', () => {
    expect(of(two({}))).toBe('mtls-accepted');
    expect(of(two({}, { services: [service('web', { meshed: false }), service('orders')] }))).toBe('plain-text');
    expect(of(two({}, { services: [service('web'), service('orders', { meshed: false })] }))).toBe('plain-text');
  });

  test('is required where a policy is strict', () => {
    const strict = service('orders', {
      zeroTrust: {
        origin: 'shop/zero-trust', scope: { kind: 'program' }, migration: { stage: 'strict', strictNamespaces: [], exceptions: [] },
        proof: { kind: 'annotation', windowMs: 1, labels: {} }, enforcement: 'enforce', networkPolicies: false, sealEgress: false, refuseEncodedSlashes: false,
      },
    });
    expect(of(two({}, { services: [service('web'), strict] }))).toBe('mtls-required');
    expect(table(blocksOf('callGraph', two({}, { services: [service('web'), strict] })), 'Calls')).toEqual([
      ['web', 'orders', '1', '1', '15 s', '15 s', 'mTLS, required', ''],
    ]);
  });
});

test('a ring is named', () => {
  const ring = { services: [service('a'), service('b')], calls: [call('a', 'b'), call('b', 'a')] };
  expect(paragraphs(blocksOf('callGraph', ring))).toContainEqual(expect.stringMatching(/^Services that call each other in a ring: (a → b → a|b → a → b)$/));
});
