import type { CanaryNode, ErrorBudgetNode } from '../model/delivery';
import { budgetMs, planOf, type DeliveryPlan } from '../model/delivery-plan';
import { FindingCode, Severity } from '../model/finding';
import type { Check, Report } from './check';
import { time } from './text';

export const releaseExceedsErrorBudget: Check = {
  code: FindingCode.RELEASE_EXCEEDS_ERROR_BUDGET,
  name: 'release-exceeds-error-budget',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A bad version that spends more of the error budget than a release may',
  why: 'A canary bounds what a bad version costs: the share of requests that meets it, for the time until it is taken back. Large steps, long '
    + 'intervals and many forgiven checks make that more than the objective leaves room for; and a gate that is looser than the objective promotes '
    + 'a version that breaks it.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99.95 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(10) }),
  errorBudget: ErrorBudget.of({ objective: 99.9 }),
});`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new Canary(chart, 'orders-canary', {
  service: orders, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99.95 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
  errorBudget: ErrorBudget.of({ objective: 99.9 }),
});`,
  run: (model, report) => model.canaries.forEach((canary) => {
    if (canary.errorBudget !== undefined) {
      judge(canary, canary.errorBudget, planOf(canary), report);
    }
  }),
};

function judge(canary: CanaryNode, budget: ErrorBudgetNode, plan: DeliveryPlan, report: Report): void {
  const allowed = budgetMs(budget) * budget.perReleasePercent / 100;
  const loss = (what: string, ms: number | undefined, fix: string) => {
    if (ms !== undefined && ms > allowed) {
      report(canary.origin, {
        message: `${what} costs as much as ${rounded(ms)} without any answer; a release may cost ${rounded(allowed)}`,
        evidence: [
          `${budget.objective} % over ${days(budget.overMs)}, of which one release may spend ${budget.perReleasePercent} %`,
          `${rounded(plan.promoteMs!)} to promote, ${rounded(plan.reactMs!)} until a bad version is taken back, at most ${plan.exposedPercent} % of the requests exposed`,
        ].join('; '),
        fix,
      });
    }
  };
  loss('a version that turns bad at the worst moment', plan.worstLossMs, 'Shorten `every`, lower the last step or `rollBackAfter`');
  loss('a version that fails as often as the gate lets pass', plan.toleratedLossMs, 'Raise `atLeast` of the success gate, or promote in less time');
  const gate = canary.gates.find((one) => one.kind === 'success-rate');
  if (gate?.kind === 'success-rate' && gate.atLeast < budget.objective) {
    report(canary.origin, {
      message: `the success gate promotes at ${gate.atLeast} %, below the objective of ${budget.objective} %`,
      evidence: 'a version that succeeds as often as the gate asks for breaks the objective for as long as it runs',
      fix: `Give Gate.successRate an atLeast of ${budget.objective} or more`,
      severity: Severity.WARNING,
    });
  }
}

function rounded(ms: number): string {
  return time(Math.round(ms / 100) * 100);
}

function days(ms: number): string {
  return ms % 86_400_000 === 0 ? `${ms / 86_400_000} days` : time(ms);
}
