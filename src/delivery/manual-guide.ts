/** What people have to do who move a canary by commits: where it stands, what comes next, and what they have to look at before. */
import { CanaryNode, EngineNode } from '../model/delivery';
import { gateQueries } from '../model/gate-queries';
import { gateBounds, promDuration } from '../model/gate-query';
import { MeshModel } from '../model/mesh-model';

type Manual = Extract<EngineNode, { id: 'manual' }>;

export function manualGuide(canary: CanaryNode, engine: Manual, model: MeshModel): string {
  return [
    `# ${canary.service}: moved by commits`,
    '',
    'Every field is written by the program, so nothing has to be ignored. A step is a commit that changes `weight`.',
    '',
    ...steps(canary, engine).map((line) => `- ${line}`),
    ...canary.gates.length === 0 ? [] : ['', '## Before each step', '', 'These must hold, as Prometheus answers:', '', ...gates(canary, model)],
    '',
  ].join('\n');
}

function steps({ strategy }: CanaryNode, { stable, canary, weight }: Manual): readonly string[] {
  const coming = strategy.kind === 'weights' ? strategy.steps.filter((step) => step.weight > weight).map((step) => `${step.weight} %`) : [];
  return [
    `Now: ${weight} % of the requests meet subset \`${canary}\`, the others \`${stable}\``,
    coming.length > 0 ? `Next: ${coming.join(', then ')}, each after ${promDuration(strategy.everyMs)} at the earliest`
      : `Next: make \`${canary}\` the service's own version, and take \`${stable}\` and the canary out of the program`,
    'Back: `weight: 0`, at any time',
  ];
}

function gates(canary: CanaryNode, model: MeshModel): readonly string[] {
  const queries = gateQueries(canary, model);
  return canary.gates.flatMap((gate) => {
    const { min, max } = gateBounds(gate);
    const bounds = [...min === undefined ? [] : [`at least ${min}`], ...max === undefined ? [] : [`at most ${max}`]].join(' and ');
    return [`- ${gate.name}, ${bounds}:`, '', '  ```promql', `  ${queries[gate.name]}`, '  ```'];
  });
}
