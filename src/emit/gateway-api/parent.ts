/** Whose requests a route is for. */
import type { HttpRouteSpecParentRefs } from '../../../imports/gateway.networking.k8s.io';
import type { PortNode, ServiceNode } from '../../model/mesh-model';
import { type Json, defined } from '../json';

export type ParentRef = Json<HttpRouteSpecParentRefs>;

/** One port each: Gateway API refuses two references to one Service. A service with one port need not name it. */
export function parentRef(service: ServiceNode, port: PortNode, home: string | undefined): ParentRef {
  return defined<ParentRef>({
    group: '',
    kind: 'Service',
    name: service.name,
    namespace: service.namespace === home ? undefined : service.namespace,
    port: service.ports.length === 1 ? undefined : port.number,
  });
}
