import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { PROTOCOLS } from '../model/protocol';
import type { Check, Report } from './check';
import { PodIndex, PodSet } from './pod-index';
import { Labels } from './pods';
import { labels, number, record, records, text, writtenByHand } from './raw';
import { labelText } from './text';

export const overlappingWorkloads: Check = {
  code: FindingCode.OVERLAPPING_WORKLOADS,
  name: 'overlapping-workloads',
  severity: Severity.ERROR,
  catalogue: ['IST0116', 'IST0137'],
  title: 'Pods that two services select, to the harm of one',
  why: 'A service whose labels fit another service\'s pods gets those pods as endpoints, and a share of its requests goes to the wrong application. '
    + 'Two services on purpose over the same pods are fine, as long as they agree on the ports: the proxy of a pod has one listener for a port.',
  bad: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new MeshService(chart, 'orders-admin', { mesh, podLabels: { app: 'orders' }, ports: [MeshPort.http(8080)] });`,
  good: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new MeshService(chart, 'orders-admin', { mesh, podLabels: { app: 'orders-admin' }, ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const index = PodIndex.of(model);
    const takers = new Map<PodSet, Taker[]>();
    for (const taker of [...meshTakers(model), ...plainTakers(model)]) {
      for (const pods of index.select(taker.namespace, taker.selector)) {
        if (pods.workload !== undefined) {
          const known = takers.get(pods);
          if (known === undefined) {
            takers.set(pods, [taker]);
          } else {
            known.push(taker);
          }
        }
      }
    }
    const told = new Set<string>();
    takers.forEach((list, pods) => judge(once(report, told), pods, list));
  },
};

/** Two services meet at every version of one of them; each thing is told once. */
function once(report: Report, told: Set<string>): Report {
  return (construct, accusation) => {
    const key = `${construct}\n${accusation.message}\n${accusation.catalogue?.length === 0 ? '' : accusation.evidence}`;
    if (!told.has(key)) {
      told.add(key);
      report(construct, accusation);
    }
  };
}

/** Something that selects pods: a service of the mesh, or a Service of the program. */
interface Taker {
  readonly name: string;
  readonly origin: string;
  /** The service of the mesh. */
  readonly service?: ServiceNode;
  readonly namespace?: string;
  readonly selector: Labels;
  /** Worked out where somebody else, or more than one of them, is about the same pods. */
  readonly ports: () => readonly TakerPort[];
  readonly portCount: number;
}

interface TakerPort {
  readonly number: number;
  readonly target: string;
  readonly transport: string;
}

function meshTakers(model: MeshModel): Taker[] {
  // A service without ports only calls: no Kubernetes Service is written for it.
  return model.services.filter((service) => service.ports.length > 0).map((service) => ({
    name: service.id,
    origin: service.origin,
    service,
    namespace: service.namespace,
    selector: service.selector,
    ports: () => portsOf(service),
    portCount: (service.existingService ?? service).ports.length,
  }));
}

function portsOf(service: ServiceNode): readonly TakerPort[] {
  return service.existingService === undefined
    ? service.ports.map((port) => ({ number: port.number, target: String(port.containerPort), transport: PROTOCOLS[port.protocol].transport }))
    : service.existingService.ports.map(({ number: own, targetPort, transport }) => ({ number: own, target: String(targetPort ?? own), transport }));
}

/** Services of the program that it did not hand over. */
function plainTakers(model: MeshModel): Taker[] {
  const handedOver = new Set(model.services.flatMap((service) => service.existingService?.origin ?? []));
  return writtenByHand(model, 'Service', '')
    .filter((object) => !handedOver.has(object.origin))
    .map((object) => {
      const spec = record(object.body?.spec);
      const ports = records(spec.ports).flatMap((port): TakerPort[] => {
        const own = number(port.port);
        return own === undefined ? [] : [{
          number: own, target: String(number(port.targetPort) ?? text(port.targetPort) ?? own), transport: text(port.protocol) ?? 'TCP',
        }];
      });
      return {
        name: `Service ${object.name}`,
        origin: object.origin,
        namespace: object.namespace,
        selector: labels(spec.selector),
        ports: () => ports,
        portCount: ports.length,
      };
    });
}

function judge(report: Report, pods: PodSet, takers: readonly Taker[]): void {
  const workload = pods.workload!;
  for (const taker of takers) {
    const { service } = taker;
    // Those that it was given were given on purpose.
    if (service !== undefined && service !== pods.service && !service.versions.some((version) => version.workload?.origin === workload.origin)) {
      report(taker.origin, {
        message: `${taker.name} selects the pods of ${pods.service.id}, too`,
        evidence: `its selector is ${labelText(taker.selector)}, which the pods of ${workload.kind} ${workload.name} carry`,
        fix: 'Give the two services labels that tell their pods apart',
        catalogue: [],
      });
    }
  }
  if (takers.length === 1 && takers[0].portCount < 2) {
    return;
  }
  const byNumber = new Map<number, { taker: Taker; transport: string }>();
  const byTarget = new Map<string, { taker: Taker; number: number }>();
  for (const taker of takers) {
    for (const port of taker.ports()) {
      const same = byNumber.get(port.number);
      if (same !== undefined && same.taker !== taker && same.transport !== port.transport) {
        conflict(report, taker, same.taker, `port ${port.number} is ${port.transport} here and ${same.transport} there`, 'IST0116');
      }
      const target = byTarget.get(port.target);
      if (target !== undefined && target.number !== port.number) {
        const there = target.taker === taker ? 'too' : 'there';
        conflict(report, taker, target.taker, `container port ${port.target} is port ${port.number} here and ${target.number} ${there}`, 'IST0137');
      }
      byNumber.set(port.number, same ?? { taker, transport: port.transport });
      byTarget.set(port.target, target ?? { taker, number: port.number });
    }
  }
}

function conflict(report: Report, taker: Taker, other: Taker, evidence: string, code: string): void {
  report(taker.origin, {
    message: other === taker
      ? `two ports of ${taker.name} lead to one container port, and the proxy of a pod keeps only the first`
      : `${taker.name} and ${other.name} select the same pods and disagree on their ports`,
    evidence,
    fix: other === taker ? 'Keep one of the two ports' : 'Let both give the container port the same number and transport, or select different pods',
    severity: other === taker ? Severity.WARNING : Severity.ERROR,
    catalogue: [code],
  });
}
