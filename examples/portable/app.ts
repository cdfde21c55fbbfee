import { App, Chart, Duration } from 'cdk8s';
import {
  Adoption, GatewayChannel, KubernetesExperience, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, RouteBackend, RouteMatch,
} from 'cdk8s-mesh';
import { Deployment } from 'cdk8s-plus-28';

/** The one line that another mesh changes: MeshProvider.istio(), MeshProvider.linkerd(), … */
const PORTABLE = MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL });

export function build(app: App, provider = PORTABLE): Mesh {
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  const bank = new Chart(app, 'bank', { namespace: 'bank' });
  const mesh = new Mesh(shop, 'mesh', {
    provider,
    // Three services need no mesh; these three belong to an organisation that does.
    adoption: Adoption.assess({ services: 60, regulatedEncryption: true, kubernetes: KubernetesExperience.ESTABLISHED }),
  });
  new MeshNamespace(shop, 'shop', { mesh });
  new MeshNamespace(bank, 'bank', { mesh });

  const ledger = new MeshService(bank, 'ledger', {
    mesh, workload: deployment(bank, 'ledger'), ports: [MeshPort.grpc(9000, { streaming: true })],
  });
  const audit = new MeshService(bank, 'audit', { mesh, workload: deployment(bank, 'audit'), ports: [MeshPort.http(8080, { port: 80 })] });

  const orders = new MeshService(shop, 'orders', {
    mesh, workload: deployment(shop, 'orders-v1'), ports: [MeshPort.http(8080, { port: 80 })], deadline: Duration.seconds(5),
  });
  orders.addVersion('v2', { workload: deployment(shop, 'orders-v2') });
  orders.addRoute('audit', { matches: [RouteMatch.exact('/audit')], backends: [RouteBackend.service(audit)], deadline: Duration.seconds(30) });
  orders.addRoute('testers', { matches: [RouteMatch.header('x-tester', 'yes')], split: { v2: 100 } });
  orders.split({ v1: 90, v2: 10 });

  const web = new MeshService(shop, 'web', { mesh, workload: deployment(shop, 'web'), ports: [MeshPort.http(8080, { port: 80 })] });
  web.calls(orders);
  orders.calls(ledger);
  return mesh;
}

function deployment(chart: Chart, name: string): Deployment {
  return new Deployment(chart, `${name}-pods`, {
    metadata: { name },
    replicas: 2,
    containers: [{ image: `registry.example.com/${name}:1.0`, portNumber: name === 'ledger' ? 9000 : 8080 }],
  });
}
