import { canaryOfConnections } from '../../src/checks/canary-of-connections';
import { ARGO, delivered, FLAGGER, manual } from './canary-builder';
import { found, lines, port } from './model-builder';

const TCP = [port(5432, 'postgres')];
const BOTH = [port(8080), port(9000, 'tcp')];

test('a service without HTTP has nothing to shift or to measure', () => {
  for (const engine of [FLAGGER, ARGO]) {
    expect(found(canaryOfConnections, { services: [delivered('orders', { engine }, { ports: TCP })] }).map(({ severity }) => severity)).toEqual(['error']);
  }
  expect(found(canaryOfConnections, { services: [delivered('orders', {}, { ports: [port(8080, 'grpc')] })] })).toEqual([]);
  expect(found(canaryOfConnections, { services: [delivered('orders', { engine: manual() }, { ports: TCP })] })).toEqual([]);
});

test('connections beside HTTP go their own way', () => {
  expect(lines(canaryOfConnections, { services: [delivered('orders', {}, { ports: BOTH })] })).toEqual([
    '[shop/orders-canary] connections to tcp-9000 (9000) of shop/orders do not follow the canary: they reach both versions by their number of pods '
    + '(Argo Rollouts moves the weights of HTTP rules). Move these ports to a service of their own.',
  ]);
});

test('rules of connections would be taken for the canary\'s', () => {
  const routes = [{ name: 'r', origin: 'shop/orders', matches: [], mirrors: [], backends: [{ service: 'shop/orders', weight: 100 }] }];
  expect(found(canaryOfConnections, { services: [delivered('orders', {}, { ports: BOTH, routes })] }).map(({ severity }) => severity)).toEqual(['error']);
});
