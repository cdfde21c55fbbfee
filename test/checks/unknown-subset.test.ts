import { unknownSubset } from '../../src/checks/unknown-subset';
import { canary, manual } from './canary-builder';
import { external, found, lines, route, service, version } from './model-builder';

const orders = service('orders', { versions: [version('v1', { subset: 'stable' }), version('v2', { subset: 'canary' })] });

test('a split that names a missing subset', () => {
  const split = { stable: 90, next: 10 };
  expect(lines(unknownSubset, { services: [{ ...orders, split }] })).toEqual([
    "[shop/orders] split.next is 10, but shop/orders has no subset next (it has stable and canary). Name one of its subsets, or add the version with addVersion(…, { subset: 'next' }).",
  ]);
});

test('a split over all of its subsets', () => {
  expect(found(unknownSubset, { services: [{ ...orders, split: { stable: 90, canary: 10 } }] })).toEqual([]);
});

test('backends and mirrors of another service are looked up there', () => {
  const web = service('web', {
    routes: [route('web', 'main', {
      backends: [{ service: 'shop/orders', subset: 'stable', weight: 50 }, { service: 'shop/orders', subset: 'v1', weight: 50 }],
      mirrors: [{ service: 'shop/orders', subset: 'v2', percent: 100 }, { service: 'shop/orders', subset: 'canary', percent: 100 }],
    })],
  });
  const findings = found(unknownSubset, { services: [web, orders] });
  expect(findings.map(({ construct, message }) => `${construct}: ${message}`)).toEqual([
    'shop/web: the route main sends 50 % to subset v1, but shop/orders has no subset v1',
    'shop/web: the route main mirrors to subset v2, but shop/orders has no subset v2',
  ]);
});

test('an external service has no subsets', () => {
  const web = service('web', { routes: [route('web', 'out', { backends: [{ service: 'shop/pay', subset: 'v1', weight: 100 }] })] });
  expect(found(unknownSubset, { services: [web], externals: [external('pay')] })).toMatchObject([{ fix: 'Leave the subset out' }]);
});

test('a backend without a subset', () => {
  const web = service('web', { routes: [route('web', 'out', { backends: [{ service: 'shop/orders', weight: 100 }] })] });
  expect(found(unknownSubset, { services: [web, orders] })).toEqual([]);
});

test('a canary that is moved by commits answers for its own subsets', () => {
  const split = { stable: 90, next: 10 };
  const engine = { ...manual(), stable: 'stable', canary: 'next' } as const;
  expect(lines(unknownSubset, { services: [{ ...orders, split, delivery: canary('orders', { engine }) }] })).toEqual([
    '[shop/orders-canary] engine.canary is next, but shop/orders has no subset next (it has stable and canary). '
    + "Name one of its subsets, or add the version with addVersion(…, { subset: 'next' }).",
  ]);
  const right = { ...manual(), stable: 'stable', canary: 'canary' } as const;
  expect(found(unknownSubset, { services: [{ ...orders, split: { stable: 90, canary: 10 }, delivery: canary('orders', { engine: right }) }] })).toEqual([]);
});
