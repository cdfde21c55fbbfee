/** What the parts of a canary make of what they are told, and what they refuse. */
import { Duration } from 'cdk8s';
import {
  AlertSeverity, Audience, CanaryAlert, CanaryEngine, CanaryStrategy, CanaryWebhook, ErrorBudget, Gate, MetricSource, StringMatch,
} from '../../src';
import type { MeshNode } from '../../src/model/mesh-model';
import { ambient } from '../checks/ambient-builder';
import { refusal } from '../support/refusal';

const every = Duration.minutes(1);

describe('strategies', () => {
  test.each<[string, CanaryStrategy, object]>([
    ['equal steps', CanaryStrategy.linear({ step: 20, max: 60, every }), { kind: 'weights', everyMs: 60_000, linear: { step: 20, max: 60 }, steps: [{ weight: 20 }, { weight: 40 }, { weight: 60 }] }],
    ['equal steps up to all', CanaryStrategy.linear({ step: 50, every }), { kind: 'weights', everyMs: 60_000, linear: { step: 50, max: 100 }, steps: [{ weight: 50 }, { weight: 100 }] }],
    ['a shorter last step', CanaryStrategy.linear({ step: 20, max: 50, every }), { kind: 'weights', everyMs: 60_000, linear: { step: 20, max: 50 }, steps: [{ weight: 20 }, { weight: 40 }, { weight: 50 }] }],
    ['listed steps, one of them held', CanaryStrategy.steps([1, 50], { every, hold: { 50: Duration.minutes(3) } }), { kind: 'weights', everyMs: 60_000, steps: [{ weight: 1 }, { weight: 50, holdMs: 180_000 }] }],
    ['a session of a day', CanaryStrategy.steps([50], { every, keepSession: { cookie: 'v' } }), { kind: 'weights', everyMs: 60_000, steps: [{ weight: 50 }], session: { cookie: 'v', maxAgeMs: 86_400_000 } }],
    ['blue/green', CanaryStrategy.blueGreen({ iterations: 5, every }), { kind: 'blue-green', iterations: 5, everyMs: 60_000 }],
    ['a mirror of all', CanaryStrategy.mirror({ iterations: 5, every }), { kind: 'blue-green', iterations: 5, everyMs: 60_000, mirrorPercent: 100 }],
    ['a mirror of some', CanaryStrategy.mirror({ iterations: 5, every, percent: 10 }), { kind: 'blue-green', iterations: 5, everyMs: 60_000, mirrorPercent: 10 }],
    ['an A/B test', CanaryStrategy.abTest({ iterations: 5, every, audiences: [Audience.header('X-Beta', StringMatch.exact('yes'))] }),
      { kind: 'ab-test', iterations: 5, everyMs: 60_000, audiences: [{ header: 'x-beta', value: { kind: 'exact', value: 'yes' } }] }],
  ])('%s', (_, strategy, node) => {
    expect(strategy._node()).toEqual(node);
  });

  test.each<[string, () => unknown, string]>([
    ['half seconds', () => CanaryStrategy.steps([10], { every: Duration.millis(10_500) }), 'CanaryStrategy.steps: every is 10 seconds 500 millis; give whole seconds'],
    ['a hold of a share that is none', () => CanaryStrategy.steps([10], { every, hold: { 20: every } }), 'CanaryStrategy.steps: hold.20 is 1 minute; name one of the shares: 10'],
    ['a hold of half an interval', () => CanaryStrategy.steps([10], { every, hold: { 10: Duration.seconds(90) } }), 'CanaryStrategy.steps: hold.10 is 1 minute 30 seconds; give a multiple of every (60 s)'],
    ['a cookie that is none', () => CanaryStrategy.steps([10], { every, keepSession: { cookie: 'a b' } }), 'CanaryStrategy.steps: keepSession.cookie is "a b"; give the name of a cookie'],
    ['no check', () => CanaryStrategy.blueGreen({ iterations: 0, every }), 'CanaryStrategy.blueGreen: iterations is 0; give a whole number from 1 to 1000'],
    ['too many checks', () => CanaryStrategy.abTest({ iterations: 1001, every, audiences: [Audience.cookie('a', 'b')] }), 'CanaryStrategy.abTest: iterations is 1001'],
    ['a mirror of nothing', () => CanaryStrategy.mirror({ iterations: 1, every, percent: 0 }), 'CanaryStrategy.mirror: percent is 0; give a share of at least 1 %'],
    ['nobody', () => CanaryStrategy.abTest({ iterations: 1, every, audiences: [] }), 'CanaryStrategy.abTest: audiences is []; name whose requests meet the new version'],
  ])('refuse %s', (_, said, expected) => {
    expect(refusal(said)).toContain(expected);
  });
});

test('a cookie is found wherever it stands, and no other for it', () => {
  const { header, value } = Audience.cookie('be.ta', 'yes')._node();
  const found = (text: string) => new RegExp(value.value).test(text);
  expect([header, value.kind]).toEqual(['cookie', 'regex']);
  expect(['be.ta=yes', 'a=b; be.ta=yes', 'be.ta=yes; c=d', 'a=b;be.ta=yes;c=d'].filter(found)).toHaveLength(4);
  expect(['be.ta=no', 'be.ta=yesterday', 'xbe.ta=yes', 'bexta=yes', 'a="be.ta=yes"'].filter(found)).toEqual([]);
});

test.each<[string, () => unknown, string]>([
  ['a header that is none', () => Audience.header('x beta', StringMatch.exact('a')), 'Audience.header: name is "x beta"'],
  ['a cookie with a blank', () => Audience.cookie('a b', 'c'), 'Audience.cookie: name is "a b"; give a text that a cookie can hold'],
  ['a cookie\'s value with a semicolon', () => Audience.cookie('a', 'b;c'), 'Audience.cookie: value is "b;c"; give a text that a cookie can hold'],
  ['a gate of half a second', () => Gate.successRate({ atLeast: 99, window: Duration.millis(500) }), 'Gate: window is 500 millis; give whole seconds'],
  ['a gate whose name is none', () => Gate.promql({ name: 'Queue', query: 'a', atMost: 1 }), 'Gate.promql(Queue): name is "Queue"'],
  ['a budget that is none', () => ErrorBudget.of({ objective: 100 }), 'ErrorBudget.of: objective is 100; give a percentage between 0 and 100, neither included'],
  ['a budget of nothing', () => ErrorBudget.of({ objective: 99, perRelease: 0 }), 'ErrorBudget.of: perRelease is 0; give a percentage above 0, up to 100'],
  ['no time', () => ErrorBudget.of({ objective: 99, over: Duration.seconds(0) }), 'ErrorBudget.of: over is 0'],
  ['a webhook that is no URL', () => CanaryWebhook.loadTest('tester'), 'CanaryWebhook(load-test): address is "tester"; give a URL with http:// or https://'],
  ['a webhook\'s name', () => CanaryWebhook.events('http://a', { name: 'A' }), 'CanaryWebhook(A): name is "A"'],
  ['half a second', () => CanaryWebhook.rollback('http://a', { timeout: Duration.millis(500) }), 'CanaryWebhook(rollback): timeout is 500 millis; give whole seconds'],
  ['a channel with a blank', () => CanaryAlert.slack('our team'), 'CanaryAlert(slack): receiver is "our team"; give the name of a channel'],
  ['a Secret that is none', () => CanaryAlert.teams('a', { secret: 'A_B' }), 'CanaryAlert(teams): secret is "A_B"'],
  ['an alert\'s name', () => CanaryAlert.pagerDuty('a', { name: 'a.b' }), 'CanaryAlert(a.b): name is "a.b"'],
  ['no label', () => CanaryEngine.flagger({ selectorLabels: [] }), 'CanaryEngine.flagger: selectorLabels is []; name the labels that Flagger was started with'],
  ['a label that is none', () => CanaryEngine.flagger({ selectorLabels: ['a b'] }), 'CanaryEngine.flagger: selectorLabels is "a b"'],
  ['where to ask', () => CanaryEngine.flagger({ approvalUrl: 'ftp://a' }), 'CanaryEngine.flagger: approvalUrl is "ftp://a"; give a URL'],
  ['one subset for both', () => CanaryEngine.manual({ stable: 'a', canary: 'a', weight: 1 }), 'CanaryEngine.manual: canary is "a"; name another subset than the stable one'],
  ['a Prometheus that is no URL', () => MetricSource.istio({ prometheus: 'prometheus:9090' }), 'MetricSource.istio: prometheus is "prometheus:9090"; give a URL'],
  ['a label of Prometheus', () => MetricSource.envoy({ podLabel: 'pod-name' }), 'MetricSource.envoy: podLabel is "pod-name"; give the name of a label in Prometheus'],
  ['scrapes without time between', () => MetricSource.linkerd({ scrapedEvery: Duration.seconds(0) }), 'MetricSource.linkerd: scrapedEvery is 0'],
])('refused: %s', (_, said, expected) => {
  expect(refusal(said)).toContain(expected);
});

test('gates look back as long as a check comes after the other, a minute at the least', () => {
  const gate = (window?: Duration) => Gate.successRate({ atLeast: 99, window });
  expect([gate()._node(10_000), gate()._node(300_000), gate(Duration.seconds(30))._node(300_000)]
    .map(({ windowMs }) => windowMs)).toEqual([60_000, 300_000, 30_000]);
  expect(Gate.latency({ percentile: 99.9, atMost: Duration.millis(250) })._node(60_000)).toEqual({ kind: 'latency', name: 'latency-p99-9', windowMs: 60_000, percentile: 99.9, atMostMs: 250 });
});

test('what is not said', () => {
  expect(CanaryEngine.flagger()._node()).toEqual({ id: 'flagger', selectorLabels: ['app', 'name', 'app.kubernetes.io/name'] });
  expect(ErrorBudget.of({ objective: 99.9 })._node()).toEqual({ objective: 99.9, overMs: 30 * 86_400_000, perReleasePercent: 10 });
  expect(CanaryWebhook.acceptance('http://a')._node()).toEqual({ kind: 'acceptance', name: 'acceptance', url: 'http://a', timeoutMs: 10_000, metadata: {} });
  expect(CanaryAlert.slack('#orders')._node()).toEqual({ kind: 'slack', name: 'slack', severity: AlertSeverity.ERROR, receiver: '#orders' });
  const common = { scrapedEveryMs: 15_000, podLabel: 'pod', namespaceLabel: 'namespace' };
  expect(MetricSource.istio()._node({ systemNamespace: 'mesh-system', provider: 'istio' }, 'shop')).toEqual({
    kind: 'istio', address: 'http://prometheus.mesh-system:9090', ...common,
  });
  expect(MetricSource.linkerd()._node({ systemNamespace: 'linkerd', provider: 'linkerd' }, 'shop')).toEqual({
    kind: 'linkerd', address: 'http://prometheus.linkerd-viz:9090', ...common,
  });
});

test('Istio\'s telemetry comes from waypoints where pods have no proxy of their own', () => {
  const mesh = { systemNamespace: 'istio-system', ...ambient({ sidecarNamespaces: ['old'] }) } as MeshNode;
  expect(MetricSource.istio()._node(mesh, 'shop').fromWaypoints).toBe(true);
  expect(MetricSource.istio()._node(mesh, 'old')).not.toHaveProperty('fromWaypoints');
  expect(MetricSource.envoy()._node(mesh, 'shop')).not.toHaveProperty('fromWaypoints');
});
