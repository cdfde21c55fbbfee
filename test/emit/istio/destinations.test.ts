import { destinationOf, destinations, portToName } from '../../../src/emit/istio/destinations';
import { ownBackends } from '../../../src/emit/own-backends';
import { HTTP, aModel, aPort, aService } from '../model';

const HOST = 'ledger.shop.svc.cluster.local';
const ledger = aService('ledger', { ports: [aPort('tcp', 80), aPort('grpc', 9090), aPort('http', 8080), aPort('udp', 53)] });
const model = aModel({ services: [ledger] });

test('a service with one port needs no port named, one with several does', () => {
  expect(portToName(aService('orders'), HTTP)).toBeUndefined();
  expect(portToName(ledger, HTTP)).toBe(9090);
});

test('the port is the one that the request came for, where there is such a one of the same kind', () => {
  expect(portToName(ledger, aPort('http', 8080))).toBe(8080);
  expect(portToName(ledger, aPort('http', 80))).toBe(9090);
  expect(portToName(ledger, aPort('mongo', 27017))).toBe(80);
  expect(portToName(aService('a', { ports: [aPort('tcp', 1), aPort('tcp', 2)] }), HTTP)).toBe(1);
});

test('a port that was said is written in any case', () => {
  expect(destinationOf(aModel({ services: [aService('orders')] }), { service: 'shop/orders', port: 80, weight: 100 }, HTTP)).toStrictEqual({
    host: 'orders.shop.svc.cluster.local', port: { number: 80 },
  });
});

test('a backend that this program does not have is named as it was meant', () => {
  expect(destinationOf(model, { service: 'other/thing', weight: 1 }, HTTP)).toStrictEqual({ host: 'thing.other.svc.cluster.local' });
  expect(destinationOf(model, { service: 'nonsense', weight: 1 }, HTTP)).toStrictEqual({ host: '.nonsense.svc.cluster.local' });
});

test('every destination is written once, with the sum of its weights', () => {
  const backends = [{ service: 'shop/ledger', weight: 20 }, { service: 'shop/ledger', subset: 'v2', weight: 50 }, { service: 'shop/ledger', port: 9090, weight: 30 }];
  expect(destinations(model, backends, HTTP)).toStrictEqual([
    { destination: { host: HOST, port: { number: 9090 } }, weight: 50 }, { destination: { host: HOST, subset: 'v2', port: { number: 9090 } }, weight: 50 },
  ]);
});

test('a single destination has no weight, and one without requests is left out', () => {
  const one = [{ destination: { host: HOST, subset: 'v1', port: { number: 9090 } } }];
  expect(destinations(model, [{ service: 'shop/ledger', subset: 'v1', weight: 100 }], HTTP)).toStrictEqual(one);
  expect(destinations(model, [{ service: 'shop/ledger', subset: 'v1', weight: 100 }, { service: 'shop/ledger', subset: 'v2', weight: 0 }], HTTP)).toStrictEqual(one);
  expect(destinations(model, [{ service: 'shop/ledger', subset: 'v1', weight: 0 }], HTTP)).toStrictEqual(one);
});

test('a service answers as it splits, else with all pods alike', () => {
  expect(ownBackends(aService('a'))).toEqual([{ service: 'shop/a', weight: 100 }]);
  expect(ownBackends(aService('a', { split: { v1: 90, v2: 10 } }))).toEqual([
    { service: 'shop/a', subset: 'v1', weight: 90 }, { service: 'shop/a', subset: 'v2', weight: 10 },
  ]);
});
