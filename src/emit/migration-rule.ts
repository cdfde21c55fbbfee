/**
 * What must be seen before a migration to mutual TLS goes one stage on: every query answers with one number, and 0 means that nothing speaks
 * against it. Which metrics say so is each mesh's own affair.
 */
import type { Resource } from '../model/contracts';
import type { MeshNode } from '../model/mesh-model';
import type { PolicyNamespaceNode } from '../model/security';
import { defined } from './json';

/** Annotation that holds the query, where no PrometheusRule does. */
export const PROOF = 'cdk8s-mesh/proof';

export interface Proof {
  /** Name of the alert that fires while the answer is not 0. */
  readonly alert: string;
  readonly query: string;
  readonly summary: string;
}

interface PrometheusRule {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly for: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Several proofs as one query. */
export function oneQuery(proofs: readonly Proof[]): string {
  return proofs.map(({ query }) => `(${query})`).join(' + ');
}

type Proofs = (node: PolicyNamespaceNode, mesh: MeshNode) => readonly Proof[];

export function migrationRule(proofs: Proofs): Resource<PolicyNamespaceNode, PolicyNamespaceNode> {
  return {
    id: 'PrometheusRule',
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    nameOf: () => 'mtls-migration',
    exists: ({ root, gateway, policy }) => !root && gateway === undefined && policy.proof.kind === 'rule',
    labels: ({ policy }) => policy.proof.labels,
    spec: (node, { mesh }): PrometheusRule => ({
      groups: [{
        name: `mtls-migration-${node.name}`,
        rules: proofs(node, mesh).map(({ alert, query, summary }) => defined({
          alert, expr: `(${query}) > 0`, for: '0s', labels: { namespace: node.name, severity: 'warning' }, annotations: { summary },
        })),
      }],
    }),
  };
}

/** In the largest unit that holds it whole. */
export function span(ms: number): string {
  const units = [['d', 86_400_000], ['h', 3_600_000], ['m', 60_000], ['s', 1000], ['ms', 1]] as const;
  const [unit, size] = units.find(([, length]) => ms % length === 0)!;
  return `${ms / size}${unit}`;
}
