import { App, Chart, Duration } from 'cdk8s';
import {
  Adoption, EgressScope, KubernetesExperience, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, RouteMatch,
} from 'cdk8s-mesh';
import { deployment } from './deployment';

export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const chart = new Chart(app, 'bookinfo', { namespace: 'bookinfo' });
  const mesh = new Mesh(chart, 'mesh', {
    provider,
    // Four services need no mesh; these four belong to an organisation that does.
    adoption: Adoption.assess({ services: 25, hardToDebugLatency: true, kubernetes: KubernetesExperience.ESTABLISHED }),
  });
  new MeshNamespace(chart, 'bookinfo', { mesh });

  // Every call is declared below, so no proxy needs to know more.
  const common = { mesh, version: 'v1', ports: [MeshPort.http(9080)], egress: EgressScope.declared() };
  const productpage = new MeshService(chart, 'productpage', {
    ...common, language: 'python', workload: deployment(chart, 'productpage', 'v1', { scratch: ['/tmp'] }),
  });
  const details = new MeshService(chart, 'details', { ...common, language: 'ruby', workload: deployment(chart, 'details', 'v1') });
  const ratings = new MeshService(chart, 'ratings', { ...common, language: 'nodejs', workload: deployment(chart, 'ratings', 'v1') });

  const java = { scratch: ['/tmp', '/opt/ibm/wlp/output'], env: { LOG_DIR: '/tmp/logs' } };
  const reviews = new MeshService(chart, 'reviews', { ...common, language: 'java', workload: deployment(chart, 'reviews', 'v1', java) });
  reviews.addVersion('v2', { workload: deployment(chart, 'reviews', 'v2', java) });
  reviews.addVersion('v3', { workload: deployment(chart, 'reviews', 'v3', java) });

  // What the applications themselves wait for, and how often they ask: productpage asks for the reviews a second time when the first answer
  // does not come; v2 of reviews waits 10 s for ratings, v3 2.5 s.
  productpage.calls(details, { deadline: Duration.seconds(3) });
  productpage.calls(reviews, { deadline: Duration.seconds(3), times: 2 });
  productpage.calls(ratings, { deadline: Duration.seconds(3) });
  reviews.calls(ratings, { deadline: Duration.seconds(10) });

  // The tester Jason sees the black stars of v2. Of all others nine in ten see no stars, and one the red ones of v3.
  reviews.addRoute('tester', { matches: [RouteMatch.header('end-user', 'jason')], split: { v2: 100 } });
  reviews.split({ v1: 90, v3: 10 });

  return mesh;
}
