import { CallNode } from '../../src/model/mesh-model';
import { outlineOf } from '../../src/model/outline';
import { NO_SECURITY } from '../../src/model/security';
import { aCall, aModel, aRoute, aService, retry } from '../emit/model';

const plain = aCall('web', 'orders');

/** All that a call can say beside whom it calls, and whether at the same time as others; the compiler asks for what is added to it. */
const OPTIONS: { readonly [Option in Exclude<keyof CallNode, 'origin' | 'caller' | 'callee' | 'parallel'>]-?: NonNullable<CallNode[Option]> } = {
  port: 80, retry: retry(1), deadline: 1, times: 2, operation: 'a', methods: ['GET'], paths: ['/'], during: 'a', maxDepth: 1, idempotent: false,
};

test.each(Object.entries(OPTIONS))('a call with %s is a detailed one', (option, value) => {
  const call = { ...plain, [option]: value };
  expect(outlineOf(aModel({ calls: [plain, call, { ...plain, parallel: true }] })).detailed).toEqual([call]);
});

test('calls with a policy are found by callee and by caller', () => {
  const [one, two, three] = [
    aCall('web', 'orders', { retry: retry(1) }), aCall('web', 'ledger', { deadline: 1 }), aCall('batch', 'orders', { deadline: 2 }),
  ];
  const { policies, withPolicy, withPolicyFrom } = outlineOf(aModel({ calls: [one, plain, two, three, aCall('web', 'mail', { port: 80 })] }));
  expect(policies).toEqual([one, two, three]);
  expect(withPolicy).toEqual(new Map([['shop/orders', [one, three]], ['shop/ledger', [two]]]));
  expect(withPolicyFrom).toEqual(new Map([['shop/web', [one, two]], ['shop/batch', [three]]]));
});

test('services are told by what they say of routes and of their protection', () => {
  const open = { ...NO_SECURITY, plaintext: [{ origin: 'shop/c', port: 80, mode: 'disabled' as const, addresses: [], reason: 'old' }] };
  const services = [aService('a'), aService('b', { routes: [aRoute('all', [])] }), aService('c', { security: open }), aService('d', { security: NO_SECURITY })];
  const { routed, secured } = outlineOf(aModel({ services }));
  expect([routed, secured].map((some) => some.map(({ name }) => name))).toEqual([['b'], ['c']]);
});
