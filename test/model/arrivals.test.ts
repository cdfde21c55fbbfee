import { arrivalsAt, requestsOf } from '../../src/model/arrivals';
import { call, exact, external, match, model, Parts, port, prefix, route, service } from '../checks/model-builder';

function arriving(at: string, parts: Parts): unknown[] {
  return arrivalsAt(model(parts), `shop/${at}`).map(({ call: { caller }, route: by, mirrored, ports, methods, paths }) => ({ caller, by, mirrored, ports, methods, paths }));
}

const BOTH = { ports: [port(80), port(9000, 'tcp')] };
const plain = { by: undefined, mirrored: false, methods: [], paths: [] };

test('a call arrives on its port, or on all', () => {
  const parts = { services: [service('orders', BOTH), service('web'), service('mail')], calls: [call('web', 'orders'), call('mail', 'orders', { port: 9000 })] };
  expect(arriving('orders', parts)).toEqual([{ ...plain, caller: 'shop/web', ports: [80, 9000] }, { ...plain, caller: 'shop/mail', ports: [9000] }]);
  expect(arriving('web', parts)).toEqual([]);
});

test('what is said of requests is for ports that speak HTTP', () => {
  const parts = { services: [service('orders', BOTH)], calls: [call('web', 'orders', { methods: ['GET'], paths: ['/a'] })] };
  expect(arriving('orders', parts)).toEqual([{ ...plain, caller: 'shop/web', ports: [80], methods: ['GET'], paths: ['/a'] }]);
});

test('routes lead on: to the port that they name, the same one, or one that speaks alike', () => {
  const backends = [{ service: 'shop/next', port: 9001, weight: 50 }, { service: 'shop/alike', weight: 25 }, { service: 'shop/same', weight: 25 }];
  const orders = service('orders', { ports: [port(80)], routes: [route('orders', 'r', { backends, mirrors: [{ service: 'shop/copy', percent: 1 }] })] });
  const parts = {
    services: [
      orders, service('next', { ports: [port(80), port(9001)] }), service('alike', { ports: [port(9000, 'tcp'), port(8080)] }),
      service('same', { ports: [port(8080), port(80)] }), service('copy', { ports: [port(7000, 'tcp')] }),
    ],
    calls: [call('web', 'orders')],
  };
  const by = { ...plain, caller: 'shop/web', by: 'r' };
  expect(arriving('orders', parts)).toEqual([{ ...plain, caller: 'shop/web', ports: [80] }]);
  expect(arriving('next', parts)).toEqual([{ ...by, ports: [9001] }]);
  expect(arriving('alike', parts)).toEqual([{ ...by, ports: [8080] }]);
  expect(arriving('same', parts)).toEqual([{ ...by, ports: [80] }]);
  expect(arriving('copy', parts)).toEqual([{ ...by, mirrored: true, ports: [7000] }]);
});

test('routes of other callers, answers without a backend, and backends that are no services', () => {
  const routes = [
    route('orders', 'others', { matches: [match({ caller: 'shop/mail' })], backends: [{ service: 'shop/next', weight: 100 }] }),
    route('orders', 'gone', { redirect: { status: 301 }, backends: [{ service: 'shop/next', weight: 100 }] }),
    route('orders', 'out', { backends: [{ service: 'shop/pay', weight: 50 }, { service: 'shop/nobody', weight: 50 }] }),
  ];
  const parts = { services: [service('orders', { routes }), service('next')], externals: [external('pay')], calls: [call('web', 'orders')] };
  expect(arriving('next', parts)).toEqual([]);
  expect(arriving('next', { ...parts, calls: [call('mail', 'orders')] })).toHaveLength(1);
});

test('an operation alone: its own requests stay, those that it sends elsewhere do not', () => {
  const routes = [
    route('orders', 'place', { matches: [exact('/place', { method: { kind: 'exact', value: 'POST' } })] }),
    route('orders', 'move', { matches: [prefix('/move')], backends: [{ service: 'shop/next', weight: 100 }], rewrite: { path: '/' } }),
  ];
  const parts = { services: [service('orders', { routes }), service('next')], calls: [call('web', 'orders', { operation: 'place' })] };
  expect(arriving('orders', parts)).toEqual([{ ...plain, caller: 'shop/web', ports: [8080], methods: ['POST'], paths: ['/place'] }]);
  const moving = { ...parts, calls: [call('web', 'orders', { operation: 'move', paths: ['/move/x'] })] };
  expect(arriving('orders', moving)).toEqual([]);
  expect(arriving('next', moving)).toEqual([{ ...plain, caller: 'shop/web', by: 'move', ports: [8080], paths: ['/*'] }]);
});

test.each<[string, ReturnType<typeof match>[], object, unknown]>([
  ['alternatives', [exact('/a'), prefix('/b')], {}, [{ methods: [], paths: ['/a'] }, { methods: [], paths: ['/b*'] }]],
  ['a method alone', [match({ method: { kind: 'exact', value: 'GET' } })], {}, [{ methods: ['GET'], paths: [] }]],
  ['a rewritten prefix', [prefix('/v1')], { rewrite: { path: '/api' } }, [{ methods: [], paths: ['/api*'] }]],
  ['a rewritten exact path', [exact('/v1')], { rewrite: { path: '/api' } }, [{ methods: [], paths: ['/api'] }]],
  ['one alternative that takes all', [exact('/a'), match()], {}, [{ methods: [], paths: [] }]],
  ['an expression', [match({ path: { kind: 'regex', value: '/.' } })], {}, [{ methods: [], paths: [] }]],
  ['any letter case', [prefix('/a', { ignorePathCase: true })], {}, [{ methods: [], paths: [] }]],
  ['an expression that rewrites', [prefix('/a')], { rewrite: { pathRegex: { pattern: 'a', substitution: 'b' } } }, [{ methods: [], paths: [] }]],
  ['a star in the path', [exact('/a*')], {}, [{ methods: [], paths: [] }]],
  ['a method by prefix', [match({ method: { kind: 'prefix', value: 'P' }, path: { kind: 'exact', value: '/a' } })], {}, [{ methods: [], paths: [] }]],
])('%s', (_, matches, rest, expected) => {
  expect(requestsOf(route('orders', 'r', { matches, ...rest }))).toEqual(expected);
});
