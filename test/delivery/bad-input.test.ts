/** What a canary refuses at once: the construct, the property, the value and the fix. */
import { Duration } from 'cdk8s';
import { Canary, CanaryEngine, CanaryProps, CanaryStrategy, Gate } from '../../src';
import { refusal } from '../support/refusal';
import { service, Shop, shop } from '../support/shop';

const EVERY = Duration.minutes(1);
const STEPS = CanaryStrategy.steps([10, 50, 100], { every: EVERY });

function canary(it: Shop, props: Partial<CanaryProps> = {}, id = 'orders-canary'): Canary {
  return new Canary(it.chart, id, {
    service: props.service ?? service(it, 'orders'), engine: CanaryEngine.flagger(), strategy: STEPS, gates: [Gate.successRate({ atLeast: 99 })], ...props,
  });
}

test.each([
  [[10, 101], 'weights is 101; give a percentage from 0 to 100'],
  [[10, -1], 'weights is -1; give a percentage from 0 to 100'],
  [[10, NaN], 'weights is NaN; give a percentage from 0 to 100'],
  [[10, 12.5], 'weights is 12.5; give a whole percentage from 0 to 100'],
  [[0, 10], 'weights is [0,10]; begin with a share of at least 1 %'],
  [[50, 10], 'weights is [50,10]; let every share be larger than the one before it: 10 follows 50'],
  [[10, 10], 'weights is [10,10]; let every share be larger than the one before it: 10 follows 10'],
  [[], 'weights is []; give at least one share'],
])('steps %j', (steps, message) => {
  expect(refusal(() => CanaryStrategy.steps(steps, { every: EVERY }))).toBe(`CanaryStrategy.steps: ${message}`);
});

test.each([
  [{ step: 0 }, 'step is 0; give a share of at least 1 %, or nothing ever reaches the new version'],
  [{ step: 101 }, 'step is 101; give a percentage from 0 to 100'],
  [{ step: 20, max: 10 }, 'max is 10; give 20 or more, the first step'],
  [{ step: 20, max: 120 }, 'max is 120; give a percentage from 0 to 100'],
])('linear %j', (options, message) => {
  expect(refusal(() => CanaryStrategy.linear({ ...options, every: EVERY }))).toBe(`CanaryStrategy.linear: ${message}`);
});

test.each([
  ['Flagger', CanaryEngine.flagger()], ['Argo Rollouts', CanaryEngine.argoRollouts()],
])('%s without gates', (label, engine) => {
  for (const gates of [[], undefined]) {
    expect(refusal(() => canary(shop(), { engine, gates }))).toBe(
      `shop/orders-canary: gates is []; ${label} promotes by itself, so give at least one gate, for instance Gate.successRate({ atLeast: 99 })`);
  }
});

test('a person may do without gates', () => {
  const it = shop();
  const orders = service(it, 'orders', { version: 'v1' });
  expect(() => canary(it, { service: orders, engine: CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight: 10 }), gates: [] })).not.toThrow();
});

test.each([
  [() => Gate.successRate({ atLeast: 100.5 }), 'Gate.successRate: atLeast is 100.5; give a percentage above 0, which every version passes, up to 100, above which none can'],
  [() => Gate.successRate({ atLeast: 0 }), 'Gate.successRate: atLeast is 0; give a percentage above 0, which every version passes, up to 100, above which none can'],
  [() => Gate.latency({ percentile: 99, atMost: Duration.millis(0) }), 'Gate.latency: atMost is 0 millis; give a duration longer than 0'],
  [() => Gate.latency({ percentile: 100, atMost: EVERY }), 'Gate.latency: percentile is 100; give a percentage between 0 and 100, neither included: 99 for the 99th percentile'],
  [() => Gate.promql({ name: 'queue', query: 'depth', atLeast: 5, atMost: 4 }), 'Gate.promql(queue): atMost is 4; no value is at least 5 and at most 4; give a range'],
  [() => Gate.promql({ name: 'queue', query: 'depth' }), 'Gate.promql(queue): atLeast is undefined; say what passes by atLeast, atMost, or both'],
  [() => Gate.promql({ name: 'queue', query: 'depth', atLeast: Infinity }), 'Gate.promql(queue): atLeast is Infinity; give a number'],
])('a threshold that no value, or every value, can meet (%#)', (gate, message) => {
  expect(refusal(gate)).toBe(message);
});

test('one value meets a threshold of a single value', () => {
  expect(() => Gate.promql({ name: 'queue', query: 'depth', atLeast: 5, atMost: 5 })).not.toThrow();
  expect(() => Gate.successRate({ atLeast: 100 })).not.toThrow();
});

test('two canaries on one service, and on one workload', () => {
  const it = shop();
  const orders = service(it, 'orders');
  canary(it, { service: orders });
  expect(refusal(() => canary(it, { service: orders }, 'again'))).toBe(
    'shop/again: service is "shop/orders"; its new versions come by shop/orders-canary already; give every service one canary');
  const twin = service(it, 'twin', { workload: it.chart.node.findChild('orders-pods') });
  expect(refusal(() => canary(it, { service: twin }, 'twin-canary'))).toBe(
    'shop/twin-canary: service is "shop/twin"; its pods are those of shop/orders, which has a canary already; give every workload one');
});

test.each([[9, true], [10, false]])('Flagger every %d s', (seconds, refused) => {
  const strategy = CanaryStrategy.steps([10, 100], { every: Duration.seconds(seconds) });
  const build = () => canary(shop(), { strategy });
  if (refused) {
    expect(refusal(build)).toBe('shop/orders-canary: strategy.every is 9 seconds; give 10 s or more: Flagger takes no shorter interval');
  } else {
    expect(build).not.toThrow();
  }
});
