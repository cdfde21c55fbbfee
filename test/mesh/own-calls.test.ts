import { OwnCalls } from '../../src/mesh/own-calls';
import { aCall } from '../emit/model';

/** More and fewer than are looked through one by one. */
test.each([1, 15, 16, 17, 40])('of %i calls, those to one callee are found in their order', (count) => {
  const own = new OwnCalls();
  const calls = Array.from({ length: count }, (_, index) => aCall('web', `c${index % 7}`, { during: String(index) }));
  for (const [index, call] of calls.entries()) {
    const earlier = calls.slice(0, index).filter(({ callee }) => callee === call.callee);
    expect(own.to(call.callee)).toEqual(earlier);
    own.add(call);
  }
  expect(own.all).toEqual(calls);
  expect(own.to('shop/nobody')).toEqual([]);
});
