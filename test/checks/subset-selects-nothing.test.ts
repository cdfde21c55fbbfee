import { subsetSelectsNothing } from '../../src/checks/subset-selects-nothing';
import { Severity } from '../../src/model/finding';
import { found, lines, route, service, version, workload } from './model-builder';

test('it shows the labels of both', () => {
  expect(lines(subsetSelectsNothing, { services: [service('orders', { versions: [version('v1'), version('v2', { selector: { version: 'v1', track: 'x' } })] })] })).toEqual([
    '[shop/orders] subset v2 selects pods of subset v1, too (v2 is version=v1, track=x, v1 is version=v1). '
    + 'Give the versions different names, or labels that tell their pods apart.',
  ]);
});

test('versions whose labels are the same, or hold each other', () => {
  const selector = { version: 'v1' };
  const findings = found(subsetSelectsNothing, {
    services: [
      service('a', { versions: [version('v1', { selector }), version('v2', { selector })] }),
      service('b', { versions: [version('v1', { selector }), version('v2', { selector: { ...selector, track: 'x' } })] }),
      service('c', { versions: [version('v1', { selector: { ...selector, track: 'x' } }), version('v2', { selector })] }),
    ],
  });
  expect(findings.map(({ construct, message }) => `${construct}: ${message}`)).toEqual([
    'shop/a: subset v2 selects pods of subset v1, too', 'shop/b: subset v2 selects pods of subset v1, too', 'shop/c: subset v2 selects pods of subset v1, too',
  ]);
});

test('versions that their labels tell apart', () => {
  const versions = [version('v1'), version('v2'), version('v3', { selector: { version: 'v2x', track: 'x' } })];
  expect(found(subsetSelectsNothing, { services: [service('orders', { versions })] })).toEqual([]);
});

describe('a version with no replicas', () => {
  const versions = [version('v1'), version('v2', { workload: workload('orders-v2', { replicas: 0 }) })];

  test.each([[0, Severity.INFO], [1, Severity.ERROR]])('and a split of %s %% is %s', (percent, severity) => {
    expect(found(subsetSelectsNothing, { services: [service('orders', { versions, split: { v1: 100 - percent, v2: percent } })] }))
      .toMatchObject([{ severity, catalogue: ['IST0173', 'KIA0203'] }]);
  });

  test('and a share in a route', () => {
    const routes = [route('orders', 'beta', { backends: [{ service: 'shop/orders', subset: 'v2', weight: 100 }] })];
    expect(lines(subsetSelectsNothing, { services: [service('orders', { versions, routes })] })).toEqual([
      '[shop/orders] version v2 has no pods, but gets 100 % of the requests of the route beta (Deployment orders-v2 has replicas 0). Give the workload a replica, or subset v2 a share of 0.',
    ]);
  });

  test('and no split at all: requests go by pods, so it gets none', () => {
    expect(found(subsetSelectsNothing, { services: [service('orders', { versions })] })).toMatchObject([{ severity: Severity.INFO, message: 'version v2 has no pods' }]);
  });

  test('one replica is enough', () => {
    const one = [version('v1'), version('v2', { workload: workload('orders-v2', { replicas: 1 }) })];
    expect(found(subsetSelectsNothing, { services: [service('orders', { versions: one, split: { v1: 0, v2: 100 } })] })).toEqual([]);
  });
});
