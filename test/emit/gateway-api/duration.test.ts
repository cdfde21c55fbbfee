import { gatewayDuration } from '../../../src/emit/gateway-api';
import { validator } from '../../support/schemas';

test.each([
  [0, '0s'], [1, '1ms'], [1500, '1500ms'], [15_000, '15s'], [99_999, '99999ms'], [100_001, '1m40s1ms'], [99_999_000, '99999s'],
  [100_000_000, '27h46m40s'], [100_000_001, '27h46m40s1ms'],
])('%s ms', (ms, text) => {
  expect(gatewayDuration(ms)).toBe(text);
  const route = (request: string) => ({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: {}, spec: { rules: [{ timeouts: { request } }] } });
  expect(validator('gateway.networking.k8s.io/HTTPRoute')(route(text))).toBe(true);
  expect(validator('gateway.networking.k8s.io/HTTPRoute')(route('1.5s'))).toBe(false);
});
