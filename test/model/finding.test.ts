import { Finding, FindingCode, Severity, findingLine } from '../../src/model/finding';

const FINDING: Finding = {
  code: FindingCode.UNKNOWN_SUBSET, check: 'unknown-subset', severity: Severity.ERROR, construct: 'shop/orders', message: 'split names v9',
  evidence: 'it has v1', fix: 'Add v9', catalogue: ['IST0101', 'KIA0101'],
};

test('a line has the code, the message, the evidence, the fix and what others call it, and no path', () => {
  expect(findingLine(FINDING)).toBe('MESH401 split names v9 (it has v1). Add v9. [IST0101, KIA0101]');
  expect(findingLine({ ...FINDING, evidence: '', catalogue: [] })).toBe('MESH401 split names v9. Add v9.');
});

test('codes are unique, and of a family that exists', () => {
  const codes = Object.values(FindingCode);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !/^MESH[1-9]\d{2}$/.test(code))).toEqual([]);
});
