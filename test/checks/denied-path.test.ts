import { deniedPath } from '../../src/checks/denied-path';
import { found, lines } from './model-builder';
import { ANYONE, guarded, rule, security } from './security-builder';

test('a denied path', () => {
  expect(lines(deniedPath, { services: [guarded('orders', { security: security({ deny: [rule(ANYONE, { paths: ['/admin*'] })] }) })] })).toEqual([
    '[shop/orders] shop/orders denies /admin* (the rule has no reason). Name the paths that callers may use, in calls(…, { paths }) and '
    + 'allow(…, { paths }); or say in reason why other spellings do no harm.',
  ]);
});

test('a denied method, a denied path with a reason, and an allowed path', () => {
  const said = security({
    deny: [rule(ANYONE, { methods: ['DELETE'] }), rule(ANYONE, { paths: ['/a'], reason: 'the server compares letters' })], allow: [rule(ANYONE, { paths: ['/b'] })],
  });
  expect(found(deniedPath, { services: [guarded('orders', { security: said })] })).toEqual([]);
});
