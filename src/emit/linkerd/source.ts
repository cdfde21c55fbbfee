/** How Linkerd recognises the pods of a service. */
import type { ServiceNode } from '../../model/mesh-model';

/** Labels that only the pods of this service carry. A Service without a selector has no pods; an empty one would mean all of the namespace. */
export function podLabels(service: ServiceNode): Readonly<Record<string, string>> {
  return Object.keys(service.selector).length > 0 ? service.selector : { app: service.name };
}
