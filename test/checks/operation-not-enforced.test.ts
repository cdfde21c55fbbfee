import { operationNotEnforced } from '../../src/checks/operation-not-enforced';
import type { RouteMatchNode } from '../../src/model/route';
import { call, exact, found, lines, match, prefix, route, service } from './model-builder';
import { guarded } from './security-builder';

function parts(one: RouteMatchNode, rest = {}) {
  return { services: [service('web'), guarded('orders', { routes: [route('orders', 'place', { matches: [one] })] })], calls: [call('web', 'orders', { operation: 'place', ...rest })] };
}

const REGEX = match({ path: { kind: 'regex', value: '/[0-9]+' } });

test('an operation by regular expression', () => {
  expect(lines(operationNotEnforced, parts(REGEX))).toEqual([
    '[shop/web] the call to shop/orders is for operation place, and no rule can say its paths, so every request is allowed (its paths are /[0-9]+). '
    + 'Say paths and methods of the call: calls(…, { operation: \'place\', paths: [\'/…/{*}\'] }).',
  ]);
  expect(found(operationNotEnforced, parts(prefix('/a', { ignorePathCase: true })))).toHaveLength(1);
});

test('operations that a rule can say, calls that say it themselves, and callees that nothing closes', () => {
  expect(found(operationNotEnforced, parts(prefix('/a')))).toEqual([]);
  expect(found(operationNotEnforced, parts(exact('/a', { method: { kind: 'exact', value: 'POST' } })))).toEqual([]);
  expect(found(operationNotEnforced, parts(match({ headers: { a: { kind: 'present' } } })))).toEqual([]);
  expect(found(operationNotEnforced, parts(REGEX, { paths: ['/{*}'] }))).toEqual([]);
  const { services, calls } = parts(REGEX);
  expect(found(operationNotEnforced, { services: services.map((one) => ({ ...one, zeroTrust: undefined })), calls })).toEqual([]);
});
