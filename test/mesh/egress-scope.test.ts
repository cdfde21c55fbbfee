import { EgressScope } from '../../src';
import { service, shop } from '../support/shop';

test.each([
  ['declared', EgressScope.declared()], ['namespace', EgressScope.namespace()], ['everything', EgressScope.everything()], ['auto', undefined],
])('%s', (kind, egress) => {
  expect(service(shop(), 'web', { egress })._declaration.egress).toBe(kind);
});
