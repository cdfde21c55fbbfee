import { canaryBreaksSessions } from '../../src/checks/canary-breaks-sessions';
import type { HashKey, LoadBalancingPolicy } from '../../src/model/policy';
import { delivered, weights } from './canary-builder';
import { found, lines } from './model-builder';

const hash = (key: HashKey): LoadBalancingPolicy => ({ algorithm: { kind: 'hash', key, table: 'ring' } });
const COOKIE = hash({ kind: 'cookie', name: 'session' });

test('a hash and weights tear sessions', () => {
  expect(lines(canaryBreaksSessions, { services: [delivered('orders', {}, { loadBalancing: COOKIE })] })).toEqual([
    '[shop/orders-canary] shop/orders keeps users at one pod by the cookie session, and the canary moves single requests to another version '
    + '(the weight is drawn before the hash). Give the strategy keepSession (Flagger), or take CanaryStrategy.abTest with the users\' cookie or header.',
  ]);
  expect(found(canaryBreaksSessions, { services: [delivered('orders')], defaults: { loadBalancing: hash({ kind: 'source-ip' }) } })).toHaveLength(1);
});

test('no hash, a kept session, or another strategy do not', () => {
  expect(found(canaryBreaksSessions, { services: [delivered('orders')] })).toEqual([]);
  const kept = { ...weights(10, 50), session: { cookie: 'version', maxAgeMs: 1000 } } as ReturnType<typeof weights>;
  expect(found(canaryBreaksSessions, { services: [delivered('orders', { strategy: kept }, { loadBalancing: COOKIE })] })).toEqual([]);
  const strategy = { kind: 'blue-green', iterations: 3, everyMs: 60_000 } as const;
  expect(found(canaryBreaksSessions, { services: [delivered('orders', { strategy }, { loadBalancing: COOKIE })] })).toEqual([]);
});
