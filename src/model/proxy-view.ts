/**
 * What a sidecar is told, counted before it is told: the clusters, routes, listeners and endpoints that its service's egress scope lets
 * through. Linear: what a destination adds is worked out once, and a proxy's view is the sum over what it can reach.
 */
import { factsOf } from './data-plane';
import { Callee, egressOf, hostsOf, reachable } from './effective';
import { grouped } from './grouped';
import { MeshModel, ServiceNode } from './mesh-model';
import { outlineOf } from './outline';
import { PROTOCOLS, isHttp } from './protocol';

export interface ProxyView {
  /** One for each port of each destination, and one more for each subset of it. */
  readonly clusters: number;
  /** Characters of the destinations' names, once for each cluster. */
  readonly clusterNames: number;
  /** One for each HTTP port of each destination. */
  readonly virtualHosts: number;
  /** Characters of the destinations' names, once for each virtual host. */
  readonly virtualHostNames: number;
  /** Matches of all routes, the default one of every virtual host included; once more for callees of which the service wants something of its own. */
  readonly routes: number;
  /** Destinations with a listener of their own: ports that are not HTTP. */
  readonly tcpListeners: number;
  /** Port numbers on which HTTP is called: they share a listener each. */
  readonly httpPorts: number;
  /** Pods behind all clusters. */
  readonly endpoints: number;
}

interface Contribution extends Omit<ProxyView, 'httpPorts'> {
  readonly httpPortNumbers: readonly number[];
}

export const EMPTY_VIEW: ProxyView = Object.freeze({
  clusters: 0, clusterNames: 0, virtualHosts: 0, virtualHostNames: 0, routes: 0, tcpListeners: 0, httpPorts: 0, endpoints: 0,
});

export class ProxyViews {
  private readonly contributions = new Map<string, Contribution>();
  private everything?: ProxyView;
  private readonly namespaces: ReadonlyMap<string, readonly Callee[]>;

  public constructor(private readonly model: MeshModel) {
    const callees: readonly Callee[] = [...model.services, ...model.externals];
    callees.forEach((callee) => this.contributions.set(callee.id, this.contribution(callee)));
    this.namespaces = grouped(callees, ({ namespace = '' }) => namespace);
  }

  /** What the proxies of a service are told of this program's services, and whether a scope keeps the rest of the cluster from them. */
  public of(service: ServiceNode): { readonly view: ProxyView; readonly scoped: boolean } {
    const scope = factsOf(this.model.mesh, service.namespace).scopesEgress ? egressOf(service) : 'everything';
    if (scope === 'everything') {
      return { view: this.withOwnRules(service, this.unscoped()), scoped: false };
    }
    const called = reachable(this.model, service);
    const seen = scope === 'namespace' ? new Set([...called, ...this.namespaces.get(service.namespace ?? '') ?? []]) : called;
    return { view: this.withOwnRules(service, this.sum(seen)), scoped: true };
  }

  /** What a proxy without any scope is told. */
  public unscoped(): ProxyView {
    this.everything ??= this.sum([...this.model.services, ...this.model.externals]);
    return this.everything;
  }

  /** What a proxy is told that stands before these services. */
  public together(callees: readonly Callee[]): ProxyView {
    return this.sum(callees);
  }

  /** Rules for a single caller are told to its own proxies alone. */
  private withOwnRules(service: ServiceNode, view: ProxyView): ProxyView {
    const calls = outlineOf(this.model).withPolicyFrom.get(service.id);
    if (calls === undefined) {
      return view;
    }
    const callees = new Set(calls.map(({ callee }) => callee));
    let routes = 0;
    callees.forEach((callee) => {
      routes += this.contributions.get(callee)?.routes ?? 0;
    });
    return routes === 0 ? view : { ...view, routes: view.routes + routes };
  }

  private sum(callees: Iterable<Callee>): ProxyView {
    let [clusters, clusterNames, virtualHosts, virtualHostNames, routes, tcpListeners, endpoints] = [0, 0, 0, 0, 0, 0, 0];
    const ports = new Set<number>();
    for (const { id } of callees) {
      const part = this.contributions.get(id)!;
      clusters += part.clusters;
      clusterNames += part.clusterNames;
      virtualHosts += part.virtualHosts;
      virtualHostNames += part.virtualHostNames;
      routes += part.routes;
      tcpListeners += part.tcpListeners;
      endpoints += part.endpoints;
      for (const port of part.httpPortNumbers) {
        ports.add(port);
      }
    }
    return { clusters, clusterNames, virtualHosts, virtualHostNames, routes, tcpListeners, httpPorts: ports.size, endpoints };
  }

  private contribution(callee: Callee): Contribution {
    const hosts = hostsOf(callee);
    const names = hosts.reduce((sum, host) => sum + host.length, 0);
    const subsets = 'versions' in callee && (callee.versions.length > 1 || callee.split !== undefined) ? callee.versions.length : 0;
    const ports = callee.ports.filter((port) => PROTOCOLS[port.protocol].transport === 'TCP');
    const http = ports.filter((port) => isHttp(port.protocol));
    const clusters = ports.length * hosts.length * (1 + subsets);
    const matches = 'routes' in callee ? callee.routes.reduce((sum, route) => sum + Math.max(1, route.matches.length), 0) : 0;
    return {
      clusters,
      clusterNames: ports.length * (1 + subsets) * names,
      virtualHosts: http.length * hosts.length,
      virtualHostNames: http.length * names,
      routes: http.length * hosts.length * (matches + 1),
      tcpListeners: (ports.length - http.length) * hosts.length,
      httpPortNumbers: http.map((port) => port.number),
      endpoints: clusters * ('pods' in callee ? callee.pods?.max ?? 1 : 1),
    };
  }
}
