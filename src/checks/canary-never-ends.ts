import type { CanaryNode, StrategyNode } from '../model/delivery';
import { ENGINE_FACTS } from '../model/delivery';
import { FindingCode, Severity } from '../model/finding';
import type { Check, Report } from './check';

/** A last step below this leaves more than half of the requests to one jump that nothing measures. */
const MEASURED_PERCENT = 50;

export const canaryNeverEnds: Check = {
  code: FindingCode.CANARY_NEVER_ENDS,
  name: 'canary-never-ends',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Steps that never bring all requests to the new version',
  why: 'A canary that is moved by commits ends where its steps end: without a step to 100 % two versions stay for good. An engine that works by '
    + 'itself promotes behind the last step, so a low one means that most users meet the new version in a single jump that no gate has seen.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), version: 'v1', ports: [MeshPort.http(8080)] });
orders.addVersion('v2', { workload: deployment('orders-v2') });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight: 10 }),
  strategy: CanaryStrategy.steps([10, 50], { every: Duration.minutes(5) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), version: 'v1', ports: [MeshPort.http(8080)] });
orders.addVersion('v2', { workload: deployment('orders-v2') });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight: 10 }),
  strategy: CanaryStrategy.steps([10, 50, 100], { every: Duration.minutes(5) }),
});`,
  run: (model, report) => model.canaries.forEach((canary) => {
    if (canary.strategy.kind === 'weights') {
      judge(canary, canary.strategy, report);
    }
  }),
};

function judge(canary: CanaryNode, { steps }: Extract<StrategyNode, { kind: 'weights' }>, report: Report): void {
  const last = steps[steps.length - 1].weight;
  const { automatic, label } = ENGINE_FACTS[canary.engine.id];
  const evidence = `its steps are ${steps.map(({ weight }) => weight).join(', ')}`;
  if (!automatic && last < 100) {
    report(canary.origin, { message: `the steps end at ${last} %, so the new version never gets all requests`, evidence, fix: 'End the steps with 100' });
  }
  if (automatic && last < MEASURED_PERCENT) {
    report(canary.origin, {
      message: `behind the last step, ${last} %, ${label} promotes: the other ${100 - last} % meet the new version at once`,
      evidence,
      fix: `Go on to ${MEASURED_PERCENT} % or more`,
      severity: Severity.WARNING,
    });
  }
}
