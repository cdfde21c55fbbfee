import { waypointBypassed } from '../../src/checks/waypoint-bypassed';
import { ambient } from './ambient-builder';
import { call, external, found, lines, port, prefix, retry, route, service } from './model-builder';
import { ANYONE, rule, security, token } from './security-builder';

const moving = ambient({ sidecarNamespaces: ['old'] });
const web = service('web');
const TOKEN = security({ tokens: [token()] });

function oldCall(caller: string, callee: string) {
  return call('x', 'y', { origin: caller, caller, callee });
}

test('a caller that moved before what it calls loses the policies of that', () => {
  const ledger = service('ledger', { namespace: 'old', retry: retry(1), split: { v1: 100 } });
  const calls = [oldCall('shop/web', 'old/ledger'), { ...oldCall('shop/web', 'old/ledger'), port: 8080 }];
  expect(lines(waypointBypassed, { mesh: moving, services: [web, ledger], calls })).toEqual([
    '[shop/web] shop/web is in ambient mode, and old/ledger still leaves its policies to the sidecars of its callers: they do not hold for this call '
    + '(said of old/ledger: split and retry). Move old to ambient mode before shop: take it out of sidecarNamespaces first.',
  ]);
  expect(found(waypointBypassed, { mesh: moving, services: [web, service('ledger', { namespace: 'old' })], calls })).toEqual([]);
  expect(found(waypointBypassed, { mesh: ambient({ sidecarNamespaces: ['old', 'shop'] }), services: [web, ledger], calls })).toEqual([]);
  expect(found(waypointBypassed, { mesh: ambient(), services: [web, ledger], calls })).toEqual([]);
  expect(found(waypointBypassed, { services: [web, ledger], calls })).toEqual([]);
});

test('the same of an external service', () => {
  const pay = external('pay', { id: 'old/pay', namespace: 'old', originateTls: true, ports: [port(80)] });
  expect(found(waypointBypassed, { mesh: moving, services: [web], externals: [pay], calls: [oldCall('shop/web', 'old/pay')] }))
    .toMatchObject([{ evidence: 'said of old/pay: TLS for plain requests' }]);
});

test('a caller with sidecars is refused by a service with rules about requests, and by no other', () => {
  const batch = service('batch', { namespace: 'old' });
  const calls = [oldCall('old/batch', 'shop/web')];
  expect(found(waypointBypassed, { mesh: moving, services: [batch, service('web', { security: TOKEN })], calls })).toMatchObject([{
    construct: 'old/batch', severity: 'error',
    message: 'old/batch still has sidecars, which go around the waypoint of shop/web: its calls are refused',
    fix: 'Move old to ambient mode first, or leave shop in sidecarNamespaces as well',
  }]);
  expect(found(waypointBypassed, { mesh: moving, services: [batch, service('web', { retry: retry(1) })], calls })).toEqual([]);
});

test('a route that leads to a service with rules about requests', () => {
  const target = service('target', { security: TOKEN });
  const front = service('front', { routes: [route('front', 'there', { matches: [prefix('/t')], backends: [{ service: 'shop/target', weight: 100 }] })] });
  const parts = { mesh: ambient(), services: [web, front, target], calls: [call('web', 'front')] };
  expect(found(waypointBypassed, parts)).toMatchObject([{ construct: 'shop/web', message: expect.stringContaining('come from the waypoint of shop/front') }]);
  expect(found(waypointBypassed, { ...parts, services: [web, front, service('target')] })).toEqual([]);
});

test('callers without an identity', () => {
  const open = (rest: object) => service('web', { security: security({ allow: [rule(ANYONE)], ...rest }) });
  expect(found(waypointBypassed, { mesh: ambient(), services: [open({ tokens: [token()] })] })).toMatchObject([{ severity: 'warning', construct: 'shop/orders' }]);
  expect(found(waypointBypassed, { mesh: ambient(), services: [open({})] })).toEqual([]);
});
