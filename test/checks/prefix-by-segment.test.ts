import { prefixBySegment } from '../../src/checks/prefix-by-segment';
import { exact, found, lines, port, prefix, route, service } from './model-builder';

const GATEWAY = { provider: 'gateway-api', providerVersion: '1.5' } as const;

function judged(value: string, ports = [port(8080)]) {
  return { mesh: GATEWAY, services: [service('orders', { ports, routes: [route('orders', 'one', { matches: [prefix(value), exact('/x'), prefix(value)] })] })] };
}

test('a prefix by characters is told of, once a service', () => {
  expect(lines(prefixBySegment, judged('/api'))).toEqual([
    '[shop/orders] the prefix /api would be read by whole segments (/api takes /api and /api/…, not /apis; provider gateway-api). Suppress this where no other path '
    + 'begins with those characters, else ask for the rest with RouteMatch.regex, or take MeshProvider.istio().',
  ]);
  expect(found(prefixBySegment, judged('/api/'))).toHaveLength(1);
});

test('one that means the same either way is not', () => {
  expect(found(prefixBySegment, judged('/'))).toEqual([]);
  expect(found(prefixBySegment, judged('/shop.Orders/', [port(9000, 'grpc')]))).toEqual([]);
  expect(found(prefixBySegment, judged('/shop.Orders', [port(9000, 'grpc')]))).toHaveLength(1);
  expect(found(prefixBySegment, judged('/api', [port(9000, 'tcp')]))).toEqual([]);
});

test('a mesh that reads characters does what the program says', () => {
  expect(found(prefixBySegment, { services: judged('/api').services })).toEqual([]);
});
