// What tools/package-check.ts compiles and runs outside the repository, against the packed library and its peers alone.
import { writeFileSync } from 'fs';
import { App, Chart } from 'cdk8s';
import { Mesh, MeshPort, MeshProvider, MeshReport, MeshService, Retry } from 'cdk8s-mesh';
import { Deployment } from 'cdk8s-plus-28';

const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.istio() });

function deployment(name: string): Deployment {
  return new Deployment(chart, `${name}-deployment`, {
    metadata: { name }, replicas: 2, containers: [{ image: `registry.example/${name}:1`, portNumber: 8080 }],
  });
}

const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080, { port: 80 })] });
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), version: 'v1', subset: 'stable', ports: [MeshPort.http(8080, { port: 80 })], retry: Retry.upTo(2),
});
orders.addVersion('v2', { workload: deployment('orders-v2'), subset: 'canary' });
orders.split({ stable: 90, canary: 10 });
web.calls(orders);
app.synth();
writeFileSync('report.html', new MeshReport(mesh).toHtml());
