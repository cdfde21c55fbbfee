import { enforcementOf, guardedPorts, isMeshed, mtlsModeOf, securityOf } from '../model/access';
import { containerPorts } from '../model/container-ports';
import { isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import { listed } from '../model/text';
import type { Check, Report } from './check';
import { knownPods } from './pods';

export const probesRefused: Check = {
  code: FindingCode.PROBES_REFUSED,
  name: 'probes-refused',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'Probes that a strict service refuses',
  why: 'The kubelet has no certificate. Its probes pass a strict service only because the agent beside the proxy answers them; where the '
    + 'pod says that probes are to stay as they are, they fail, and the pod is restarted for ever.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' }));
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
web.calls(orders);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    if (model.mesh.provider === 'linkerd') {
      judgeLinkerd(model, report);
      return;
    }
    // Without a sidecar the kubelet's own connections are known by their address, and pass.
    for (const { service, version, workload } of knownPods(model)) {
      if (workload.podAnnotations[REWRITE] !== 'false' || isAmbient(model.mesh, service.namespace)) {
        continue;
      }
      if (isMeshed(service) && guardedPorts(service).some(({ number }) => mtlsModeOf(service, number) === 'strict')) {
        report(version.origin, {
          message: `probes of ${workload.kind} ${workload.name} are refused, since ${service.id} is strict`,
          evidence: `its pods have the annotation ${REWRITE}=false`,
          fix: 'Take the annotation away, or give the probes a port of their own and take plain connections there with acceptPlaintext',
        });
      }
    }
  },
};

const REWRITE = 'sidecar.istio.io/rewriteAppHTTPProbers';

/** Linkerd lets HTTP probes through by itself, gRPC probes through the routes of declared ports, and nothing else through. */
function judgeLinkerd(model: MeshModel, report: Report): void {
  for (const { service, version, workload } of knownPods(model)) {
    const declared = new Set(guardedPorts(service).flatMap((port) => [port.containerPort, ...containerPorts(service, port)]));
    const plain = new Set(securityOf(service).plaintext.map(({ port }) => port));
    const refused = enforcementOf(service) !== 'enforce' ? [] : workload.containers.flatMap(({ probes = [] }) => probes)
      .filter(({ kind, port }) => kind === 'grpc' && !declared.has(port) && !plain.has(Number(port)));
    if (refused.length > 0) {
      report(version.origin, {
        message: `gRPC probes of ${workload.kind} ${workload.name} on port ${listed([...new Set(refused.map(({ port }) => String(port)))])} are refused`,
        evidence: `the port is none of ${service.id}, and all others are closed`,
        fix: 'Declare the port on the service, or take plain connections there with acceptPlaintext',
      });
    }
  }
}
