import { App, Chart } from 'cdk8s';
import { Adoption, KubernetesExperience, Mesh, MeshProvider } from 'cdk8s-mesh';
import { deliverByArgoRollouts } from './argo-rollouts';
import { deliverByFlagger } from './flagger';
import { shop } from './shop';

/** The shop of the quickstart, once for each engine: take the file of yours. */
export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const [flagger, argoRollouts] = ['shop-flagger', 'shop-argo-rollouts'].map((namespace) => new Chart(app, namespace, { namespace }));
  const mesh = new Mesh(flagger, 'mesh', {
    provider,
    adoption: Adoption.assess({
      services: 60, regulatedEncryption: true, trafficCanaries: true, kubernetes: KubernetesExperience.ESTABLISHED,
    }),
  });
  deliverByFlagger(shop(flagger, mesh));
  deliverByArgoRollouts(shop(argoRollouts, mesh, 3));
  return mesh;
}
