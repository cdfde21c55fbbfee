import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { coverages, matchText } from './match-coverage';

export const ineffectiveMatch: Check = {
  code: FindingCode.INEFFECTIVE_MATCH,
  name: 'ineffective-match',
  severity: Severity.WARNING,
  catalogue: ['IST0131'],
  title: 'A match that has no effect, since another one before it takes all of its requests',
  why: 'The route still gets requests by its other matches, so nothing looks broken; but this match changes nothing, and whoever reads the '
    + 'program believes that it does.',
  bad: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addRoute('api', { matches: [RouteMatch.prefix('/api'), RouteMatch.exact('/api/orders')] });`,
  good: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addRoute('api', { matches: [RouteMatch.prefix('/api'), RouteMatch.exact('/orders')] });`,
  run: (model, report) => {
    for (const { coverage } of coverages(model)) {
      for (const { route, covered, unreachable } of coverage) {
        for (const match of unreachable ? [] : covered) {
          const by = match.byIndex === undefined ? undefined : match.by.matches[match.byIndex];
          report(route.origin, {
            message: `matches[${match.index}] of the route ${route.name} (${matchText(route.matches[match.index])}) has no effect`,
            evidence: `${by === undefined ? 'every request' : matchText(by)} is taken by ${match.by === route ? 'the same route' : `the route ${match.by.name}`} before it`,
            fix: match.by === route ? 'Take the match away' : `Add ${route.name} before ${match.by.name}, or take the match away`,
          });
        }
      }
    }
  },
};
