import { App, Chart } from 'cdk8s';
import { Adoption, EgressScope, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService } from 'cdk8s-mesh';
import { Deployment } from 'cdk8s-plus-28';

/** Four services in a row. Who calls whom, and how often it tries, is said by the programs that use them. */
export class Shop {
  readonly mesh: Mesh;
  readonly front: MeshService;
  readonly orders: MeshService;
  readonly payments: MeshService;
  readonly ledger: MeshService;

  constructor(app: App, provider = MeshProvider.istio()) {
    const chart = new Chart(app, 'retry-storm', { namespace: 'shop' });
    this.mesh = new Mesh(chart, 'mesh', {
      provider,
      adoption: Adoption.assess({ services: 40, languages: 3, hardToDebugLatency: true }),
    });
    new MeshNamespace(chart, 'shop', { mesh: this.mesh });
    [this.front, this.orders, this.payments, this.ledger] = ['front', 'orders', 'payments', 'ledger'].map((name) => new MeshService(chart, name, {
      mesh: this.mesh,
      ports: [MeshPort.http(8080, { port: 80 })],
      egress: EgressScope.declared(),
      workload: new Deployment(chart, `${name}-pods`, {
        metadata: { name },
        replicas: 3,
        containers: [{ image: `registry.example.com/${name}:1.0`, portNumber: 8080 }],
      }),
    }));
  }
}
