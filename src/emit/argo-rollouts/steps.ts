/** The steps of a Rollout. */
import type { CanaryNode, StrategyNode } from '../../model/delivery';
import { checksOf } from '../../model/delivery-plan';
import { webhooksOf } from './analysis-template';
import { acceptanceName, HASH } from './api';

type Step =
  | { readonly setWeight: number }
  | { readonly setCanaryScale: { readonly weight?: number; readonly replicas?: number; readonly matchTrafficWeight?: boolean } }
  | { readonly pause: Record<string, never> }
  | {
    readonly analysis: {
      readonly templates: readonly { readonly templateName: string }[];
      readonly args?: readonly { readonly name: string; readonly valueFrom: { readonly podTemplateHashValue: 'Latest' } }[];
    };
  };

export function steps(node: CanaryNode): readonly Step[] {
  const { approvals } = node;
  return [
    ...approvals.includes('start') ? [PERSON] : [],
    ...acceptance(node),
    ...ofStrategy(node, node.strategy),
    ...approvals.includes('promotion') ? [PERSON] : [],
  ];
}

/** Waits for ever, until a person lets it go on. */
const PERSON: Step = { pause: {} };

function acceptance(node: CanaryNode): readonly Step[] {
  return webhooksOf(node, 'acceptance').length === 0 ? [] : [
    { setCanaryScale: { replicas: 1 } },
    { analysis: { templates: [{ templateName: acceptanceName(node.name) }] } },
    { setCanaryScale: { matchTrafficWeight: true } },
  ];
}

function ofStrategy(node: CanaryNode, strategy: StrategyNode): readonly Step[] {
  const check: Step = {
    analysis: { templates: [{ templateName: node.name }], args: [{ name: HASH, valueFrom: { podTemplateHashValue: 'Latest' } }] },
  };
  const checks = (count: number) => Array.from({ length: count }, () => check);
  switch (strategy.kind) {
    case 'weights':
      return strategy.steps.flatMap((step): readonly Step[] => [
        ...node.approvals.includes('each-step') ? [PERSON] : [],
        { setWeight: step.weight },
        ...checks(checksOf(strategy, step)),
      ]);
    case 'blue-green':
      return [{ setCanaryScale: { weight: 100 } }, ...checks(strategy.iterations), { setWeight: 100 }];
    // The rules of these users are the only ones whose weights move; all others follow when the version is promoted.
    case 'ab-test':
      return [{ setWeight: 100 }, ...checks(strategy.iterations)];
  }
}
