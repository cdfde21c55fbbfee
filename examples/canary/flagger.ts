import { Duration } from 'cdk8s';
import { AlertSeverity, Canary, CanaryAlert, CanaryEngine, CanaryStrategy, CanaryWebhook, ErrorBudget, Gate } from 'cdk8s-mesh';
import { HorizontalPodAutoscaler } from 'cdk8s-plus-28';
import { Shop } from './shop';

/** 10 % more each minute; at 50 % the new version is promoted. Three failed checks, and it is taken back. */
export function deliverByFlagger({ chart, payments, paymentPods }: Shop): Canary {
  // Flagger copies the autoscaler for the promoted version, and so knows how many pods it needs.
  new HorizontalPodAutoscaler(chart, 'payment-service-scaler', {
    metadata: { name: 'payment-service' }, target: paymentPods, minReplicas: 3, maxReplicas: 9,
  });
  return new Canary(chart, 'payment-service-canary', {
    service: payments,
    engine: CanaryEngine.flagger(),
    strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
    gates: [Gate.successRate({ atLeast: 99.9 }), Gate.latency({ percentile: 99, atMost: Duration.millis(500) })],
    rollBackAfter: 3,
    webhooks: [CanaryWebhook.acceptance('http://load-tester.test/', {
      metadata: { type: 'bash', cmd: 'curl -sf http://payment-service-canary.shop-flagger/healthz' },
    })],
    alerts: [CanaryAlert.slack('payments', { secret: 'slack-webhook', severity: AlertSeverity.WARNING })],
    errorBudget: ErrorBudget.of({ objective: 99.9 }),
  });
}
