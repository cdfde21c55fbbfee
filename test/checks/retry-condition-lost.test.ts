import { retryConditionLost } from '../../src/checks/retry-condition-lost';
import type { RetryCondition } from '../../src/model/policy';
import { call, found, lines, port, retry, route, service } from './model-builder';

const mesh = { provider: 'gateway-api', providerVersion: '1.5', gatewayChannel: 'experimental' } as const;
const on = (...conditions: RetryCondition[]) => retry(1, { on: conditions });

test('every place that asks for what an HTTPRoute cannot name', () => {
  const services = [service('orders', { retry: on('reset', 'gateway-error'), routes: [route('orders', 'one', { retry: on('grpc-internal') })] }), service('web')];
  const calls = [call('web', 'orders', { retry: on('grpc-resource-exhausted') })];
  expect(lines(retryConditionLost, { mesh, services, calls, defaults: { retry: on('grpc-deadline-exceeded') } })).toEqual([
    '[shop/mesh] defaults.retry asks for grpc-deadline-exceeded, which will not be retried (an HTTPRoute names statuses alone). Leave it out, name statuses with RetryOn.status, or take MeshProvider.istio().',
    expect.stringContaining('[shop/orders] retry asks for reset, which'),
    expect.stringContaining('[shop/orders] the retry of route one asks for grpc-internal, which'),
    expect.stringContaining('[shop/web] the retry of the call to shop/orders asks for grpc-resource-exhausted, which'),
  ]);
});

test.each<RetryCondition>(['server-error', 'gateway-error', 'connect-failure', 'refused-stream', 'reset-before-request', 'retriable-4xx', 'grpc-unavailable', 'grpc-cancelled', 'status:429'])(
  '%s is retried, or never seen by the application', (condition) => {
    expect(found(retryConditionLost, { mesh, services: [service('orders', { retry: on(condition) })] })).toEqual([]);
  });

test('no retries lose nothing, nor do connections, nor another mesh', () => {
  const lost = { retry: on('reset') };
  expect(found(retryConditionLost, { mesh, services: [service('orders', { retry: retry(0, { on: ['reset'] }) })] })).toEqual([]);
  expect(found(retryConditionLost, { mesh, services: [service('db', { ports: [port(1, 'tcp')], ...lost })] })).toEqual([]);
  expect(found(retryConditionLost, { services: [service('orders', lost)] })).toEqual([]);
});
