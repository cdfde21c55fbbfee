import { FindingCode, Severity } from '../model/finding';
import { MeshProxyCost, meshProxyCost } from '../model/proxy-cost';
import type { Check } from './check';
import { listed, memory } from './text';

export const proxyBudgetExceeded: Check = {
  code: FindingCode.PROXY_BUDGET_EXCEEDED,
  name: 'proxy-budget-exceeded',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'The proxies need more memory or CPU than the budget allows',
  why: 'Every pod of a sidecar mesh carries a proxy, and every proxy keeps in memory what it is told of the mesh. Nobody orders that memory, and '
    + 'everybody pays for it: with 1,000 services in sight a proxy is several times the size of one that knows what it calls.',
  bad: `
const tight = new Mesh(chart, 'tight', {
  provider: MeshProvider.istio(), adoption: Adoption.assess({ services: 60, regulatedEncryption: true }), budgets: { proxyMemory: Size.mebibytes(64) },
});
new MeshService(chart, 'orders', { mesh: tight, workload: deployment('orders'), ports: [MeshPort.http(8080)], egress: EgressScope.declared() });`,
  good: `
const roomy = new Mesh(chart, 'roomy', {
  provider: MeshProvider.istio(), adoption: Adoption.assess({ services: 60, regulatedEncryption: true }), budgets: { proxyMemory: Size.gibibytes(1) },
});
new MeshService(chart, 'orders', { mesh: roomy, workload: deployment('orders'), ports: [MeshPort.http(8080)], egress: EgressScope.declared() });`,
  run: (model, report) => {
    const { proxyMemoryBytes, proxyCores, namespaceMemoryBytes } = model.mesh.budgets;
    const namespaces = Object.entries(namespaceMemoryBytes);
    if (proxyMemoryBytes === undefined && proxyCores === undefined && namespaces.length === 0) {
      return;
    }
    const cost = meshProxyCost(model);
    if (proxyMemoryBytes !== undefined && cost.memoryBytes > proxyMemoryBytes) {
      report(model.mesh.origin, {
        message: `all proxies together need ${memory(cost.memoryBytes)}, and budgets.proxyMemory is ${memory(proxyMemoryBytes)}`,
        evidence: largest(cost),
        fix: fix(cost, 'budgets.proxyMemory'),
      });
    }
    for (const [namespace, limit] of namespaces) {
      const used = cost.memoryByNamespace.get(namespace) ?? 0;
      if (used > limit) {
        report(model.mesh.origin, {
          message: `the proxies of ${namespace} need ${memory(used)}, and budgets.namespaceProxyMemory.${namespace} is ${memory(limit)}`,
          evidence: largest(cost, namespace),
          fix: fix(cost, `budgets.namespaceProxyMemory.${namespace}`, namespace),
        });
      }
    }
    if (proxyCores !== undefined && cost.cores > proxyCores) {
      const proxies = [
        ...cost.services.map(({ service, cores = 0 }) => ({ name: service.id, cores })),
        ...cost.waypoints.map(({ namespace, cores = 0 }) => ({ name: `the waypoint of ${namespace}`, cores })),
        ...cost.nodeCores.map(({ service, cores }) => ({ name: `the proxies of the nodes, for ${service.id}`, cores })),
      ];
      const busiest = proxies.sort((a, b) => b.cores - a.cores).slice(0, 3);
      report(model.mesh.origin, {
        message: `the proxies need ${cost.cores.toFixed(2)} cores at the declared request rates, and budgets.proxyCores is ${proxyCores}`,
        evidence: `most of it for ${listed(busiest.map(({ name, cores }) => `${name} (${cores.toFixed(2)})`))}`,
        fix: 'Call less often, or raise budgets.proxyCores',
      });
    }
  },
};

function largest(cost: MeshProxyCost, namespace?: string): string {
  const proxies = [
    ...cost.services.map(({ service, pods, proxy, memoryBytes }) => (
      { namespace: service.namespace, memoryBytes, words: `${service.id} (${pods} × ${memory(proxy.memoryBytes)})` }
    )),
    ...cost.waypoints.map((one) => ({ ...one, words: `the waypoint of ${one.namespace} (${memory(one.memoryBytes)})` })),
  ];
  const here = proxies.filter((one) => namespace === undefined || one.namespace === namespace);
  const most = here.sort((a, b) => b.memoryBytes - a.memoryBytes).slice(0, 3);
  return `most of it for ${listed(most.map(({ words }) => words))}`;
}

/** What scoping saves is said where some proxies are not scoped, and what it saves already where all are. */
function fix(cost: MeshProxyCost, budget: string, namespace?: string): string {
  const here = cost.services.filter(({ service }) => namespace === undefined || service.namespace === namespace);
  const open = here.filter(({ scoped }) => !scoped);
  if (here.length === 0) {
    return `Ask for less that only a waypoint can do, or raise ${budget}`;
  }
  if (open.length === 0) {
    return `Run fewer pods, or raise ${budget}; scoping saves ${memory(cost.unscopedMemoryBytes - cost.memoryBytes)} already`;
  }
  return `Declare what ${listed(open.map(({ service }) => service.id))} call${open.length === 1 ? 's' : ''}, so that their proxies are told of nothing else; or raise ${budget}`;
}
