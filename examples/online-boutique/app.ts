import { App, Chart } from 'cdk8s';
import {
  Adoption, EgressScope, ExternalService, KubernetesExperience, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService,
} from 'cdk8s-mesh';
import { k8s } from 'cdk8s-plus-28';
import { deployment } from './deployment';
import { CALLS, SERVICES } from './services';

export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const chart = new Chart(app, 'online-boutique', { namespace: 'online-boutique' });
  const mesh = new Mesh(chart, 'mesh', {
    provider,
    // Services and languages are counted in this program.
    adoption: Adoption.assess({ hardToDebugLatency: true, kubernetes: KubernetesExperience.ESTABLISHED }),
  });
  new MeshNamespace(chart, 'online-boutique', { mesh });

  const services = new Map(SERVICES.map((facts) => [facts.name, new MeshService(chart, facts.name, {
    mesh,
    language: facts.language,
    workload: deployment(chart, facts),
    ports: facts.port && [facts.port],
    egress: EgressScope.declared(), // CALLS is complete, so no proxy needs to know more.
  })]));
  for (const { from, to, idempotent } of CALLS) {
    services.get(from)!.calls(services.get(to)!, { idempotent });
  }

  // The frontend asks it for the region that it shows in its footer.
  const metadata = new ExternalService(chart, 'gce-metadata', { mesh, hosts: ['metadata.google.internal'], ports: [MeshPort.http(80)] });
  services.get('frontend')!.calls(metadata);

  new k8s.KubeService(chart, 'frontend-external', {
    metadata: { name: 'frontend-external' },
    spec: {
      type: 'LoadBalancer',
      selector: { app: 'frontend' },
      ports: [{ name: 'http', appProtocol: 'http', port: 80, targetPort: k8s.IntOrString.fromNumber(8080) }],
    },
  });
  return mesh;
}
