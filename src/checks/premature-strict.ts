import { enforcementOf, guardedPorts, isMeshed, mtlsModeOf, securityOf } from '../model/access';
import { arrivalsAt } from '../model/arrivals';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { ProviderId } from '../model/provider';
import { listed } from '../model/text';
import type { Check } from './check';
import { namespaceInjection, refusesProxy } from './injection';
import { keepsWebhooksAway } from './injection-linkerd';
import { labels, record, writtenByHand } from './raw';

export const prematureStrict: Check = {
  code: FindingCode.PREMATURE_STRICT,
  name: 'premature-strict',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A service demands an identity of callers that have none',
  why: 'Without a proxy a caller has no certificate. A service that goes strict, or enforces who may call it, before all of its declared '
    + 'callers are in the mesh cuts them off at once: their connections are reset.',
  bad: `
const legacy = new MeshService(chart, 'legacy', { mesh, workload: deployment('legacy'), meshed: false });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
legacy.calls(orders);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, mtls: MtlsMigration.strict() });`,
  good: `
const legacy = new MeshService(chart, 'legacy', { mesh, workload: deployment('legacy'), meshed: false });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
legacy.calls(orders);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh, mtls: MtlsMigration.permissiveWithProof() });`,
  run: (model, report) => {
    const closed = closedNamespaces(model);
    for (const service of outlineOf(model).secured) {
      const strict = guardedPorts(service).some(({ number }) => mtlsModeOf(service, number) === 'strict');
      if (!strict && enforcementOf(service) !== 'enforce') {
        continue;
      }
      const plain = new Set(securityOf(service).plaintext.map(({ port }) => port));
      const callers = new Map<string, readonly number[]>();
      for (const { call, ports } of arrivalsAt(model, service.id)) {
        callers.set(call.caller, [...callers.get(call.caller) ?? [], ...ports.filter((port) => !plain.has(port))]);
      }
      for (const [id, ports] of callers) {
        const reason = ports.length === 0 ? undefined : withoutProxy(model.serviceById.get(id), closed, model.mesh.provider);
        if (reason !== undefined) {
          const demand = strict ? `mTLS of ${service.id} is strict` : `${service.id} enforces who may call it`;
          report(service.origin, {
            message: `${demand}, and its declared caller ${id} has no proxy, so it would be cut off from port ${listed([...new Set(ports)].map(String))}`,
            evidence: reason,
            fix: `Let ${id} join the mesh first, go one stage back with MtlsMigration.permissiveWithProof(), leave this namespace out with `
              + `MtlsMigration.strictExcept('${service.namespace}', …), or take plain connections on the port with acceptPlaintext`,
          });
        }
      }
    }
  },
};

/** Namespaces whose labels keep every proxy out. */
function closedNamespaces(model: MeshModel): ReadonlySet<string> {
  const hand = writtenByHand(model, 'Namespace', '');
  return new Set([
    ...hand.filter((object) => isClosed(labels(record(object.body?.metadata).labels), model.mesh.provider)).map(({ name }) => name),
    ...model.namespaces.filter(({ injected }) => !injected).map(({ name }) => name),
  ]);
}

function isClosed(found: Readonly<Record<string, string>>, provider: ProviderId): boolean {
  return provider === 'linkerd' ? keepsWebhooksAway(found) : namespaceInjection(found).by === 'nobody';
}

function withoutProxy(caller: ServiceNode | undefined, closed: ReadonlySet<string>, provider: ProviderId): string | undefined {
  if (caller === undefined) {
    return undefined;
  }
  if (!isMeshed(caller)) {
    return 'its meshed is false';
  }
  if (closed.has(caller.namespace ?? '')) {
    return `injection is off in namespace ${caller.namespace}`;
  }
  return caller.versions.map(({ workload }) => workload && refusesProxy(workload, provider)).find((reason) => reason !== undefined);
}
