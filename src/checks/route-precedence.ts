import { factsOf } from '../model/data-plane';
import { httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, PortNode, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import type { RouteMatchNode, RouteNode } from '../model/route';
import { orderedRules, outranks, overlap, type Precedence, ranked, type RankedMatch } from '../model/route-precedence';
import type { Check, Report } from './check';
import { matchText } from './match-coverage';

export const routePrecedence: Check = {
  code: FindingCode.ROUTE_PRECEDENCE,
  name: 'route-precedence',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A route that another one behind it would take requests from',
  why: 'The routes of a program are tried in order. Gateway API has no order: an exact path comes before a prefix, a long prefix before a short '
    + 'one, then a method, more headers and more query parameters. Where the two disagree, and one request can fulfil both, the mesh would send it '
    + 'elsewhere than the program says.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const orders = new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addVersion('v2', { workload: deployment('orders-v2') });
orders.addRoute('testers', { matches: [RouteMatch.header('x-tester', 'yes')], split: { v2: 100 } });
orders.addRoute('health', { matches: [RouteMatch.exact('/health')], split: { v1: 100 } });`,
  good: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
const orders = new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
});
orders.addVersion('v2', { workload: deployment('orders-v2') });
orders.addRoute('health', { matches: [RouteMatch.exact('/health')], split: { v1: 100 } });
orders.addRoute('testers', { matches: [RouteMatch.header('x-tester', 'yes')], split: { v2: 100 } });`,
  run: (model, report) => {
    for (const service of outlineOf(model).routed) {
      const { precedence } = factsOf(model.mesh, service.namespace);
      const told = new Set<string>();
      if (precedence !== undefined) {
        httpPorts(service).forEach((port) => judge(model, service, port, precedence, told, report));
      }
    }
  },
};

interface Entry extends RankedMatch {
  readonly route?: RouteNode;
}

const EVERYTHING: RouteMatchNode = { headers: {}, query: {} };

/** Reports every route once, with the first before it that it takes requests from; the same pair on a further port says nothing new. */
function judge(model: MeshModel, service: ServiceNode, port: PortNode, precedence: Precedence, told: Set<string>, report: Report): void {
  const earlier = new Earlier();
  for (const { route, matches, asExpression } of orderedRules(service.routes, port, precedence)) {
    const entries = (matches.length === 0 ? [EVERYTHING] : matches).map((match): Entry => ({ ...ranked(match, asExpression, precedence), route }));
    for (const entry of entries) {
      const robbed = earlier.outrankedBy(entry);
      const name = route?.name ?? '';
      if (robbed !== undefined && !told.has(name)) {
        told.add(name);
        accuse(model, service, robbed, entry, report);
      }
    }
    entries.forEach((entry) => earlier.add(entry));
  }
}

function accuse(model: MeshModel, service: ServiceNode, robbed: Entry, by: Entry, report: Report): void {
  const first = robbed.route!.name;
  const second = by.route === undefined ? 'what no route takes' : `the route ${by.route.name}`;
  report(by.route?.origin ?? service.origin, {
    message: `${second} stands behind the route ${first}, and would take requests from it`,
    evidence: `Gateway API tries ${matchText(by.match)} before ${matchText(robbed.match)}, and one request can be both; provider ${model.mesh.provider}`,
    fix: by.route === undefined ? `Give the route ${first} a path of its own, or take MeshProvider.istio(), which tries routes in order`
      : `Add the route ${by.route.name} before ${first} if that is meant; else ask for as much in ${first}, or take MeshProvider.istio(), which tries routes in order`,
  });
}

/** The matches before, by their paths, so that only those are looked at which a request could fulfil, too. */
class Earlier {
  private readonly byPath = new Map<string, Entry[]>();
  private readonly expressions: Entry[] = [];

  public add(entry: Entry): void {
    const list = entry.path === undefined ? this.expressions : this.byPath.get(entry.path.value) ?? [];
    list.push(entry);
    if (entry.path !== undefined) {
      this.byPath.set(entry.path.value, list);
    }
  }

  public outrankedBy(entry: Entry): Entry | undefined {
    const hits = (list: readonly Entry[]) => list.find((other) => other.route !== entry.route && outranks(entry, other) && overlap(entry, other));
    if (entry.path === undefined) {
      return hits(this.expressions) ?? [...this.byPath.values()].reduce<Entry | undefined>((found, list) => found ?? hits(list), undefined);
    }
    const above = prefixesOf(entry.path.value).flatMap((prefix) => this.byPath.get(prefix) ?? []);
    return hits(this.expressions) ?? hits(above);
  }
}

/** `/a/b` lies below itself, `/a` and `/`. */
function prefixesOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}
