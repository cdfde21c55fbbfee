import { isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { knownPods } from './pods';

/** The user whose traffic the injected iptables rules let pass, the proxy's own, and the name of its container. */
const ISTIO = { uid: 1337, container: 'istio-proxy' };
const LINKERD = { uid: 2102, container: 'linkerd-proxy' };

export const proxyUid: Check = {
  code: FindingCode.PROXY_UID,
  name: 'proxy-uid',
  severity: Severity.ERROR,
  catalogue: ['IST0144'],
  title: 'An application container that runs as the proxy\'s user',
  why: 'Traffic of user 1337 is taken for the proxy\'s own and goes around it, so that the application\'s calls leave unencrypted and without any '
    + 'route, retry or limit. In Linkerd it is user 2102.',
  bad: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/spec/securityContext', { runAsUser: 1337 }));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  good: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/spec/securityContext', { runAsUser: 1338 }));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const proxy = model.mesh.provider === 'linkerd' ? LINKERD : ISTIO;
    for (const { version, workload } of knownPods(model).filter(({ service }) => !isAmbient(model.mesh, service.namespace))) {
      const container = workload.containers.find((candidate) => candidate.name !== proxy.container && candidate.runAsUser === proxy.uid);
      if (workload.runAsUser === proxy.uid || container !== undefined) {
        report(version.origin, {
          message: `securityContext.runAsUser of ${workload.kind} ${workload.name} is ${proxy.uid}, the proxy's user`,
          evidence: container === undefined ? 'it is set for the whole pod' : `it is set for container ${container.name}`,
          fix: 'Give it another user id',
        });
      }
    }
  },
};
