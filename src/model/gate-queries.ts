/** The queries of a canary's gates for a person, who sees all new pods and no hash. */
import type { CanaryNode } from './delivery';
import { gateQuery, podNames } from './gate-query';
import type { MeshModel } from './mesh-model';

export function gateQueries({ engine, name, namespace = '', service, gates, metrics }: CanaryNode, model: MeshModel): Readonly<Record<string, string>> {
  const versions = model.serviceById.get(service)?.versions ?? [];
  const { workload } = versions.find(({ subset }) => engine.id === 'manual' && subset === engine.canary) ?? versions[0] ?? {};
  const own = workload?.name ?? name;
  const pods = engine.id === 'argo-rollouts'
    ? { namespace, pods: podNames('Deployment', name) }
    : { namespace, pods: podNames(workload?.kind ?? 'Deployment', own), workload: own, kind: workload?.kind };
  return Object.fromEntries(gates.map((gate) => [gate.name, gateQuery(gate, metrics, pods)]));
}
