import { CANARY_SUBSET, ownership, STABLE_SUBSET } from '../model/delivery';
import type { ServiceNode } from '../model/mesh-model';
import type { BackendNode } from '../model/route';

/** What a service does with requests that no route takes: its split, or all pods alike, or as an engine decides. */
export function ownBackends(service: Pick<ServiceNode, 'id' | 'split' | 'delivery'>): readonly BackendNode[] {
  if (ownership(service)?.ownsWeights) {
    const stable = { service: service.id, subset: STABLE_SUBSET, weight: 100 };
    // In an A/B test these requests meet the new version when it is promoted, and not before.
    return service.delivery?.strategy.kind === 'ab-test' ? [stable] : [stable, { service: service.id, subset: CANARY_SUBSET, weight: 0, moved: true }];
  }
  return service.split === undefined
    ? [{ service: service.id, weight: 100 }]
    : Object.entries(service.split).map(([subset, weight]) => ({ service: service.id, subset, weight }));
}
