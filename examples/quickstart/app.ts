import { App, Chart, Duration } from 'cdk8s';
import {
  Adoption, CircuitBreaker, KubernetesExperience, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, Retry, RetryOn,
} from 'cdk8s-mesh';
import { Deployment } from 'cdk8s-plus-28';

export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const chart = new Chart(app, 'quickstart', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', {
    provider,
    // Two services need no mesh; these two belong to an organisation that does.
    adoption: Adoption.assess({ services: 60, regulatedEncryption: true, kubernetes: KubernetesExperience.ESTABLISHED }),
  });
  new MeshNamespace(chart, 'shop', { mesh });

  const payments = new MeshService(chart, 'payment-service', {
    mesh,
    workload: deployment(chart, 'payment-service-v1', 3),
    version: 'v1',
    subset: 'stable',
    ports: [MeshPort.http(8080, { port: 80 })],
    retry: Retry.upTo(3, {
      perTry: Duration.seconds(2),
      on: [RetryOn.SERVER_ERROR, RetryOn.RESET, RetryOn.CONNECT_FAILURE],
    }),
    circuitBreaker: CircuitBreaker.of({
      http: { upgradeToHttp2: true, maxRequestsPerConnection: 100 },
      eject: { after: 5, checkEvery: Duration.seconds(30), lasting: Duration.seconds(60) },
    }),
  });
  payments.addVersion('v2', { workload: deployment(chart, 'payment-service-v2', 2), subset: 'canary' });
  payments.split({ stable: 90, canary: 10 });

  const checkout = new MeshService(chart, 'checkout', {
    mesh,
    workload: deployment(chart, 'checkout', 2),
    ports: [MeshPort.http(8080, { port: 80 })],
  });
  checkout.calls(payments);

  return mesh;
}

function deployment(chart: Chart, name: string, replicas: number): Deployment {
  return new Deployment(chart, `${name}-pods`, {
    metadata: { name },
    replicas,
    containers: [{ image: `registry.example.com/${name}:1.0`, portNumber: 8080 }],
  });
}
