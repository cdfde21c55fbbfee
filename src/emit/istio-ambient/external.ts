/**
 * What lies outside the mesh. The proxy of the node passes connections on; whoever asks for more has them go through a waypoint.
 *
 * A route of a ServiceEntry holds for all of its hosts, and leads to one of them. So where there are routes, every host has an entry of its own.
 */
import type { HttpRouteSpec } from '../../../imports/gateway.networking.k8s.io';
import type { ServiceEntrySpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { deadlineFor, httpPorts, retryFor } from '../../model/effective';
import type { ExternalDeclaration, ExternalNode, MeshNode, PortNode } from '../../model/mesh-model';
import { externalHasWaypoint, isPolicedOutside } from '../../model/waypoint';
import { limitFields } from '../gamma/limits';
import { externalDestinationRule as ofSidecars } from '../istio/external-destination-rule';
import { furtherHosts, hostOf, isWildcard } from '../istio/external-hosts';
import { serviceEntry as entryOfSidecars } from '../istio/service-entry';
import { type Json, defined } from '../json';
import { USE_WAYPOINT } from './waypoint';

type External = Resource<ExternalDeclaration, ExternalNode>;
type RouteSpec = Json<HttpRouteSpec>;

const ENTRY = 'networking.istio.io';

export const serviceEntry: External = {
  ...entryOfSidecars,
  further: (declaration, mesh) => isPolicedOutside(declaration, mesh) ? furtherHosts(declaration) : [],
  lateLabels: { [USE_WAYPOINT]: (external, { mesh }) => externalHasWaypoint(external, mesh) ? mesh.ambient?.waypointName : undefined },
  spec: (node, model, key): Json<ServiceEntrySpec> => {
    const hosts = isPolicedOutside(node, model.mesh) ? [hostOf(node, key)] : node.hosts;
    return entryOfSidecars.spec!({ ...node, hosts }, model) as Json<ServiceEntrySpec>;
  },
};

export const externalDestinationRule: External = {
  ...ofSidecars,
  exists: (declaration, mesh) => isPolicedOutside(declaration, mesh) && ofSidecars.exists(declaration, mesh),
};

interface Place {
  readonly key?: string;
  readonly host: string;
  readonly port: PortNode;
}

/** No route leads to names below a wildcard: what is asked for there is a finding. */
export const externalRoute: External = {
  id: 'HTTPRoute',
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  exists: (declaration, mesh) => places(declaration, mesh).length > 0,
  each: (declaration, mesh) => places(declaration, mesh).map(({ key }) => key),
  spec: (node, model, key): RouteSpec => {
    const { host, port } = places(node, model.mesh).find((place) => place.key === key)!;
    const several = node.ports.length > 1;
    const entry = [undefined, ...furtherHosts(node)].find((one) => hostOf(node, one) === host);
    return {
      parentRefs: [defined({
        group: ENTRY, kind: 'ServiceEntry', name: entry === undefined ? node.name : `${node.name}-${entry}`, port: several ? port.number : undefined,
      })],
      rules: [{
        backendRefs: [{ group: ENTRY, kind: 'Hostname', name: host, port: port.number }],
        ...limitFields({ retry: retryFor(model, node), deadline: deadlineFor(model, node, undefined, undefined, port) }, model.mesh),
      }],
    };
  },
};

function places(external: ExternalDeclaration, mesh: MeshNode): readonly Place[] {
  const hosts = isPolicedOutside(external, mesh) ? [undefined, ...furtherHosts(external)] : [];
  const ports = httpPorts(external);
  return hosts.flatMap((entry) => ports.map((port): Place => {
    const parts = [...entry === undefined ? [] : [entry], ...external.ports.length === 1 ? [] : [port.name]];
    return { key: parts.length === 0 ? undefined : parts.join('-'), host: hostOf(external, entry), port };
  })).filter(({ host }) => !isWildcard(host));
}
