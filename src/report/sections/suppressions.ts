import type { SuppressedFinding } from '../../model/finding';
import { section } from '../section';
import { Block, code, paragraph } from '../tree';
import { findingFields } from './findings';

function blocks(all: readonly SuppressedFinding[]): readonly Block[] {
  if (all.length === 0) {
    return [paragraph('None: no finding was accepted on purpose.')];
  }
  return [{
    kind: 'cards',
    cards: all.map(({ finding, reason }) => ({
      tone: 'plain',
      title: [{ badge: `accepted ${finding.severity}`, tone: 'plain' }, ` ${finding.code} ${finding.check} `, code(finding.construct)],
      fields: [{ label: 'Accepted because', value: reason }, ...findingFields(finding)],
    })),
  }];
}

export const suppressions = section({ key: 'suppressions', title: 'Suppressions', read: ({ suppressed }) => suppressed, blocks });
