import { App, Chart, Duration } from 'cdk8s';
import {
  Adoption, Canary, CanaryEngine, CanaryStrategy, Gate, KubernetesExperience, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService,
} from 'cdk8s-mesh';
import { Deployment, HorizontalPodAutoscaler, LabelSelector } from 'cdk8s-plus-28';

/** New versions of orders come to its users by Flagger, 10 % more each minute, on whichever mesh `provider` names. */
export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', {
    provider,
    adoption: Adoption.assess({ services: 60, regulatedEncryption: true, trafficCanaries: true, kubernetes: KubernetesExperience.ESTABLISHED }),
  });
  new MeshNamespace(chart, 'namespace', { mesh, name: 'shop' });
  const ports = [MeshPort.http(8080, { port: 80 })];
  const web = new MeshService(chart, 'web', { mesh, workload: deployment(chart, 'web'), ports });
  const pods = deployment(chart, 'orders');
  // Flagger copies the autoscaler for the promoted version, and so knows how many pods it needs.
  new HorizontalPodAutoscaler(chart, 'orders-scaler', { metadata: { name: 'orders' }, target: pods, minReplicas: 2, maxReplicas: 6 });
  const orders = new MeshService(chart, 'orders', {
    mesh, workload: pods, ports, deadline: Duration.seconds(5), requestsPerSecond: 200,
  });
  orders.addRoute('all', { matches: [], responseHeaders: { overwrite: { 'x-service': 'orders' } } });
  web.calls(orders);
  new Canary(chart, 'orders-canary', {
    service: orders,
    engine: CanaryEngine.flagger(),
    strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
    gates: [Gate.successRate({ atLeast: 99 }), Gate.latency({ percentile: 99, atMost: Duration.millis(500) })],
    rollBackAfter: 3,
  });
  return mesh;
}

/** Flagger tells versions apart by the label `app`, so the selector has it from the first day: it cannot change later. */
function deployment(chart: Chart, name: string): Deployment {
  const pods = new Deployment(chart, `${name}-pods`, {
    metadata: { name }, select: false, containers: [{ image: `registry.example.com/${name}:1.0`, portNumber: 8080 }],
  });
  pods.podMetadata.addLabel('app', name);
  pods.select(LabelSelector.of({ labels: { app: name } }));
  return pods;
}
