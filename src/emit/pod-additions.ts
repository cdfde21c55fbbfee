/** What is added to pod templates, in the words of each mesh. */
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { proxyResources } from '../model/proxy-resources';

/** A mesh's annotations for its proxy, in this order: CPU request and limit, memory request and limit. */
export type ResourceKeys = readonly [cpuRequest: string, cpuLimit: string, memoryRequest: string, memoryLimit: string];

/** Requests and limits of a service's proxies; none where the program wants none, or says one of them on its pods by itself. */
export function resourceAnnotations(
  model: MeshModel, service: ServiceNode, keys: ResourceKeys, said: Readonly<Record<string, string>>,
): Record<string, string> {
  const figures = keys.some((key) => key in said) ? undefined : proxyResources(model, service);
  if (figures === undefined) {
    return {};
  }
  const values = [
    `${Math.round(figures.cpuRequest * 1000)}m`, `${Math.round(figures.cpuLimit * 1000)}m`, mebibytes(figures.memoryRequest), mebibytes(figures.memoryLimit),
  ];
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}

function mebibytes(bytes: number): string {
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2}Mi` : `${Math.ceil(bytes / 1024)}Ki`;
}

/** The additions that the pods do not say otherwise. */
export function without(additions: Record<string, string>, said: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(additions).filter(([key]) => !(key in said)));
}
