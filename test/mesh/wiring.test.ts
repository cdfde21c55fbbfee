import { emitterOf, theJudge } from '../../src/mesh/wiring';
import { PROVIDERS } from '../../src/model/provider';
import { shop } from '../support/shop';

test.each(PROVIDERS)('%s has an emitter of its own', (provider) => {
  expect(emitterOf(provider).provider).toBe(provider);
});

test('the judge finds nothing in an empty program', () => {
  expect(theJudge(shop().mesh._members.model(0))).toEqual([]);
});
