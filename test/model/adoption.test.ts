import { adoptionContradicted } from '../../src/checks/adoption-contradicted';
import { adoptionLevelExceeded } from '../../src/checks/adoption-level-exceeded';
import { adoptionUnassessed } from '../../src/checks/adoption-unassessed';
import { AssessmentNode, adoptionScore } from '../../src/model/adoption';
import { MeshModel } from '../../src/model/mesh-model';
import { call, found, model, retry, route, service, version } from '../checks/model-builder';

const NOTHING: AssessmentNode = { services: 7, languages: 1, regulatedEncryption: false, hardToDebugLatency: false, trafficCanaries: false, kubernetes: 'some' };

function score(rest: Partial<AssessmentNode>): number {
  return adoptionScore(model({}), { ...NOTHING, ...rest }).score;
}

describe('each line of the score, on both sides', () => {
  test.each<[string, Partial<AssessmentNode>, number, Partial<AssessmentNode>, number]>([
    ['more than 10 services', { services: 11 }, 2, { services: 10 }, 0],
    ['fewer than 5 services', { services: 4 }, -3, { services: 5 }, 0],
    ['several languages', { languages: 2 }, 2, { languages: 1 }, 0],
    ['regulated encryption', { regulatedEncryption: true }, 3, { regulatedEncryption: false }, 0],
    ['canaries at traffic level', { trafficCanaries: true }, 1, { trafficCanaries: false }, 0],
    ['latency that is hard to debug', { hardToDebugLatency: true }, 2, { hardToDebugLatency: false }, 0],
    ['experience with Kubernetes', { kubernetes: 'established' }, 1, { kubernetes: 'some' }, 0],
    ['new to Kubernetes', { kubernetes: 'new' }, -2, { kubernetes: 'some' }, 0],
  ])('%s', (_, holds, points, not, none) => {
    expect(score(holds)).toBe(points);
    expect(score(not)).toBe(none);
  });
});

test.each([
  [5, 'full-mesh', { regulatedEncryption: true, hardToDebugLatency: true }],
  [4, 'mtls-only', { regulatedEncryption: true, kubernetes: 'established' }],
  [2, 'mtls-only', { hardToDebugLatency: true }],
  [1, 'too-early', { kubernetes: 'established' }],
] as const)('a score of %d advises %s', (expected, level, rest) => {
  expect(adoptionScore(model({}), { ...NOTHING, ...rest })).toMatchObject({ score: expected, advised: level, level });
});

test('what is not stated is counted in the program', () => {
  const services = Array.from({ length: 11 }, (_, index) => service(`s${index}`, { language: index === 0 ? 'go' : 'java' }));
  const split = { services: [...services.slice(1), service('s0', { language: 'go', split: { v1: 90, v2: 10 }, versions: [version('v1'), version('v2')] })] };
  expect(adoptionScore(model({ services }), undefined).score).toBe(4);
  expect(adoptionScore(model(split), undefined).score).toBe(5);
  expect(adoptionScore(model(split), undefined).lines.find(({ name }) => name === 'several languages')!.reason).toBe('2 languages, counted in the program');
});

describe('checks', () => {
  const assessed = (adoption: AssessmentNode | undefined, rest: Parameters<typeof model>[0] = {}) =>
    ({ ...rest, mesh: { adoption } }) as Parameters<typeof model>[0];

  test('no assessment is one warning with the score so far', () => {
    expect(found(adoptionUnassessed, assessed(undefined, { services: [service('web')] }))).toMatchObject([{
      severity: 'warning', construct: 'shop/mesh',
      evidence: 'what the program shows scores -3 (fewer than 5 services −3), which alone advises too-early',
    }]);
    expect(found(adoptionUnassessed, assessed(NOTHING))).toEqual([]);
  });

  test('too early for any mesh', () => {
    const early = found(adoptionLevelExceeded, assessed({ ...NOTHING, kubernetes: 'established' }));
    expect(early).toHaveLength(1);
    expect(early[0].message).toBe('the assessment scores 1, and below 2 it is too early for any mesh');
    expect(early[0].fix).toBe('What would change the level: more than 10 services +2, several languages +2, regulation asks for encryption in transit +3, '
      + 'canaries at traffic level +1 and latency across services is hard to debug +2. If the score shall not decide, say overriddenTo(level, reason)');
  });

  test('encryption only: every construct that reads requests is named', () => {
    const services = [
      service('web'), service('orders', { routes: [route('orders', 'v2')], retry: retry(1) }),
    ];
    const findings = found(adoptionLevelExceeded, assessed({ ...NOTHING, hardToDebugLatency: true }, { services, calls: [call('web', 'orders', { deadline: 1 })] }));
    expect(findings.map(({ construct, message }) => [construct, message.split('; ')[1]])).toEqual([
      ['shop/mesh', 'Istio (sidecars) is a full mesh'],
      ['shop/orders', 'this uses route v2'],
      ['shop/orders', 'this uses retry'],
      ['shop/web', 'this uses deadline of the call to shop/orders'],
    ]);
  });

  test('a full mesh, by score or on purpose', () => {
    expect(found(adoptionLevelExceeded, assessed({ ...NOTHING, regulatedEncryption: true, hardToDebugLatency: true }))).toEqual([]);
    expect(found(adoptionLevelExceeded, assessed({ ...NOTHING, override: { level: 'full-mesh', reason: 'pilot' } }))).toEqual([]);
  });

  test('a count below the program\'s own', () => {
    const services = ['go', 'java'].map((language, index) => service(`s${index}`, { language }));
    const contradictions = (rest: Partial<AssessmentNode>) =>
      found(adoptionContradicted, assessed({ ...NOTHING, ...rest }, { services })).map(({ message }) => message);
    expect(contradictions({ services: 1, languages: 1 })).toEqual([
      'adoption.services is 1, and the program alone holds 2', 'adoption.languages is 1, and the program alone holds 2',
    ]);
    expect(contradictions({ services: 2, languages: 2 })).toEqual([]);
  });
});

test('the order of the lines is that of the report', () => {
  const of: MeshModel = model({});
  expect(adoptionScore(of, NOTHING).lines.map(({ points }) => points)).toEqual([2, -3, 2, 3, 1, 2, 1, -2]);
});
