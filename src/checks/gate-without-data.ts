import { dataPlaneOf } from '../model/data-plane';
import { CanaryNode, GateNode, MetricSourceNode } from '../model/delivery';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import type { ProviderId } from '../model/provider';
import type { Check, Report } from './check';
import { time } from './text';

/** Whose telemetry there is in a mesh. */
const SOURCES: Readonly<Record<ProviderId, readonly MetricSourceNode['kind'][]>> = {
  'istio': ['istio', 'envoy'], 'gateway-api': ['istio', 'envoy'], 'linkerd': ['linkerd'],
  // Waypoints report, with Istio's own metrics.
  'istio-ambient': ['istio'],
};

/** A rate needs two samples; with fewer than four a single failed scrape leaves a hole. */
const LEAST_SCRAPES = 2;
const SAFE_SCRAPES = 4;

export const gateWithoutData: Check = {
  code: FindingCode.GATE_WITHOUT_DATA,
  name: 'gate-without-data',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A gate that has nothing to measure, or too little',
  why: 'No answer of Prometheus is a failed check, or a good version would be promoted unseen. So a gate without data rolls every version back: when '
    + 'no request reaches the new version, when the window is shorter than the time between two scrapes, or when so few requests come that a single '
    + 'failed one is more than the gate lets pass.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.blueGreen({ iterations: 5, every: Duration.minutes(1) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.blueGreen({ iterations: 5, every: Duration.minutes(1) }),
  webhooks: [CanaryWebhook.loadTest('http://load-tester.test/', { metadata: { cmd: 'hey -z 1m http://orders-canary.shop:8080/' } })],
});`,
  run: (model, report) => {
    for (const canary of model.canaries) {
      const service = model.serviceById.get(canary.service)!;
      judgeSource(model, canary, service, report);
      const tested = canary.webhooks.some(({ kind }) => kind === 'load-test');
      for (const gate of tested ? [] : canary.gates.filter(({ kind }) => kind !== 'promql')) {
        judgeTraffic(canary, service, gate, report);
      }
    }
  },
};

function judgeSource(model: MeshModel, canary: CanaryNode, service: ServiceNode, report: Report): void {
  const { origin, metrics: { kind, scrapedEveryMs }, gates } = canary;
  const own = gates.filter((gate) => gate.kind !== 'promql');
  const accuse = (message: string, evidence: string, fix: string, severity?: Severity) => report(origin, { message, evidence, fix, severity });
  const plane = dataPlaneOf(model.mesh, service.namespace);
  if (own.length > 0 && !SOURCES[plane].includes(kind)) {
    accuse(`MetricSource.${kind}() is not what this mesh reports`, `the mesh is ${plane}`,
      `Take ${SOURCES[plane].map((name) => `MetricSource.${name}()`).join(' or ')}`);
  }
  if (own.length > 0 && service.meshed === false) {
    accuse(`the pods of ${service.id} have no proxy, so nothing is reported of them`, 'meshed is false', 'Let the pods join the mesh, or ask for the application\'s own metrics with Gate.promql');
  }
  if (kind === 'envoy' && gates.some((gate) => gate.kind === 'success-rate') && service.ports.some(({ protocol }) => protocol === 'grpc')) {
    accuse('Envoy\'s own statistics know no status of gRPC: its requests all count as successful', 'MetricSource.envoy() on a gRPC port',
      'Take MetricSource.istio(), or ask for the application\'s own metrics with Gate.promql');
  }
  for (const gate of gates.filter(({ windowMs }) => windowMs < SAFE_SCRAPES * scrapedEveryMs)) {
    accuse(`the window of gate ${gate.name} is ${time(gate.windowMs)}, ${gate.windowMs < LEAST_SCRAPES * scrapedEveryMs ? 'too short for two scrapes' : 'short enough that one lost scrape leaves a hole'}`,
      `pods are scraped every ${time(scrapedEveryMs)}`, `Give a window of ${time(SAFE_SCRAPES * scrapedEveryMs)} or more, or say how often pods are scraped with scrapedEvery`,
      gate.windowMs < LEAST_SCRAPES * scrapedEveryMs ? Severity.ERROR : Severity.WARNING);
  }
}

function judgeTraffic(canary: CanaryNode, { requestsPerSecond }: ServiceNode, gate: GateNode, report: Report): void {
  const share = leastShare(canary);
  if (share === 0) {
    report(canary.origin, {
      message: `gate ${gate.name} has nothing to measure: no request reaches the new version before it is promoted`,
      evidence: 'blue/green without mirrored requests, and no load test',
      fix: 'Add CanaryWebhook.loadTest, or take CanaryStrategy.mirror',
    });
    return;
  }
  if (share === undefined || requestsPerSecond === undefined) {
    return;
  }
  const requests = requestsPerSecond * share / 100 * gate.windowMs / 1000;
  const needed = gate.kind === 'success-rate' ? 100 / (100 - gate.atLeast) : gate.kind === 'latency' ? 100 / (100 - gate.percentile) : 1;
  const evidence = `${requestsPerSecond} requests per second at the busiest time, ${share} % of them, in ${time(gate.windowMs)}`;
  const fix = 'Begin with a larger share, look back longer (window), or add CanaryWebhook.loadTest';
  if (requests < 1) {
    report(canary.origin, { message: `gate ${gate.name} sees less than one request at ${share} %`, evidence, fix });
  } else if (requests < needed && Number.isFinite(needed)) {
    const meaning = gate.kind === 'latency' ? 'the slowest of them decides alone' : 'a single failed one fails the check';
    report(canary.origin, {
      message: `gate ${gate.name} sees ${Math.floor(requests)} requests at ${share} %: ${meaning}`,
      evidence: `${evidence}; ${Math.ceil(needed)} would be enough`, fix, severity: Severity.WARNING,
    });
  }
}

/** The smallest share that is measured; undefined where nobody knows. */
function leastShare({ strategy }: CanaryNode): number | undefined {
  switch (strategy.kind) {
    case 'weights': return strategy.steps[0].weight;
    case 'blue-green': return strategy.mirrorPercent ?? 0;
    case 'ab-test': return undefined;
  }
}
