/** Lets routes of another namespace lead to a service and its versions. */
import type { ReferenceGrantSpec } from '../../../imports/gateway.networking.k8s.io';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { GATEWAY } from './api';
import { serviceNamesOf } from './version-service';

const ROUTES = ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute'];

export const referenceGrant: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'ReferenceGrant',
  apiVersion: `${GATEWAY}/v1`,
  kind: 'ReferenceGrant',
  growsBy: 'consumers',
  exists: ({ routedFrom = [] }) => routedFrom.length > 0,
  each: ({ routedFrom = [] }) => routedFrom.map(keyOf),
  spec: (node, _model, key): Json<ReferenceGrantSpec> => ({
    from: ROUTES.map((kind) => ({ group: GATEWAY, kind, namespace: node.routedFrom!.find((namespace) => keyOf(namespace) === key)! })),
    to: serviceNamesOf(node).map((name) => ({ group: '', kind: 'Service', name })),
  }),
};

function keyOf(namespace: string): string {
  return `from-${namespace}`;
}
