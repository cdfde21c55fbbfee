/** Requests that a service of the mesh's configuration decides about. */
import type { AuthorizationPolicySpec } from '../../../imports/security.istio.io';
import { guardedPorts, securityOf } from '../../model/access';
import type { Resource } from '../../model/contracts';
import { httpPorts } from '../../model/effective';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { ExternalAuthorizationNode } from '../../model/security';
import { type Json, defined, nonEmpty } from '../json';
import type { ToOperation } from './denial';
import { operation, type Operation } from './operation';
import { hasProxies, SECURITY, selector } from './security-api';

type Spec = Json<AuthorizationPolicySpec>;

/** It is never a dry run: Istio asks the authorizer then, too, and obeys it. */
export const externalAuthorization: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'ExternalAuthorization',
  apiVersion: SECURITY,
  kind: 'AuthorizationPolicy',
  nameOf: ({ name }) => `${name}-external`,
  exists: (declaration) => hasProxies(declaration) && (declaration.security?.external.length ?? 0) > 0,
  spec: (node): Spec => {
    const { external } = securityOf(node);
    return {
      ...selector(node),
      action: 'CUSTOM',
      provider: { name: external[0].provider },
      rules: external.map((one) => ({ to: [{ operation: decided(node, one) }] })),
    };
  },
};

export function decided(
  service: ServiceNode, { connections, ports, paths, publicPaths }: ExternalAuthorizationNode, toOperation: ToOperation = operation,
): Operation {
  const all = connections && paths.length + publicPaths.length === 0 ? guardedPorts(service) : httpPorts(service);
  const named = all.map(({ number }) => number).filter((port) => ports.length === 0 || ports.includes(port));
  return defined<Operation>({ ...toOperation(service, { ports: named, methods: [], paths, hosts: [] }), notPaths: nonEmpty(publicPaths) });
}
