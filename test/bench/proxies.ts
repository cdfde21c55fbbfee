/** The section of docs/PERFORMANCE.md on what a written mesh costs to run, from test/conformance/measure/mesh-cost.json. */
import type { MeshCost } from '../conformance/measure/mesh-cost.measure';
import { table } from './table';

export interface Measured {
  readonly versions: Readonly<Record<string, string>>;
  /** Proxies that ran, of each mesh. */
  readonly drawn: number;
  readonly meshes: readonly MeshCost[];
}

function range(ratios: readonly number[]): string {
  return `${ratios[0].toFixed(2)} to ${ratios[ratios.length - 1].toFixed(2)}`;
}

export function proxiesSection({ drawn, meshes }: Measured): string {
  const row = (what: string, { services, pods }: MeshCost, scoped: MeshCost['configMiB'], unscoped: MeshCost['configMiB'], ratios: readonly number[]) => (
    [what, services, pods, scoped.measured, scoped.predicted, unscoped.measured, unscoped.predicted, range(ratios)]
  );
  return `## What the written mesh costs to run

The same program on a real istiod, three pods a version, with the scopes that this library writes and without any (\`test/conformance/measure/mesh-cost.measure.ts\`). Two
cores do not run 3,300 proxies: ${drawn} pods of each mesh, drawn at random, had a real Envoy with its agent, and two more had one without a scope; the other services
had endpoints alone. The sum over all pods is the library's prediction (\`src/model/proxy-cost.ts\`) times what the drawn proxies took of what was predicted for them; the last
column shows how far single ones were off. Configuration is Envoy's dump of it, without endpoints.

${table(['of all proxies', 'services', 'pods', 'with scopes', 'predicted', 'without', 'predicted', 'single proxies, of their prediction'], meshes.flatMap((mesh) => [
    row('configuration, MiB', mesh, mesh.configMiB, mesh.unscopedConfigMiB, mesh.configRatios),
    row('memory, GiB', mesh, mesh.memoryGiB, mesh.unscopedMemoryGiB, mesh.memoryRatios),
  ]))}`;
}
