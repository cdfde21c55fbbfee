import { guardedPorts } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ObjectNode, ServiceNode } from '../model/mesh-model';
import { isHttp } from '../model/protocol';
import { listed } from '../model/text';
import type { Check } from './check';
import { PodIndex } from './pod-index';
import { handWritten, ISTIO_SECURITY, labels, list, record, records, text } from './raw';

export const denyBlocksTcp: Check = {
  code: FindingCode.DENY_BLOCKS_TCP,
  name: 'deny-blocks-tcp',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A hand-written denial of some requests that refuses every TCP connection',
  why: 'A DENY rule about methods, paths, hosts or tokens that names no port holds for the TCP ports of its pods, too. Istio then leaves '
    + 'out what it cannot read there, and with it the rule refuses every connection.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080, 9000), ports: [MeshPort.http(8080), MeshPort.tcp(9000)] });
web.calls(orders);
new ApiObject(chart, 'no-deletes', {
  apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'no-deletes' },
  spec: { selector: { matchLabels: { app: 'orders' } }, action: 'DENY', rules: [{ to: [{ operation: { methods: ['DELETE'] } }] }] },
});`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080, 9000), ports: [MeshPort.http(8080), MeshPort.tcp(9000)] });
web.calls(orders);
orders.deny(Principal.anyone(), { methods: ['DELETE'] });`,
  run: (model, report) => {
    const policies = handWritten(model, 'AuthorizationPolicy', ISTIO_SECURITY).filter(({ spec }) => spec.action === 'DENY');
    if (policies.length === 0) {
      return;
    }
    const index = PodIndex.of(model);
    for (const { object, spec } of policies) {
      const rules = records(spec.rules).filter(blocksTcp);
      const hit = rules.length === 0 ? [] : selected(model, index, object, labels(record(spec.selector).matchLabels))
        .flatMap((service) => guardedPorts(service).filter(({ protocol }) => !isHttp(protocol)).map(({ number }) => `${service.id}:${number}`));
      if (hit.length > 0) {
        report(object.origin, {
          message: `the AuthorizationPolicy ${object.name} denies requests without naming ports, which refuses every connection to ${listed([...new Set(hit)])}`,
          evidence: 'these ports do not speak HTTP',
          fix: 'Name the container ports that speak HTTP in to.operation.ports, or say it on the service with deny',
        });
      }
    }
  },
};

const READ_ON_TCP_FROM = [
  'principals', 'notPrincipals', 'namespaces', 'notNamespaces', 'ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks',
  'serviceAccounts', 'notServiceAccounts',
];
const READ_ON_HTTP_FROM = ['requestPrincipals', 'notRequestPrincipals'];
const READ_ON_HTTP_TO = ['methods', 'notMethods', 'paths', 'notPaths', 'hosts', 'notHosts'];

type Json = Readonly<Record<string, unknown>>;

/** Whether nothing is left of a rule on a TCP port, though it has conditions on requests. */
function blocksTcp(rule: Json): boolean {
  const from = records(rule.from).map(({ source }) => record(source));
  const to = records(rule.to).map(({ operation }) => record(operation));
  const says = (parts: readonly Json[], fields: readonly string[]): boolean => (
    parts.some((part) => fields.some((field) => list(part[field]).length > 0))
  );
  const keys = records(rule.when).map(({ key }) => text(key) ?? '');
  const [few, all] = [keys.some((key) => key.startsWith('request.')), keys.every((key) => key.startsWith('request.'))];
  const aboutRequests = few || says(from, READ_ON_HTTP_FROM) || says(to, READ_ON_HTTP_TO);
  return aboutRequests && all && !says(from, READ_ON_TCP_FROM) && !says(to, ['ports', 'notPorts']);
}

/** Services whose pods a policy is about. */
function selected(model: MeshModel, index: PodIndex, { namespace }: ObjectNode, selector: Readonly<Record<string, string>>): readonly ServiceNode[] {
  const everywhere = namespace === model.mesh.systemNamespace;
  if (Object.keys(selector).length > 0 && !everywhere) {
    return [...new Set(index.select(namespace, selector).map(({ service }) => service))];
  }
  return model.services.filter((service) => everywhere || service.namespace === namespace);
}
