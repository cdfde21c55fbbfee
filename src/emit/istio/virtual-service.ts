/** One VirtualService for every host that has rules. */
import type { VirtualServiceSpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { ownership } from '../../model/delivery';
import { httpPorts } from '../../model/effective';
import type { ExternalDeclaration, ExternalNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { routesConnections } from '../connection-routes';
import { type Json, defined, nonEmpty } from '../json';
import { DESTINATION_RULE, NETWORKING } from './api';
import { connectionRules } from './connection-rules';
import { furtherHosts, hostOf } from './external-hosts';
import { httpRules } from './http-rules';

type Spec = Json<VirtualServiceSpec>;

/** HTTP always has rules, so that retries and deadlines are said; connections have some only where they are split or routed. */
export const virtualService: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'VirtualService',
  apiVersion: NETWORKING,
  kind: 'VirtualService',
  after: DESTINATION_RULE,
  exists: (declaration) => !ownership(declaration)?.ownsRoutes
    && (httpPorts(declaration).length > 0 || declaration.ports.some((port) => routesConnections(declaration, port))),
  spec: (node, model): Spec => defined<Spec>({
    hosts: [node.host],
    http: nonEmpty(httpRules(model, node, node.host)),
    ...connectionRules(model, node),
  }),
};

/** Requests to the outside are retried in silence, too, where no rule says otherwise. */
export const externalVirtualService: Resource<ExternalDeclaration, ExternalNode> = {
  id: 'VirtualService',
  apiVersion: NETWORKING,
  kind: 'VirtualService',
  after: DESTINATION_RULE,
  exists: (declaration) => httpPorts(declaration).length > 0,
  further: furtherHosts,
  spec: (node, model, key): Spec => {
    const host = hostOf(node, key);
    return { hosts: [host], http: httpRules(model, node, host) };
  },
};
