import { FindingCode, Severity } from '../model/finding';
import type { ServiceNode, WorkloadNode } from '../model/mesh-model';
import type { Check } from './check';
import { listed } from './text';

export const portNotExposed: Check = {
  code: FindingCode.PORT_NOT_EXPOSED,
  name: 'port-not-exposed',
  severity: Severity.WARNING,
  catalogue: ['KIA0701'],
  title: 'A service port behind which no container exposes a port',
  why: 'Kubernetes sends the requests to the pod all the same, and they are refused if nothing listens there: a typing error in a port number looks '
    + 'like a broken application. A target port given by name that no container has is worse: the pod gets no endpoint at all, so that is an error.',
  bad: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080), ports: [MeshPort.http(8008)] });`,
  good: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders', 8080), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    for (const service of model.services) {
      const targets = targetsOf(service);
      for (const { origin, workload } of service.versions) {
        for (const { number, target } of workload === undefined || workload.containers.length === 0 ? [] : targets) {
          if (exposes(workload!, target)) {
            continue;
          }
          const named = typeof target === 'string';
          report(origin, {
            message: `port ${number} of ${service.id} leads to container port ${target}, which no container of ${workload!.kind} ${workload!.name} exposes`,
            evidence: exposedText(workload!),
            fix: named ? `Name a container's port ${target}, or give its number` : 'Correct the container port of the MeshPort, or declare the port on the container',
            severity: named ? Severity.ERROR : Severity.WARNING,
          });
        }
      }
    }
  },
};

function targetsOf(service: ServiceNode): readonly { number: number; target: number | string }[] {
  return service.existingService === undefined
    ? service.ports.map((port) => ({ number: port.number, target: port.containerPort }))
    : service.existingService.ports.map((port) => ({ number: port.number, target: port.targetPort ?? port.number }));
}

function exposes(workload: WorkloadNode, target: number | string): boolean {
  return workload.containers.some((container) => container.ports.some((port) => typeof target === 'string' ? port.name === target : port.number === target));
}

function exposedText(workload: WorkloadNode): string {
  const ports = workload.containers.flatMap((container) => container.ports.map((port) => port.name === undefined ? String(port.number) : `${port.number} (${port.name})`));
  return ports.length === 0 ? 'its containers declare no port' : `its containers expose ${listed(ports)}`;
}
