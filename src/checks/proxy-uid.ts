import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { knownPods } from './pods';

/** The user whose traffic the injected iptables rules let pass: the proxy's own. */
const PROXY_UID = 1337;
const PROXY_CONTAINER = 'istio-proxy';

export const proxyUid: Check = {
  code: FindingCode.PROXY_UID,
  name: 'proxy-uid',
  severity: Severity.ERROR,
  catalogue: ['IST0144'],
  title: 'An application container that runs as the proxy\'s user',
  why: 'Traffic of user 1337 is taken for the proxy\'s own and goes around it, so that the application\'s calls leave unencrypted and without any '
    + 'route, retry or limit.',
  bad: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/spec/securityContext', { runAsUser: 1337 }));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  good: `
const pods = deployment('orders');
ApiObject.of(pods).addJsonPatch(JsonPatch.add('/spec/template/spec/securityContext', { runAsUser: 1338 }));
new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const { version, workload } of knownPods(model)) {
      const container = workload.containers.find((candidate) => candidate.name !== PROXY_CONTAINER && candidate.runAsUser === PROXY_UID);
      if (workload.runAsUser === PROXY_UID || container !== undefined) {
        report(version.origin, {
          message: `securityContext.runAsUser of ${workload.kind} ${workload.name} is ${PROXY_UID}, the proxy's user`,
          evidence: container === undefined ? 'it is set for the whole pod' : `it is set for container ${container.name}`,
          fix: 'Give it another user id',
        });
      }
    }
  },
};
