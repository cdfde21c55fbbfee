import { existsSync } from 'fs';
import { CAPABILITIES, CAPABILITY_TABLE } from '../../src/model/capability';
import type { ProviderId } from '../../src/model/provider';
import { type Proof, PROOFS, WAYPOINT_PROOFS } from '../conformance/proofs';

type Proofs = Readonly<Record<string, Proof | 'unsupported'>>;

const COLUMNS: readonly (readonly [ProviderId, Proofs])[] = [['istio', PROOFS], ['istio-ambient', WAYPOINT_PROOFS]];

test.each(COLUMNS)('every capability that %s has is shown live, or why it is not', (provider, proofs) => {
  const lacking = CAPABILITIES.filter((capability) => CAPABILITY_TABLE[capability][provider].support === 'unsupported');
  expect(CAPABILITIES.filter((capability) => proofs[capability] === 'unsupported')).toEqual(lacking);
});

test.each(COLUMNS)('the suites that show what %s has are there', (_, proofs) => {
  const suites = Object.values(proofs).flatMap((proof) => proof === 'unsupported' || 'unseen' in proof ? [] : Object.keys(proof));
  expect(suites.filter((suite) => !existsSync(`test/conformance/claims/${suite}.test.ts`))).toEqual([]);
});

test('what is shown on a waypoint is shown by suites of ambient mode', () => {
  const suites = Object.values(WAYPOINT_PROOFS).flatMap((proof) => proof === 'unsupported' || 'unseen' in proof ? [] : Object.keys(proof));
  expect(suites.filter((suite) => !suite.includes('ambient'))).toEqual([]);
});
