/** What every mesh needs of Kubernetes itself, and how meshes differ in it. One more resource is one file and one line here. */
import type { Emitter } from '../../model/contracts';
import type { ServiceNode } from '../../model/mesh-model';
import { type InjectionLabels, namespace } from './namespace';
import { namespaceNetworkPolicy, networkPolicy } from './network-policy';
import { type AppProtocol, service } from './service';
import { serviceAccount } from './service-account';

export interface KubernetesDialect {
  readonly appProtocol: AppProtocol;
  readonly injectionLabels: InjectionLabels;
  /** By which the pods of a service are known. */
  readonly podLabels: (service: ServiceNode) => Readonly<Record<string, string>>;
  /** Ports of the proxy's agent that are reached without a certificate. */
  readonly agentPorts: readonly number[];
}

export function kubernetes(dialect: KubernetesDialect): Pick<Emitter, 'service' | 'namespace' | 'policy'> {
  return {
    service: [
      service(dialect.appProtocol),
      serviceAccount,
      networkPolicy(dialect.podLabels),
    ],
    namespace: [
      namespace(dialect.injectionLabels),
    ],
    policy: [
      namespaceNetworkPolicy(dialect.agentPorts),
    ],
  };
}
