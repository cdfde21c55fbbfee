/** Linkerd's weights stand in routes that an engine would have to write as a whole, without the annotations that limit them. */
import type { Handover } from '../../model/contracts';
import { appProtocol } from './protocol';

export const handover: Handover = {
  provider: { 'flagger': undefined, 'argo-rollouts': undefined, 'manual': undefined },
  appProtocol,
  rule: () => ({}),
  policy: () => ({}),
  weightedRules: () => [],
};
