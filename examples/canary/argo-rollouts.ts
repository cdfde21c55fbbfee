import { Duration } from 'cdk8s';
import { AlertSeverity, Approval, Canary, CanaryAlert, CanaryEngine, CanaryStrategy, ErrorBudget, Gate } from 'cdk8s-mesh';
import { Shop } from './shop';

/** 5, 20 and 50 %, the last for five minutes; then a person promotes. Three failed checks of one step, and it is taken back. */
export function deliverByArgoRollouts({ chart, payments }: Shop): Canary {
  return new Canary(chart, 'payment-service-canary', {
    service: payments,
    engine: CanaryEngine.argoRollouts(),
    strategy: CanaryStrategy.steps([5, 20, 50], { every: Duration.minutes(1), hold: { 50: Duration.minutes(5) } }),
    gates: [Gate.successRate({ atLeast: 99.5 }), Gate.latency({ percentile: 99, atMost: Duration.millis(500) })],
    rollBackAfter: 3,
    approvals: [Approval.PROMOTION],
    alerts: [CanaryAlert.slack('payments', { severity: AlertSeverity.WARNING })],
    errorBudget: ErrorBudget.of({ objective: 99.5 }),
  });
}
