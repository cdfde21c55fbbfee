/** One Server for every port of a service under zero trust: what is not opened there is closed. */
import type { ServerSpec } from '../../../imports/policy.linkerd.io';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { PROOF } from '../migration-rule';
import { accessOf } from './access';
import { SERVER } from './api';
import { proofOfServer } from './migration-proof';
import { podLabels } from './source';

type Spec = Json<ServerSpec>;

/** Whether a policy is about the service's pods, and they have proxies that can keep it. */
export function isGuarded({ zeroTrust, meshed }: Pick<ServiceDeclaration, 'zeroTrust' | 'meshed'>): boolean {
  return zeroTrust !== undefined && meshed !== false;
}

export const server: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'Server',
  apiVersion: SERVER,
  kind: 'Server',
  exists: isGuarded,
  late: (node, model) => accessOf(model, node).servers.map(({ key }) => key),
  lateAnnotations: {
    [PROOF]: ({ name, namespace, zeroTrust }, _, key) => zeroTrust?.proof.kind === 'annotation' && namespace !== undefined
      ? proofOfServer(zeroTrust, namespace, `${name}-${key}`) : undefined,
  },
  spec: (node, model, key): Spec => {
    const { port, protocol, accessPolicy } = accessOf(model, node).servers.find((one) => one.key === key)!;
    return { podSelector: { matchLabels: podLabels(node) }, port, proxyProtocol: protocol, accessPolicy };
  },
};
