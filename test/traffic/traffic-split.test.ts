import { checkSplit } from '../../src/traffic/traffic-split';
import { refusal } from '../support/refusal';
import { service, shop } from '../support/shop';

const orders = service(shop(), 'orders');
const split = (shares: { [subset: string]: number }) => checkSplit(orders, 'split', shares);

test.each([[{ a: 100 }], [{ a: 0, b: 100 }], [{ a: 33, b: 33, c: 34 }]])('takes %j', (shares) => {
  expect(split(shares)).toEqual(shares);
});

test('keeps a copy', () => {
  const shares = { a: 100 };
  const kept = split(shares);
  shares.a = 1;
  expect(kept).toEqual({ a: 100 });
});

test.each([-1, 101, 1.5, NaN])('refuses a weight of %d', (weight) => {
  expect(refusal(() => split({ a: weight, b: 100 - weight }))).toBe(`shop/orders: split.a is ${weight}; give a whole percentage from 0 to 100`);
});

test.each([[{ a: 99 }, 99], [{ a: 90, b: 11 }, 101]])('refuses %j', (shares, sum) => {
  expect(refusal(() => split(shares))).toBe(`shop/orders: split is ${JSON.stringify(shares)}; let the shares add up to 100; they add up to ${sum}`);
});

test('refuses nothing', () => {
  expect(refusal(() => split({}))).toBe('shop/orders: split is {}; name at least one subset');
});
