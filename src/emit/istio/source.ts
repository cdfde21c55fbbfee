/** How Istio recognises the pods of a service, as callers and as owners of a proxy. */
import type { ServiceNode } from '../../model/mesh-model';

/**
 * Labels that only the pods of this service carry. A Service without a selector has no pods of its own to speak of; an empty set of
 * labels would mean every pod of the namespace.
 */
export function podLabels(service: ServiceNode): Readonly<Record<string, string>> {
  return Object.keys(service.selector).length > 0 ? service.selector : { app: service.name };
}

export interface Source {
  readonly sourceLabels: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
}

/** The condition that a request comes from a pod of this service. istiod decides it when it writes a proxy's configuration. */
export function sourceOf(caller: ServiceNode): Source {
  const sourceLabels = podLabels(caller);
  return caller.namespace === undefined ? { sourceLabels } : { sourceLabels, sourceNamespace: caller.namespace };
}
