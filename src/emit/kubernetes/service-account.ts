import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';

/** The account that gives the pods an identity of their own; pods that share `default` cannot be told apart by any policy. */
export const serviceAccount: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'ServiceAccount',
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  exists: (declaration) => declaration.hasWorkload && declaration.serviceAccount === undefined,
};
