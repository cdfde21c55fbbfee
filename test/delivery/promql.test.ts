import { Gate } from '../../src';
import { refusedPromql } from '../../src/delivery/promql';

test.each([
  'up', '1', 'time()', 'up offset 5m', 'up @ 5', '# a comment first\nup', 'scalar(up)', 'absent(up)', 'vector(1)', 'up == bool 1',
  'rate(x[5m]) or vector(0)', 'rate((x[5m]))', 'rate(x[5m] offset 1h)', 'rate(x[5m] @ end())', 'predict_linear(x[1h], 3600)',
  'quantile_over_time(0.9, x[5m])', 'avg_over_time(rate(x[1m])[5m:])', 'histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))',
  'label_replace(up, "a", "$1", "b", "(.*)")', 'max(queue_depth{namespace="$namespace", pod=~"$pods"})',
  '100 * sum(rate(x{code!~"5.."}[$window])) / sum(rate(x[$window]))',
])('%s is taken', (query) => {
  expect(refusedPromql(query)).toBeUndefined();
});

test.each([
  ['', 'it is empty'],
  [' \n', 'it is empty'],
  ['up{job="{{ args.job }}"}', 'the engines read two braces in a row as a template'],
  ['sum(rate(x[5m])', 'Prometheus cannot read it at its end'],
  ['up{job=shop}', 'Prometheus cannot read it at "shop}"'],
  ['first(up)', 'Prometheus cannot read it at "(up)"'],
  ['sum by (le) up', 'Prometheus cannot read it at "up"'],
  ['rate(x[$every])', 'Prometheus cannot read it at "$every])"'],
  ['x[5m]', 'its answer is a series of values over time, not a number'],
  ['(x[5m] offset 1h)', 'its answer is a series of values over time, not a number'],
  ['rate(x[5m])[1h:1m]', 'its answer is a series of values over time, not a number'],
  ['"up"', 'its answer is a text, not a number'],
  ['rate(x)', 'rate reads values over time: write a window such as [$window] behind x'],
  ['1 - sum(increase(x{a="b"}))', 'increase reads values over time: write a window such as [$window] behind x{a="b"}'],
  ['predict_linear(x, 3600)', 'predict_linear reads values over time: write a window such as [$window] behind x'],
  ['max_over_time()', 'max_over_time reads values over time: write a window such as [$window] behind a selector'],
  ['abs(x[5m])', 'abs does not read values over time, such as x[5m]'],
  ['x[5m] / y', 'it calculates with values over time, x[5m]: wrap them in a function such as rate or avg_over_time'],
  ['sum by (a) (x[5m])', 'it calculates with values over time, x[5m]: wrap them in a function such as rate or avg_over_time'],
])('%j is refused: %s', (query, reason) => {
  expect(refusedPromql(query)).toBe(reason);
});

test('a gate names itself, the query and the fix', () => {
  expect(() => Gate.promql({ name: 'queue', query: 'rate(depth)', atMost: 5 })).toThrow(
    'Gate.promql(queue): query is "rate(depth)"; rate reads values over time: write a window such as [$window] behind depth; correct the PromQL');
});
