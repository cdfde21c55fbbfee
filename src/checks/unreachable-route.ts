import { FindingCode, Severity } from '../model/finding';
import type { RouteNode } from '../model/route';
import type { Check } from './check';
import { coverages, matchText, RouteCoverage } from './match-coverage';
import { listed } from './text';

export const unreachableRoute: Check = {
  code: FindingCode.UNREACHABLE_ROUTE,
  name: 'unreachable-route',
  severity: Severity.ERROR,
  catalogue: ['IST0130'],
  title: 'A route or a split that no request ever reaches',
  why: 'Routes are tried in order, and the first one that takes a request answers it. A route behind one that takes all of its requests is '
    + 'silently dead: its split, its retries and its redirect never happen. The same holds for the split of a service whose routes leave no '
    + 'request over.',
  bad: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addRoute('api', { matches: [RouteMatch.prefix('/api')] });
orders.addRoute('refunds', {
  matches: [RouteMatch.prefix('/api/refunds')], directResponse: { status: 410 },
});`,
  good: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addRoute('refunds', {
  matches: [RouteMatch.prefix('/api/refunds')], directResponse: { status: 410 },
});
orders.addRoute('api', { matches: [RouteMatch.prefix('/api')] });`,
  run: (model, report) => {
    for (const { service, coverage } of coverages(model)) {
      for (const { route, covered, unreachable, takenBy } of coverage) {
        if (unreachable) {
          const takers = takenBy === undefined ? [...new Set(covered.map((match) => match.by.name))] : [takenBy.name];
          report(route.origin, {
            message: `no request ever reaches the route ${route.name}`,
            evidence: `${listed(takers)} before it ${takers.length === 1 ? 'takes' : 'take'} ${route.matches.length === 0 ? 'every request' : listed(route.matches.map(matchText), 3)}`,
            fix: `Add ${route.name} before ${listed(takers)}, or narrow the matches there`,
          });
        }
      }
      const taker = service.split === undefined ? undefined : splitTaker(coverage);
      if (taker !== undefined) {
        report(service.origin, {
          message: `no request ever reaches the split ${JSON.stringify(service.split)}`,
          evidence: `the route ${taker.name} takes every request and has an answer of its own`,
          fix: `Leave the backends of ${taker.name} out, so that it uses the split, or take the split away`,
        });
      }
    }
  },
};

/** The route that leaves nothing over for the service's split, where no route before it uses the split either. */
function splitTaker(coverage: readonly RouteCoverage[]): RouteNode | undefined {
  for (const { route, unreachable } of coverage) {
    if (unreachable) {
      continue;
    }
    if (route.backends.length === 0 && route.redirect === undefined && route.directResponse === undefined) {
      return undefined;
    }
    if (route.matches.length === 0) {
      return route;
    }
  }
  return undefined;
}
