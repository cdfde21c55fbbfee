/** The requests of a rule as Istio writes them. */
import type { AuthorizationPolicySpecRulesToOperation } from '../../../imports/security.istio.io';
import { podPorts } from '../../model/access';
import type { ServiceNode } from '../../model/mesh-model';
import type { RequestScope } from '../../model/security';
import { type Json, defined, nonEmpty } from '../json';

export type Operation = Json<AuthorizationPolicySpecRulesToOperation>;

/** Istio compares the port on which a pod gets a request, so the container's; a host name is sent with or without its port. */
export function operation(service: ServiceNode, scope: RequestScope): Operation {
  return operationAt(podPorts(service, scope.ports), scope);
}

/** @param ports as whoever decides about the request sees them */
export function operationAt(ports: readonly number[], { methods, paths, hosts }: RequestScope): Operation {
  return defined<Operation>({
    ports: nonEmpty(ports.map(String)),
    methods: nonEmpty(methods),
    paths: nonEmpty(paths),
    hosts: nonEmpty(hosts.flatMap((host) => host.startsWith('*') ? [host] : [host, `${host}:*`])),
  });
}
