/** Flagger. One more resource is one file and one line here. */
import type { EngineEmitter } from '../../model/contracts';
import { alertProvider } from './alert-provider';
import { canary } from './canary';
import { metricTemplate } from './metric-template';

export const flagger: EngineEmitter = (handover) => [
  metricTemplate,
  alertProvider,
  canary(handover),
];
