import { FindingCode, Severity } from '../model/finding';
import { outlineOf } from '../model/outline';
import type { RouteMatchNode } from '../model/route';
import type { Check } from './check';
import { listed } from './text';

/** Headers that tell who somebody is; versions, experiments and technical headers are fit to route on. */
const IDENTITY = new RegExp('^(cookie|authorization|end-user)$'
  + '|^(x-)?(auth-|request-|forwarded-)?(user|account|customer|tenant|role|group|jwt|claim|subject|session|email)s?'
  + '(-?(id|name|role|group|email|type|tier|claim)s?)?$');

export const applicationLogicInRoute: Check = {
  code: FindingCode.APPLICATION_LOGIC_IN_ROUTE,
  name: 'application-logic-in-route',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A route decides on who the user is or what the request means',
  why: 'A rule about users, sessions or the content of a query is business logic. In a route it is out of the sight of the application\'s tests, '
    + 'differs between environments, and grows with every special case. Sending some users to another version is what an A/B test is for.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.addRoute('premium', { matches: [RouteMatch.header('x-user-role', 'premium')], deadline: Duration.seconds(5) });`,
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.addRoute('v2-api', { matches: [RouteMatch.header('x-api-version', '2')], deadline: Duration.seconds(5) });`,
  run: (model, report) => {
    for (const service of outlineOf(model).routed) {
      for (const route of service.routes) {
        // Backends of several versions, or of one subset, are an A/B test: users go to a version, and the version decides.
        const sendsToVersion = route.backends.some((backend) => backend.subset !== undefined);
        const grounds = sendsToVersion ? [] : [...new Set(route.matches.flatMap(groundsOf))];
        if (grounds.length > 0) {
          report(route.origin, {
            message: `route ${route.name} of ${service.id} decides on ${listed(grounds)}`,
            evidence: 'what it does with these requests is not the choice of a version of this service',
            fix: 'Decide it in the application, or in the gateway that knows the user; here, route on a version that the caller names',
          });
        }
      }
    }
  },
};

function groundsOf(match: RouteMatchNode): string[] {
  return [
    ...Object.keys(match.headers).filter((name) => IDENTITY.test(name)).map((name) => `the header ${name}`),
    ...Object.keys(match.query).filter((name) => !/^(v|ver|version|api-?version)$/i.test(name)).map((name) => `the query parameter ${name}`),
  ];
}
