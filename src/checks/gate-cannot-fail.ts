import { deadlineFor } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { time } from './text';

export const gateCannotFail: Check = {
  code: FindingCode.GATE_CANNOT_FAIL,
  name: 'gate-cannot-fail',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A latency gate above the deadline, which no version can fail',
  why: 'Callers\' proxies give a request up when its deadline is over, and the server\'s side sees it end. So no request takes longer, and a gate that '
    + 'lets pass as much as the deadline, or more, passes every version. What is given up counts as failed in the success gate alone.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)], deadline: Duration.seconds(2) });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.latency({ percentile: 99, atMost: Duration.seconds(2) })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)], deadline: Duration.seconds(2) });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.latency({ percentile: 99, atMost: Duration.millis(500) })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const { origin, gates, service } of model.canaries) {
      const deadline = deadlineFor(model, model.serviceById.get(service)!);
      for (const gate of gates) {
        if (gate.kind === 'latency' && deadline !== 'none' && gate.atMostMs >= deadline) {
          report(origin, {
            message: `gate ${gate.name} lets ${time(gate.atMostMs)} pass, and no request takes longer than ${time(deadline)}`,
            evidence: `the deadline of ${service} is ${time(deadline)}`,
            fix: 'Give a time well below the deadline',
          });
        }
      }
    }
  },
};
