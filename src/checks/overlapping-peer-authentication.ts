import { isMeshed, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ObjectNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { Check, Report } from './check';
import { PodIndex, type PodSet } from './pod-index';
import { groupOf, handWritten, ISTIO_SECURITY, labels, ownerOf, record } from './raw';

export const overlappingPeerAuthentication: Check = {
  code: FindingCode.OVERLAPPING_PEER_AUTHENTICATION,
  name: 'overlapping-peer-authentication',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Two PeerAuthentications say what the same connections must prove',
  why: 'Of two for one namespace, or for the same pods, the mesh takes the older one and ignores the other in silence. Which that is '
    + 'depends on when each was first applied, so a strict namespace may turn out to be permissive.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ApiObject(chart, 'by-hand', {
  apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'by-hand' }, spec: { mtls: { mode: 'PERMISSIVE' } },
});
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, mtls: MtlsMigration.permissiveWithProof() });`,
  run: (model, report) => {
    const byHand = handWritten(model, 'PeerAuthentication', ISTIO_SECURITY);
    const plain = outlineOf(model).secured.filter((service) => isMeshed(service) && securityOf(service).plaintext.length > 0);
    if (byHand.length === 0 && plain.length < 2) {
      return;
    }
    judgeNamespaces(model, report);
    const index = PodIndex.of(model);
    const taken = new Map<PodSet, string>();
    for (const service of plain) {
      const pods = index.select(service.namespace, service.selector);
      const other = pods.map((set) => taken.get(set)).find((one) => one !== undefined);
      if (other !== undefined) {
        const message = `acceptPlaintext of ${service.id} is for pods for which ${other} has exceptions, too`;
        accuse(report, service.origin, message, other, 'Say all exceptions on one of the services');
      }
      pods.forEach((set) => taken.set(set, service.id));
    }
    for (const { object, spec } of byHand) {
      const selector = labels(record(spec.selector).matchLabels);
      const whole = Object.keys(selector).length === 0 || object.namespace === model.mesh.systemNamespace;
      const pods = whole ? [] : index.select(object.namespace, selector);
      const other = pods.map((set) => taken.get(set)).find((one) => one !== undefined);
      if (other !== undefined) {
        const message = `the PeerAuthentication ${object.name} selects pods that have one already`;
        accuse(report, object.origin, message, other, 'Say the exception on the service with acceptPlaintext, or join the two');
      }
      pods.forEach((set) => taken.set(set, object.origin));
    }
  },
};

/** One for a whole namespace each; for the namespace of the control plane that is the whole mesh. */
function judgeNamespaces(model: MeshModel, report: Report): void {
  const ours = new Set(model.policies.map(({ origin }) => origin));
  const whole = new Map<string, ObjectNode>();
  for (const object of model.objects) {
    // Ours for a namespace lies two levels below the policy that it was written for.
    const policy = ownerOf({ ...object, origin: ownerOf(object) });
    if (object.ours && object.kind === 'PeerAuthentication' && groupOf(object) === ISTIO_SECURITY && ours.has(policy)) {
      whole.set(object.namespace ?? '', object);
    }
  }
  for (const { object, spec } of handWritten(model, 'PeerAuthentication', ISTIO_SECURITY)) {
    if (Object.keys(labels(record(spec.selector).matchLabels)).length > 0) {
      continue;
    }
    const other = whole.get(object.namespace ?? '');
    if (other === undefined) {
      whole.set(object.namespace ?? '', object);
    } else {
      const subject = `the PeerAuthentication ${object.name} is the second one for the whole of namespace ${object.namespace ?? '(none)'}`;
      accuse(report, object.origin, subject, other.origin, other.ours ? 'Say the mode on the policy with mtls, and take this away' : 'Join the two');
    }
  }
}

function accuse(report: Report, origin: string, message: string, other: string, fix: string): void {
  report(origin, { message, evidence: `the other one is of ${other}`, fix });
}
