/** Argo Rollouts. One more resource is one file and one line here. */
import type { EngineEmitter } from '../../model/contracts';
import { acceptanceTemplate, gateTemplate } from './analysis-template';
import { rollout } from './rollout';

export const argoRollouts: EngineEmitter = (handover) => [
  gateTemplate,
  acceptanceTemplate,
  rollout(handover),
];
