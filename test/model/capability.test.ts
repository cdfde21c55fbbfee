import { CAPABILITIES, CAPABILITY_TABLE } from '../../src/model/capability';
import { PROVIDERS, PROVIDER_FACTS } from '../../src/model/provider';

const CELLS = CAPABILITIES.flatMap((capability) => PROVIDERS.map((provider) => [capability, provider] as const));

test('every capability is answered for every provider, and nothing else is', () => {
  expect(Object.keys(CAPABILITY_TABLE).sort()).toEqual([...CAPABILITIES].sort());
  for (const capability of CAPABILITIES) {
    expect(Object.keys(CAPABILITY_TABLE[capability]).sort()).toEqual([...PROVIDERS].sort());
  }
  expect(new Set(CAPABILITIES).size).toBe(CAPABILITIES.length);
});

test.each(CELLS)('%s of %s says what a person needs', (capability, provider) => {
  const answer = CAPABILITY_TABLE[capability][provider];
  const words = answer.support === 'fallback' ? answer.how : answer.support === 'unsupported' ? answer.instead : 'nothing more to say';
  expect(words).toMatch(/\w+ \w+/);
});

test.each(PROVIDERS)('%s has versions in order, and a namespace', (provider) => {
  const { label, versions, systemNamespace } = PROVIDER_FACTS[provider];
  const minors = versions.map((version) => Number(/^\d+\.(\d+)$/.exec(version)?.[1]));
  expect(minors.every((minor, index) => index === 0 || minor > minors[index - 1])).toBe(true);
  expect(minors.length).toBeGreaterThan(0);
  expect([label, systemNamespace].every((text) => text.length > 0)).toBe(true);
});
