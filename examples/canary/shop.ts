import { Chart, Duration } from 'cdk8s';
import { CircuitBreaker, Mesh, MeshNamespace, MeshPort, MeshService, Retry, RetryOn } from 'cdk8s-mesh';
import { Deployment, LabelSelector } from 'cdk8s-plus-28';

export interface Shop {
  readonly chart: Chart;
  readonly payments: MeshService;
  readonly paymentPods: Deployment;
}

/**
 * Two services. A new version of payment-service is a change of its Deployment: another image, and nothing else in this program.
 * @param replicas pods of payment-service; an autoscaler decides where there are none
 */
export function shop(chart: Chart, mesh: Mesh, replicas?: number): Shop {
  new MeshNamespace(chart, 'namespace', { mesh, name: chart.namespace });
  const ports = [MeshPort.http(8080, { port: 80 })];
  const paymentPods = deployment(chart, 'payment-service', 'registry.example.com/payment-service:2.0', replicas);
  const payments = new MeshService(chart, 'payment-service', {
    mesh, ports,
    workload: paymentPods,
    requestsPerSecond: 200,
    retry: Retry.upTo(3, {
      perTry: Duration.seconds(2),
      on: [RetryOn.SERVER_ERROR, RetryOn.RESET, RetryOn.CONNECT_FAILURE],
    }),
    circuitBreaker: CircuitBreaker.of({
      http: { upgradeToHttp2: true, maxRequestsPerConnection: 100 },
      eject: { after: 5, checkEvery: Duration.seconds(30), lasting: Duration.seconds(60) },
    }),
  });
  const checkout = new MeshService(chart, 'checkout', {
    mesh, ports, workload: deployment(chart, 'checkout', 'registry.example.com/checkout:1.0', 2),
  });
  checkout.calls(payments);
  return { chart, payments, paymentPods };
}

/** Flagger tells versions apart by the label `app`, so the selector has it from the first day: it cannot change later. */
function deployment(chart: Chart, name: string, image: string, replicas?: number): Deployment {
  const pods = new Deployment(chart, `${name}-pods`, { metadata: { name }, replicas, select: false, containers: [{ image, portNumber: 8080 }] });
  pods.podMetadata.addLabel('app', name);
  pods.select(LabelSelector.of({ labels: { app: name } }));
  return pods;
}
