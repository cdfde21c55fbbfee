import type { Finding } from '../../model/finding';
import { section } from '../section';
import { findingAnchor, TONES } from '../subject';
import { Block, Card, code, enumerated, Fact, paragraph } from '../tree';

function blocks(all: readonly Finding[]): readonly Block[] {
  return all.length === 0 ? [paragraph('None: every check found the program in order.')] : [{ kind: 'cards', cards: all.map((finding, index) => card(finding, index)) }];
}

function card(finding: Finding, index: number): Card {
  return {
    anchor: findingAnchor(index), tone: TONES[finding.severity],
    title: [{ badge: finding.severity, tone: TONES[finding.severity] }, ` ${finding.code} ${finding.check} `, code(finding.construct)],
    fields: findingFields(finding),
  };
}

export function findingFields({ message, evidence, fix, catalogue }: Finding): readonly Fact[] {
  return [
    { label: 'What', value: message },
    ...evidence === '' ? [] : [{ label: 'Evidence', value: evidence }],
    { label: 'Fix', value: fix },
    ...catalogue.length === 0 ? [] : [{ label: 'Known elsewhere as', value: enumerated(catalogue.map(code)) }],
  ];
}

export const findings = section({ key: 'findings', title: 'Findings', read: ({ findings: all }) => all, blocks });
