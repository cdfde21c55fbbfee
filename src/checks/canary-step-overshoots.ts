import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const canaryStepOvershoots: Check = {
  code: FindingCode.CANARY_STEP_OVERSHOOTS,
  name: 'canary-step-overshoots',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A step that does not divide the share at which the version is promoted',
  why: 'Flagger alone would go beyond the maximum: with steps of 30 and a maximum of 50 to 60 %. The library writes the steps out, so that the last '
    + 'one is shorter instead. Either may not be what was meant.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 30, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 25, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const { origin, strategy } of model.canaries) {
      const { step, max } = strategy.kind === 'weights' && strategy.linear !== undefined ? strategy.linear : { step: 1, max: 1 };
      if (max % step !== 0) {
        report(origin, {
          message: `step ${step} does not divide max ${max}: the last step goes from ${max - max % step} % to ${max} %`,
          evidence: `a whole step would end at ${max - max % step + step} %`,
          fix: 'Choose a step that divides the maximum, or list the steps with CanaryStrategy.steps',
        });
      }
    }
  },
};
