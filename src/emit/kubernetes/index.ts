/** What every mesh needs of Kubernetes itself, and how meshes differ in it. One more resource is one file and one line here. */
import type { Emitter } from '../../model/contracts';
import { type InjectionLabels, namespace } from './namespace';
import { namespaceNetworkPolicy, type NetworkDialect, networkPolicy } from './network-policy';
import { type AppProtocol, service, type ServiceAnnotations, type ServiceLabels } from './service';
import { serviceAccount } from './service-account';

export interface KubernetesDialect {
  readonly appProtocol: AppProtocol;
  readonly serviceLabels?: ServiceLabels;
  readonly injectionLabels: InjectionLabels;
  /** The same for meshes that read annotations of a namespace. */
  readonly injectionAnnotations?: Readonly<Record<string, string>>;
  /** What the mesh reads of a Service beside its ports. */
  readonly serviceAnnotations?: ServiceAnnotations;
  readonly network: NetworkDialect;
}

export function kubernetes(dialect: KubernetesDialect): Pick<Emitter, 'service' | 'namespace' | 'policy'> {
  return {
    service: [
      service(dialect.appProtocol, dialect.serviceAnnotations, dialect.serviceLabels),
      serviceAccount,
      networkPolicy(dialect.network),
    ],
    namespace: [
      namespace(dialect.injectionLabels, dialect.injectionAnnotations),
    ],
    policy: [
      namespaceNetworkPolicy(dialect.network),
    ],
  };
}
