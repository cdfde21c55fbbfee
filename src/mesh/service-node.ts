/** The snapshot of one service: what it declares, and what its workloads and its Service say at the moment of the synth. */
import { selectorLabel } from '../model/delivery';
import { addedLabels } from '../model/effective';
import { ExistingServiceNode, MeshNode, ServiceDeclaration, ServiceNode, VersionNode, WorkloadNode } from '../model/mesh-model';
import { fullyQualified, refusedLabel } from '../model/names';
import { PROVIDER_FACTS } from '../model/provider';
import { readService } from './existing-service';
import type { ServiceMember } from './members';
import type { Workload } from './workload';

/** What the first service of a workload makes of its pods. */
export interface Taken {
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
}

function readWorkload(workload: Workload, taken: ReadonlyMap<Workload, Taken>): WorkloadNode {
  const node = workload.read();
  const first = taken.get(workload);
  return first === undefined ? node : Object.freeze({
    ...node,
    podLabels: { ...node.podLabels, ...first.labels },
    pinnedLabels: { ...first.labels, ...node.pinnedLabels },
    serviceAccount: node.serviceAccount ?? first.account,
  });
}

/**
 * @param taken what was made of pods so far; another service of the same pods is told by it
 * @param range how many pods run of these versions
 */
export function serviceNode(
  member: ServiceMember, mesh: MeshNode, taken: Map<Workload, Taken>, range: (versions: readonly VersionNode[]) => ServiceNode['pods'],
): ServiceNode {
  const declared = member._declaration;
  const existing = member._existing && readService(member._existing);
  const versions = declared.versions.map((version, index): VersionNode => {
    const own = member._workloads.get(version.name);
    const workload = own && readWorkload(own, taken);
    const carried = index === 0 && member._unnamedVersion ? workload?.podLabels.version : undefined;
    const name = carried ?? version.name;
    // A label may hold what the name of a subset may not; that version keeps the subset's default name.
    const subset = version.subset === version.name && refusedLabel(name) === undefined ? name : version.subset;
    const account = declared.serviceAccount ?? workload?.serviceAccount ?? (declared.hasWorkload ? declared.name : 'default');
    return Object.freeze({
      name,
      subset,
      origin: version.origin,
      declaredSubset: subset === version.subset ? undefined : version.subset,
      labels: version.labels,
      loadBalancing: version.loadBalancing,
      circuitBreaker: version.circuitBreaker,
      workload,
      selector: Object.freeze({ version: name, ...version.labels }),
      account,
    });
  });
  // Written out, since a copy that grows is moved again and again.
  const node: ServiceNode = Object.freeze({
    id: declared.id,
    origin: declared.origin,
    name: declared.name,
    namespace: declared.namespace,
    ports: declared.ports,
    headless: declared.headless,
    existing: declared.existing,
    language: declared.language,
    replicas: declared.replicas,
    podLabels: declared.podLabels,
    split: declared.split,
    retry: declared.retry,
    deadline: declared.deadline,
    circuitBreaker: declared.circuitBreaker,
    loadBalancing: declared.loadBalancing,
    egress: declared.egress,
    entryPoint: declared.entryPoint,
    requestsPerSecond: declared.requestsPerSecond,
    proxyResources: declared.proxyResources,
    serviceAccount: declared.serviceAccount,
    hasWorkload: declared.hasWorkload,
    runsToCompletion: declared.runsToCompletion,
    delivery: declared.delivery,
    meshed: declared.meshed,
    security: declared.security,
    zeroTrust: declared.zeroTrust,
    calledByRequest: declared.calledByRequest,
    routes: copied(declared.routes),
    callees: copied(declared.callees),
    consumers: copied((declared.consumers ?? NONE).map(({ namespace, calls }) => Object.freeze({ namespace, calls: copied(calls) }))),
    routedFrom: copied(declared.routedFrom ?? NONE),
    versions: Object.freeze(versions),
    host: fullyQualified(declared.name, declared.namespace ?? '', mesh.clusterDomain),
    selector: Object.freeze(selectorOf(declared, versions, mesh, existing)),
    accounts: Object.freeze([...new Set(versions.map((version) => version.account))]),
    pods: range(versions),
    existingService: existing,
  });
  for (const [index, version] of versions.entries()) {
    const own = member._workloads.get(declared.versions[index].name);
    if (own !== undefined && !taken.has(own)) {
      taken.set(own, { labels: addedLabels(node, version), account: version.account });
    }
  }
  return node;
}

const NONE: readonly never[] = Object.freeze([]);

/** Most lists of most services are empty. */
function copied<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : Object.freeze(list.slice());
}

/** A Service of the program's own selects as it does; pods that another tool makes are named by their labels; ours are by `app`. */
function selectorOf(
  declared: ServiceDeclaration, versions: readonly VersionNode[], mesh: MeshNode, existing?: ExistingServiceNode,
): Record<string, string> {
  if (existing !== undefined) {
    return { ...existing.selector };
  }
  if (declared.podLabels !== undefined) {
    return { ...declared.podLabels };
  }
  const engine = declared.delivery?.engine;
  if (engine !== undefined && versions.some(({ workload }) => workload !== undefined && selectorLabel(engine, workload.pinnedLabels) === 'app')) {
    // The engine gives the pods of the promoted version another app label, and leaves the rest as it is.
    return { [PROVIDER_FACTS[mesh.provider].serviceLabel]: declared.name };
  }
  // An app label that the pods have already stays theirs: a workload's own selector may rest on it.
  const carried = versions.map(({ workload }) => workload?.podLabels.app).find((app) => app !== undefined);
  return { app: carried ?? declared.name };
}
