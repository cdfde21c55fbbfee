/** Which ports of its pods a service's port stands for: policies about pods know nothing of Services. */
import type { PortNode, ServiceNode } from './mesh-model';

/** Numbers of the container port behind a port of the service, one for each version that calls it differently; empty where nobody knows. */
export function containerPorts(service: Pick<ServiceNode, 'versions'>, port: Pick<PortNode, 'containerPort'>): readonly number[] {
  const { containerPort } = port;
  if (typeof containerPort === 'number') {
    return [containerPort];
  }
  const named = service.versions.flatMap(({ workload }) => workload?.containers ?? [])
    .flatMap((container) => container.ports.filter(({ name }) => name === containerPort));
  return [...new Set(named.map(({ number }) => number))];
}
