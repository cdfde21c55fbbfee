import { isGatewayApiOfIstio } from '../model/data-plane';
import { ownership } from '../model/delivery';
import { httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import { isUnread } from '../model/waypoint';
import type { Check } from './check';
import { counted, listed } from './text';

export const silentRetries: Check = {
  code: FindingCode.SILENT_RETRIES,
  name: 'silent-retries',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A mesh that repeats requests although nobody asked for it',
  why: 'Istio retries twice where a route says nothing of retries: on failed connections, refused streams, and gRPC requests that were cancelled '
    + 'or found nobody. Routes of the standard channel of Gateway API have no field to say otherwise, and a GRPCRoute and a route that Flagger '
    + 'writes have none in any channel. This library promises that nothing is repeated unless the program says so.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi(),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  good: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: ({ mesh, services }, report) => {
    const routed = services.filter((service) => (
      httpPorts(service).length > 0 && isGatewayApiOfIstio(mesh, service.namespace) && !isUnread(service, mesh)
    ));
    const standard = mesh.gatewayChannel !== 'experimental';
    const concerned = standard ? routed : routed.filter((service) => ownership(service)?.ownsRoutes);
    if (concerned.length > 0) {
      report(mesh.origin, {
        message: `Istio retries requests to ${counted(concerned.length, 'service')} twice, and no route can say otherwise`,
        evidence: standard ? 'the standard channel of Gateway API has no field for retries'
          : `Flagger writes the HTTPRoute of ${listed(concerned.map(({ id }) => id))}, and has no field for retries`,
        fix: `${standard ? 'Take GatewayChannel.EXPERIMENTAL, where the routes say it, or set' : 'Set'} \`defaultHttpRetryPolicy: {attempts: 0}\` in the mesh configuration of Istio and suppress this`,
      });
    }
  },
};
