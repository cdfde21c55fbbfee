import { DEFAULT_EJECTION } from '../../src/model/effective';
import { DEFAULT_CIRCUIT_BREAKER, NEVER_RETRY, UNSEEN_BY_APPLICATION } from '../../src/model/policy';

test('the safe defaults are said, and nobody can change them', () => {
  expect(NEVER_RETRY).toEqual({ retries: 0, on: [] });
  expect(DEFAULT_CIRCUIT_BREAKER).toEqual({ pool: {}, ejection: 'default' });
  for (const part of [NEVER_RETRY, NEVER_RETRY.on, DEFAULT_CIRCUIT_BREAKER, DEFAULT_CIRCUIT_BREAKER.pool, DEFAULT_EJECTION]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('only what never reached the application is unseen by it', () => {
  expect([...UNSEEN_BY_APPLICATION]).toEqual(['connect-failure', 'refused-stream', 'reset-before-request']);
});
