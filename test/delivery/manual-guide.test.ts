import { Duration } from 'cdk8s';
import { Canary, CanaryEngine, CanaryStrategy, Gate } from '../../src';
import { service, shop, workload } from '../support/shop';

function guide(weight: number, gates: Gate[] = []): string {
  const it = shop();
  const orders = service(it, 'orders', { version: 'v1' });
  orders.addVersion('v2', { workload: workload(it.chart, 'orders-v2-pods') });
  return new Canary(it.chart, 'orders-canary', {
    service: orders, engine: CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight }), gates,
    strategy: CanaryStrategy.steps([10, 50, 100], { every: Duration.minutes(5) }),
  }).gitOps;
}

test.each([
  [0, 'Next: 10 %, then 50 %, then 100 %, each after 5m at the earliest'],
  [10, 'Next: 50 %, then 100 %, each after 5m at the earliest'],
  [100, 'Next: make `v2` the service\'s own version, and take `v1` and the canary out of the program'],
])('at %d %', (weight, next) => {
  expect(guide(weight).split('\n')).toEqual([
    '# shop/orders: moved by commits', '',
    'Every field is written by the program, so nothing has to be ignored. A step is a commit that changes `weight`.', '',
    `- Now: ${weight} % of the requests meet subset \`v2\`, the others \`v1\``,
    `- ${next}`,
    '- Back: `weight: 0`, at any time',
    '',
  ]);
});

test('gates are what a person has to look at', () => {
  const own = Gate.promql({ name: 'queue', query: 'max(queue_depth{pod=~"$pods"})', atLeast: 1, atMost: 5 });
  expect(guide(10, [own, Gate.successRate({ atLeast: 99 })]).split('\n').slice(7)).toEqual([
    '', '## Before each step', '', 'These must hold, as Prometheus answers:', '',
    '- queue, at least 1 and at most 5:', '', '  ```promql', '  max(queue_depth{pod=~"orders-v2-pods-[a-z0-9]+-[a-z0-9]{5}"})', '  ```',
    '- success-rate, at least 99:', '', '  ```promql', expect.stringContaining('destination_workload="orders-v2-pods"'), '  ```',
    '',
  ]);
});

test.each(['stable', 'canary'] as const)('%s must be able to be a subset', (property) => {
  expect(() => CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight: 0, [property]: '' })).toThrow(
    `CanaryEngine.manual: ${property} is ""; it must hold only lower-case letters`);
});
