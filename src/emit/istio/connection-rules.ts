/** The rules for connections of one service that are routed as a whole. */
import type { VirtualServiceSpecTcp, VirtualServiceSpecTcpMatch, VirtualServiceSpecTls } from '../../../imports/networking.istio.io';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import { isTls } from '../../model/protocol';
import { connectionPorts, connectionRoutes, routesConnections } from '../connection-routes';
import { type Json, defined, nonEmpty } from '../json';
import { ownBackends } from '../own-backends';
import { type WeightedDestination, destinations } from './destinations';
import { sourceOf } from './source';

type ConnectionMatch = Json<VirtualServiceSpecTcpMatch>;

interface ConnectionRule {
  readonly matches: readonly ConnectionMatch[];
  readonly route: readonly WeightedDestination[];
}

export interface ConnectionRules {
  readonly tls?: readonly Json<VirtualServiceSpecTls>[];
  readonly tcp?: readonly Json<VirtualServiceSpecTcp>[];
}

/**
 * Only TLS ports of a Service that the program wrote by itself are still TLS to Istio (see `appProtocol`): those it routes by server
 * name, and the one name that a rule may ask for is the host's.
 */
export function connectionRules(model: MeshModel, service: ServiceNode): ConnectionRules {
  const ports = connectionPorts(service.ports);
  const rules = (tls: boolean) => ports
    .filter((port) => routesConnections(service, port) && (service.existing && isTls(port.protocol)) === tls)
    .flatMap((port) => rulesOfPort(model, service, port, ports.length > 1));
  return defined<ConnectionRules>({
    tls: nonEmpty(rules(true).map(({ matches, route }) => ({ match: matches.map((match) => ({ sniHosts: [service.host], ...match })), route }))),
    tcp: nonEmpty(rules(false).map(({ matches, route }) => {
      const told = matches.filter((match) => Object.keys(match).length > 0);
      return defined({ match: told.length === matches.length ? told : undefined, route });
    })),
  });
}

function rulesOfPort(model: MeshModel, service: ServiceNode, port: PortNode, portNamed: boolean): ConnectionRule[] {
  const rules: ConnectionRule[] = [];
  const place: ConnectionMatch = portNamed ? { port: port.number } : {};
  for (const { route, matches } of connectionRoutes(service, port)) {
    const all = matches.some((match) => match.caller === undefined);
    const callers = all ? [] : matches.flatMap((match) => model.serviceById.get(match.caller!) ?? []);
    if (all || callers.length > 0) {
      rules.push({
        matches: all ? [place] : [...new Set(callers)].map((caller) => ({ ...place, ...sourceOf(caller) })),
        route: destinations(model, route.backends, port),
      });
    }
    if (all) {
      return rules;
    }
  }
  return [...rules, { matches: [place], route: destinations(model, ownBackends(service), port) }];
}
