/** The networks outside the cluster that a namespace knows. Under a sealing policy it leaves by them alone. */
import type { EgressNetworkSpec } from '../../../imports/policy.linkerd.io';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { type Json, defined } from '../json';
import { POLICY } from './api';
import { egressBy } from './egress';

type Spec = Json<EgressNetworkSpec>;

export const egressNetwork: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'EgressNetwork',
  apiVersion: POLICY,
  kind: 'EgressNetwork',
  nameOf: () => 'egress',
  exists: ({ meshed }) => meshed !== false,
  late: (node, model) => egressBy(model, node).networks.map(({ key }) => key),
  spec: (node, model, key): Spec => {
    const { networks, closed } = egressBy(model, node).networks.find((one) => one.key === key)!;
    return defined<Spec>({ trafficPolicy: closed ? 'Deny' : 'Allow', networks: networks?.map((address) => ({ cidr: address })) });
  },
};
