/** The sections of a report, in the order in which they are read. */
import type { Section } from '../section';
import { access } from './access';
import { adoption } from './adoption';
import { budgets } from './budgets';
import { callGraph } from './call-graph';
import { canaries } from './canaries';
import { findings } from './findings';
import { resources } from './resources';
import { services } from './services';
import { summary } from './summary';
import { suppressions } from './suppressions';

export const SECTIONS: readonly Section[] = Object.freeze([
  summary, adoption, callGraph, access, canaries, budgets, services, findings, suppressions, resources,
]);
