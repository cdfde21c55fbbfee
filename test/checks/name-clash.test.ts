import { nameClash } from '../../src/checks/name-clash';
import { ambient } from './ambient-builder';
import { found, lines, object, ours } from './model-builder';

test('one of ours and one by hand: the one by hand is blamed, whichever came first', () => {
  for (const objects of [[ours('Service', 'orders'), object('Service', 'orders')], [object('Service', 'orders'), ours('Service', 'orders')]]) {
    expect(lines(nameClash, { objects })).toEqual([
      '[shop/orders-service] the Service orders in namespace shop is there already (shop/orders has the same name). Take this one away, or give it another name.',
    ]);
  }
});

test('two services of one name are told once, with all kinds', () => {
  const second = { origin: 'shop/again' };
  const objects = [
    ours('Service', 'orders'), ours('VirtualService', 'orders'),
    ours('Service', 'orders', { origin: `${second.origin}/Service` }), ours('VirtualService', 'orders', { origin: `${second.origin}/VirtualService` }),
  ];
  expect(lines(nameClash, { objects })).toEqual([
    '[shop/again] the Service and VirtualService orders in namespace shop are there already (shop/orders has the same names). Give one of the two another name.',
  ]);
});

test('namespace, kind, group and name tell objects apart, the version of the API does not', () => {
  const service = ours('Service', 'orders');
  const other = (rest: Partial<typeof service>) => found(nameClash, { objects: [service, { ...service, ours: false, origin: 'shop/x', ...rest }] }).length;
  expect(other({})).toBe(1);
  expect(other({ apiVersion: 'v2' })).toBe(1);
  expect(other({ name: 'order' })).toBe(0);
  expect(other({ namespace: 'other' })).toBe(0);
  expect(other({ kind: 'ServiceAccount' })).toBe(0);
  expect(other({ apiVersion: 'serving.knative.dev/v1' })).toBe(0);
});

test('what istiod makes of a waypoint', () => {
  const objects = [
    ours('Gateway', 'gateway', { name: 'waypoint' }), ours('Service', 'waypoint'), ours('ServiceAccount', 'waypoint'), object('Deployment', 'waypoint'),
    ours('HTTPRoute', 'waypoint'), ours('Service', 'waypoint', { namespace: 'other' }),
  ];
  expect(lines(nameClash, { mesh: ambient(), objects })).toEqual([
    '[shop/waypoint] the Service and ServiceAccount waypoint in namespace shop would be the waypoint\'s (istiod makes an account, a Deployment and a Service '
    + 'of the waypoint of a namespace, under its name). Give this one another name, or the waypoint: Waypoints.whereNeeded({ name }).',
    '[shop/waypoint-deployment] the Deployment waypoint in namespace shop would be the waypoint\'s (istiod makes an account, a Deployment and a Service '
    + 'of the waypoint of a namespace, under its name). Give this one another name, or the waypoint: Waypoints.whereNeeded({ name }).',
  ]);
  expect(found(nameClash, { mesh: ambient({ waypointName: 'gate' }), objects })).toEqual([]);
  expect(found(nameClash, { objects })).toEqual([]);
});
