/** What every mesh needs of Kubernetes itself, and how meshes differ in it. One more resource is one file and one line here. */
import type { Emitter } from '../../model/contracts';
import type { ServiceNode } from '../../model/mesh-model';
import { type InjectionLabels, namespace } from './namespace';
import { namespaceNetworkPolicy, networkPolicy, type Tunnel } from './network-policy';
import { type AppProtocol, service, type ServiceAnnotations } from './service';
import { serviceAccount } from './service-account';

export interface KubernetesDialect {
  readonly appProtocol: AppProtocol;
  readonly injectionLabels: InjectionLabels;
  /** The same for meshes that read annotations of a namespace. */
  readonly injectionAnnotations?: Readonly<Record<string, string>>;
  /** What the mesh reads of a Service beside its ports. */
  readonly serviceAnnotations?: ServiceAnnotations;
  /** By which the pods of a service are known. */
  readonly podLabels: (service: ServiceNode) => Readonly<Record<string, string>>;
  /** Ports of the proxy's agent that are reached without a certificate. */
  readonly agentPorts: readonly number[];
  /** The proxy's own port, on which callers' proxies bring connections for some ports of the service. */
  readonly tunnel?: Tunnel;
}

export function kubernetes(dialect: KubernetesDialect): Pick<Emitter, 'service' | 'namespace' | 'policy'> {
  return {
    service: [
      service(dialect.appProtocol, dialect.serviceAnnotations),
      serviceAccount,
      networkPolicy(dialect.podLabels, dialect.tunnel),
    ],
    namespace: [
      namespace(dialect.injectionLabels, dialect.injectionAnnotations),
    ],
    policy: [
      namespaceNetworkPolicy(dialect.agentPorts),
    ],
  };
}
