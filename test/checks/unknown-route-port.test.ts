import { unknownRoutePort } from '../../src/checks/unknown-route-port';
import type { RouteNode } from '../../src/model/route';
import { found, lines, match, port, route, service } from './model-builder';

const two = service('two', { ports: [port(8080), port(9090)] });

function orders(rest: Partial<RouteNode>, ports = [port(80)]) {
  return { services: [service('orders', { ports, routes: [route('orders', 'main', rest)] }), two, service('one'), service('mixed', { ports: [port(5432, 'postgres'), port(8443)] })] };
}

test('a match on a port that the service does not have', () => {
  expect(lines(unknownRoutePort, orders({ matches: [match({ port: 80 }), match({ port: 81 })] }))).toEqual([
    "[shop/orders] matches[1].port of the route main is 81, which shop/orders does not serve (it serves 80). Name one of its own ports, not the container's.",
  ]);
});

test('a backend and a mirror with a port that they do not have', () => {
  const findings = found(unknownRoutePort, orders({
    backends: [{ service: 'shop/one', port: 80, weight: 50 }, { service: 'shop/one', port: 8080, weight: 50 }],
    mirrors: [{ service: 'shop/two', port: 1, percent: 5 }],
  }));
  expect(findings.map(({ message, catalogue }) => [message, catalogue])).toEqual([
    ['the backend shop/one of the route main has port 80, which it does not serve', ['IST0101']],
    ['the mirror shop/two of the route main has port 1, which it does not serve', ['IST0101']],
  ]);
});

test('a backend of several ports, none of which the request came for, and none named', () => {
  expect(found(unknownRoutePort, orders({ backends: [{ service: 'shop/two', weight: 100 }] })))
    .toMatchObject([{ message: 'the backend shop/two of the route main names no port', evidence: 'it serves 8080 and 9090, and requests arrive for 80', catalogue: ['IST0112'] }]);
});

test.each<[string, Partial<RouteNode>, ReturnType<typeof port>[]]>([
  ['names its port', { backends: [{ service: 'shop/two', port: 9090, weight: 100 }] }, [port(80)]],
  ['has one port', { backends: [{ service: 'shop/one', weight: 100 }] }, [port(80)]],
  ['has one port that speaks HTTP', { backends: [{ service: 'shop/mixed', weight: 100 }] }, [port(80)]],
  ['has the port that the request came for', { backends: [{ service: 'shop/two', weight: 100 }] }, [port(8080)]],
  ['has the only port that the route matches', { matches: [match({ port: 9090 })], backends: [{ service: 'shop/two', weight: 100 }] }, [port(80), port(9090)]],
])('a backend that %s', (_, rest, ports) => {
  expect(found(unknownRoutePort, orders(rest, ports))).toEqual([]);
});
