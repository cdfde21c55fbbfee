import { proxyBudgetExceeded } from '../../src/checks/proxy-budget-exceeded';
import { memory } from '../../src/checks/text';
import { BudgetsNode } from '../../src/model/budgets';
import { meshProxyCost } from '../../src/model/proxy-cost';
import { call, found, model, service } from './model-builder';

const services = ['web', 'orders', 'ledger'].map((name) => service(name, { egress: 'declared', pods: { min: 1, max: 2 }, requestsPerSecond: 1000 }));
const calls = [call('web', 'orders', { times: 2 }), call('orders', 'ledger')];
const cost = meshProxyCost(model({ services, calls }));

function over(budgets: Partial<BudgetsNode>, rest = services) {
  return found(proxyBudgetExceeded, { services: rest, calls, mesh: { budgets: { requestAmplification: 8, namespaceMemoryBytes: {}, ...budgets } } });
}

test('memory of the mesh, on both sides of the limit', () => {
  expect(over({ proxyMemoryBytes: cost.memoryBytes })).toEqual([]);
  const [finding] = over({ proxyMemoryBytes: cost.memoryBytes - 1 });
  expect(finding.message).toBe(`all proxies together need ${memory(cost.memoryBytes)}, and budgets.proxyMemory is ${memory(cost.memoryBytes - 1)}`);
  expect(finding.fix).toMatch(/^Run fewer pods, or raise budgets.proxyMemory; scoping saves .* already$/);
});

test('memory of a namespace, on both sides of the limit', () => {
  expect(over({ namespaceMemoryBytes: { shop: cost.memoryBytes } })).toEqual([]);
  expect(over({ namespaceMemoryBytes: { shop: cost.memoryBytes - 1 } })[0].message).toMatch(/^the proxies of shop need/);
  expect(over({ namespaceMemoryBytes: { other: 1 } })).toEqual([]);
});

test('cores at the declared rates, on both sides of the limit', () => {
  // Requests at the proxies: 1,000 served and 2,000 calls for web, 1,000 and 1,000 for orders, 1,000 for ledger; 0.2 cores for each 1,000.
  expect(cost.cores).toBeCloseTo(1.2);
  expect(over({ proxyCores: cost.cores })).toEqual([]);
  expect(over({ proxyCores: cost.cores - 0.01 })[0].message).toBe('the proxies need 1.20 cores at the declared request rates, and budgets.proxyCores is 1.19');
});

test('services without a scope are named', () => {
  const open = services.map((one) => one.name === 'web' ? { ...one, egress: 'everything' as const } : one);
  expect(over({ proxyMemoryBytes: 1 }, open)[0].fix).toMatch(/^Declare what shop\/web calls, so that their proxies are told of nothing else/);
});

test('services without proxies cost nothing', () => {
  const outside = [...services, service('legacy', { meshed: false, pods: { min: 9, max: 9 }, requestsPerSecond: 9000 })];
  const { services: costly, byService, ...sums } = meshProxyCost(model({ services: outside, calls }));
  expect(costly.map(({ service: { name } }) => name)).toEqual(['web', 'orders', 'ledger']);
  expect(byService.has('shop/legacy')).toBe(false);
  expect(sums).toMatchObject({ memoryBytes: cost.memoryBytes, cores: cost.cores, memoryByNamespace: cost.memoryByNamespace });
  expect(over({ proxyMemoryBytes: cost.memoryBytes, proxyCores: cost.cores, namespaceMemoryBytes: { shop: cost.memoryBytes } }, outside)).toEqual([]);
});

test.each([[0, '0 B'], [1023, '1023 B'], [1024, '1 KiB'], [1.5 * 1024 ** 2, '1.5 MiB'], [2 ** 40, '1 TiB']])('%d bytes are %s', (bytes, text) => {
  expect(memory(bytes)).toBe(text);
});
