/**
 * The policy of the two Services through which an engine sends the requests, where its own resource cannot hold it. The engine then writes
 * DestinationRules without a policy, and Istio joins two of one host: the only policy there is holds.
 */
import type { DestinationRuleSpec } from '../../../imports/networking.istio.io';
import { policyBeyondFlagger } from '../../model/carry';
import type { Resource } from '../../model/contracts';
import { canaryName, ownership, primaryName } from '../../model/delivery';
import type { MeshNode, ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { NETWORKING } from './api';
import { takesConnections, trafficPolicy } from './destination-rule';

type Spec = Json<DestinationRuleSpec>;

function policyOf(id: string, hostName: (name: string) => string): Resource<ServiceDeclaration, ServiceNode> {
  return {
    id,
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    nameOf: ({ name }) => `${hostName(name)}-policy`,
    exists: (declaration, mesh) => takesConnections(declaration) && isNeeded(declaration, mesh),
    spec: (node, model): Spec => ({
      host: `${hostName(node.name)}${node.host.slice(node.name.length)}`,
      trafficPolicy: trafficPolicy(model, node).whole,
    }),
  };
}

function isNeeded(declaration: ServiceDeclaration, mesh: MeshNode): boolean {
  return ownership(declaration)?.ownsPolicy === true && policyBeyondFlagger(declaration, mesh).length > 0;
}

export const deliveredPolicies = [policyOf('PrimaryPolicy', primaryName), policyOf('CanaryPolicy', canaryName)] as const;
