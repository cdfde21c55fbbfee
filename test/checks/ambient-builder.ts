/** Parts of an ambient mesh for models from short literals. */
import type { AmbientNode } from '../../src/model/ambient';
import type { Parts } from './model-builder';

export function ambient(rest: Partial<AmbientNode> = {}): NonNullable<Parts['mesh']> {
  return { provider: 'istio-ambient', ambient: { waypoints: 'where-needed', waypointName: 'waypoint', sidecarNamespaces: [], ...rest } };
}
