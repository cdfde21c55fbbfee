/**
 * What a Server or a route of it is opened to: one policy for callers with an identity, one for networks, since a single policy would ask for both at
 * once. Each names its authentication of the same name.
 */
import type { AuthorizationPolicySpec } from '../../../imports/policy.linkerd.io';
import type { Resource } from '../../model/contracts';
import type { MeshModel, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { type AccessTarget, accessOf } from './access';
import { POLICY, POLICY_GROUP } from './api';
import { type MeshTls, meshTls, type Networks, networks } from './identity';
import { isGuarded } from './server';

type Spec = Json<AuthorizationPolicySpec>;

const NETWORKS = '-networks';

export const authorizationPolicy: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'AuthorizationPolicy',
  apiVersion: POLICY,
  kind: 'AuthorizationPolicy',
  exists: isGuarded,
  late: (node, model) => [...identityKeys(node, model), ...networkKeys(node, model)],
  spec: (node, model, key): Spec => {
    const target = targetOf(node, model, key!);
    return {
      targetRef: { group: POLICY_GROUP, kind: target.kind, name: `${node.name}-${target.key}` },
      requiredAuthenticationRefs: [{
        group: POLICY_GROUP, kind: key!.endsWith(NETWORKS) ? 'NetworkAuthentication' : 'MeshTLSAuthentication', name: `${node.name}-${key}`,
      }],
    };
  },
};

export const meshTlsAuthentication: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'MeshTLSAuthentication',
  apiVersion: POLICY,
  kind: 'MeshTLSAuthentication',
  exists: isGuarded,
  late: (node, model) => identityKeys(node, model),
  spec: (node, model, key): MeshTls => meshTls(model, targetOf(node, model, key!).principals)!,
};

export const networkAuthentication: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'NetworkAuthentication',
  apiVersion: POLICY,
  kind: 'NetworkAuthentication',
  exists: isGuarded,
  late: (node, model) => networkKeys(node, model),
  spec: (node, model, key): Networks => networks(targetOf(node, model, key!).principals)!,
};

function identityKeys(node: ServiceNode, model: MeshModel): readonly string[] {
  return accessOf(model, node).targets.filter(({ principals }) => meshTls(model, principals) !== undefined).map(({ key }) => key);
}

function networkKeys(node: ServiceNode, model: MeshModel): readonly string[] {
  return accessOf(model, node).targets.filter(({ principals }) => networks(principals) !== undefined).map(({ key }) => `${key}${NETWORKS}`);
}

function targetOf(node: ServiceNode, model: MeshModel, key: string): AccessTarget {
  const { targets } = accessOf(model, node);
  return targets.find((target) => key === target.key || key === `${target.key}${NETWORKS}`)!;
}
