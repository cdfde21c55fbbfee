import { Callee, hostsOf } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ObjectNode } from '../model/mesh-model';
import type { Check, Report } from './check';
import { PodIndex, PodSet } from './pod-index';
import { groupOf, handWritten, ISTIO_NETWORKING, labels, number, ownerOf, record, records, resolvedHost, text, texts } from './raw';
import { listed } from './text';

export const configuredTwice: Check = {
  code: FindingCode.CONFIGURED_TWICE,
  name: 'configured-twice',
  severity: Severity.ERROR,
  catalogue: ['IST0109', 'IST0110', 'IST0111', 'KIA0002', 'KIA0003', 'KIA0201', 'KIA1106', 'KIA1211'],
  title: 'Two mesh resources configure one host or workload, at least one of them written by hand',
  why: 'A host takes one VirtualService and one DestinationRule, a pod one Sidecar. Of two, the mesh takes the older one, or merges what it can, '
    + 'and ignores the rest: which one wins depends on when each was first applied.',
  bad: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'orders-by-hand' },
  spec: { host: 'orders', trafficPolicy: { connectionPool: { tcp: { maxConnections: 10 } } } },
});`,
  good: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  circuitBreaker: CircuitBreaker.of({ tcp: { maxConnections: 10 } }),
});`,
  run: (model, report) => {
    judgeHosts(model, report, 'VirtualService', virtualServiceHosts, ['IST0109', 'KIA1106'], 'addRoute');
    judgeHosts(model, report, 'DestinationRule', (spec) => spec.workloadSelector === undefined ? [text(spec.host) ?? ''] : [], ['KIA0201'], 'circuitBreaker and loadBalancing');
    judgeServiceEntries(model, report);
    judgeSidecars(model, report);
  },
};

/** Hosts for callers inside the mesh; what is bound to gateways alone is not looked at. */
function virtualServiceHosts(spec: Readonly<Record<string, unknown>>): readonly string[] {
  const gateways = texts(spec.gateways);
  return gateways.length === 0 || gateways.includes('mesh') ? texts(spec.hosts) : [];
}

interface Claim {
  readonly origin: string;
  readonly what: string;
  readonly scopes: readonly string[];
  readonly ours: boolean;
}

function judgeHosts(
  model: MeshModel, report: Report, kind: string, hosts: (spec: Readonly<Record<string, unknown>>) => readonly string[],
  catalogue: readonly string[], instead: string,
): void {
  const others = handWritten(model, kind);
  if (others.length === 0) {
    return;
  }
  const claims = new Map<string, Claim[]>();
  for (const { object, callee } of writtenByUs(model, kind)) {
    for (const host of hostsOf(callee)) {
      claims.set(host, [{ origin: object.origin, what: callee.id, scopes: ['*'], ours: true }]);
    }
  }
  for (const { object, spec } of others) {
    const scopes = scopesOf(spec.exportTo, object.namespace);
    for (const host of hosts(spec).filter((name) => name !== '').map((name) => resolvedHost(model, name, object.namespace))) {
      const before = claims.get(host) ?? [];
      const other = before.find((claim) => overlap(claim.scopes, scopes));
      if (other === undefined) {
        before.push({ origin: object.origin, what: `the ${kind} ${object.name}`, scopes, ours: false });
        claims.set(host, before);
      } else {
        report(object.origin, {
          message: `the ${kind} ${object.name} configures ${host}, which ${other.ours ? `this library configures for ${other.what}` : `${other.what} configures, too`}`,
          evidence: `the other one is ${other.origin}`,
          fix: other.ours ? `Say it on the service (${instead}), or patch the written object with ApiObject.of(…).addJsonPatch` : 'Join the two',
          catalogue,
        });
      }
    }
  }
}

/** Objects of ours of one kind, with the service or external service that they were written for. */
function writtenByUs(model: MeshModel, kind: string): readonly { object: ObjectNode; callee: Callee }[] {
  const byOrigin = new Map<string, Callee>([...model.services, ...model.externals].map((callee) => [callee.origin, callee]));
  return model.objects.flatMap((object) => {
    const callee = object.ours && object.kind === kind && groupOf(object) === ISTIO_NETWORKING ? byOrigin.get(ownerOf(object)) : undefined;
    return callee === undefined ? [] : [{ object, callee }];
  });
}

function scopesOf(exportTo: unknown, namespace: string | undefined): readonly string[] {
  const scopes = texts(exportTo).map((scope) => scope === '.' ? namespace ?? '.' : scope);
  return scopes.length === 0 || scopes.includes('*') ? ['*'] : scopes;
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  return a.includes('*') || b.includes('*') || a.some((scope) => b.includes(scope));
}

function judgeServiceEntries(model: MeshModel, report: Report): void {
  const entries = handWritten(model, 'ServiceEntry');
  if (entries.length === 0) {
    return;
  }
  const declared = new Map<string, string>();
  model.externals.forEach((external) => external.hosts.forEach((host) => declared.set(host, `the external service ${external.id}`)));
  model.services.forEach((service) => declared.set(service.host, `the service ${service.id}`));
  const seen = new Map<string, string>();
  for (const { object, spec } of entries) {
    for (const host of texts(spec.hosts)) {
      const ports = records(spec.ports).flatMap((port) => number(port.number) ?? []);
      const other = declared.get(host) ?? ports.map((port) => seen.get(`${host}:${port}`)).find((entry) => entry !== undefined);
      ports.forEach((port) => seen.set(`${host}:${port}`, `the ServiceEntry ${object.name}`));
      if (other !== undefined) {
        report(object.origin, {
          message: `the ServiceEntry ${object.name} declares ${host}, which ${other} declares, too`,
          evidence: `its ports are ${listed(ports.map(String))}`,
          fix: declared.has(host) ? 'Take the ServiceEntry away, and give the declared one its ports' : 'Join the two',
          catalogue: ['KIA1211'],
        });
      }
    }
  }
}

function judgeSidecars(model: MeshModel, report: Report): void {
  const sidecars = handWritten(model, 'Sidecar');
  if (sidecars.length === 0) {
    return;
  }
  const index = PodIndex.of(model);
  const selecting = new Map<string, string>(writtenByUs(model, 'Sidecar').map(({ object, callee }) => [callee.id, object.origin]));
  const taken = new Map<PodSet, string>();
  const withoutSelector = new Map<string, ObjectNode>();
  for (const { object, spec } of sidecars) {
    const selector = labels(record(spec.workloadSelector).labels);
    if (Object.keys(selector).length === 0) {
      const other = withoutSelector.get(object.namespace ?? '');
      withoutSelector.set(object.namespace ?? '', other ?? object);
      if (other !== undefined) {
        report(object.origin, {
          message: `the Sidecar ${object.name} is the second one of namespace ${object.namespace ?? '(none)'} without workloadSelector`,
          evidence: `the first is ${other.origin}`,
          fix: 'Give it a workloadSelector, or join the two',
          catalogue: ['IST0111', 'KIA0002'],
        });
      }
      continue;
    }
    const pods = index.select(object.namespace, selector);
    const hit = pods.find((set) => selecting.has(set.service.id) || taken.has(set));
    pods.forEach((set) => taken.set(set, object.origin));
    if (hit !== undefined) {
      const ours = selecting.get(hit.service.id);
      report(object.origin, {
        message: `the Sidecar ${object.name} selects pods of ${hit.service.id}, which have a Sidecar already`,
        evidence: `the other one is ${ours ?? taken.get(hit)}`,
        fix: ours === undefined ? 'Join the two' : 'Declare the calls with calls(), or say egress on the service',
        catalogue: ['IST0110', 'KIA0003'],
      });
    }
  }
}
