import { refuse, wholeNumber } from '../mesh/invalid';
import { LocalityPolicy } from '../model/policy';

/**
 * Regions to fail over between.
 */
export interface RegionFailover {
  /** Region whose endpoints have failed. */
  readonly region: string;
  /** Region that takes over. */
  readonly failoverTo: string;
}

/**
 * Fixed shares between localities.
 */
export interface LocalityShare {
  /** Locality of the caller: `region`, `region/zone` or `region/zone/*`. */
  readonly locality: string;
  /** Locality to whole percent, 1 or more each; the shares add up to 100. */
  readonly shares: { [locality: string]: number };
}

/**
 * Where requests go by place. Fixed shares exclude the other two; none of the three means nearest first.
 */
export interface LocalityOptions {
  /**
   * Which region takes over for which.
   * @default - the nearest by zone and region
   */
  readonly failover?: RegionFailover[];
  /**
   * Labels of pods that rank endpoints, the most important first; beside `failover`, none of `topology.kubernetes.io/region`,
   * `topology.kubernetes.io/zone` and `topology.istio.io/subzone`.
   * @default - region, zone, sub-zone
   */
  readonly failoverPriority?: string[];
  /**
   * Fixed shares.
   * @default - none: all to the nearest
   */
  readonly distribute?: LocalityShare[];
}

const where = 'LoadBalancing';
const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Refuses what a mesh could not make sense of, as Istio's own validation does. */
export function localityPolicy(options: LocalityOptions): LocalityPolicy {
  const { failover = [], failoverPriority = [], distribute = [] } = options;
  if (distribute.length > 0 && failover.length + failoverPriority.length > 0) {
    refuse(where, 'locality.distribute', distribute, 'give fixed shares or a failover, not both');
  }
  const topology = failover.length === 0 ? undefined : failoverPriority.find((label) => TOPOLOGY.includes(label));
  if (topology !== undefined) {
    refuse(where, 'locality.failoverPriority', topology, 'leave it out, since failover says where requests go by place');
  }
  failover.forEach(checkRegions);
  localities('locality.distribute', distribute.map((share) => share.locality));
  distribute.forEach(checkShares);
  return {
    failover: failover.map((pair) => ({ from: pair.region, to: pair.failoverTo })),
    failoverPriority: [...failoverPriority],
    distribute: distribute.map((share) => ({ from: share.locality, to: { ...share.shares } })),
  };
}

function checkRegions(pair: RegionFailover): void {
  for (const property of ['region', 'failoverTo'] as const) {
    if (!/^[^/*]+$/.test(pair[property])) {
      refuse(where, `locality.failover.${property}`, pair[property], 'name a region alone, without zone and wildcard');
    }
  }
  if (pair.region === pair.failoverTo) {
    refuse(where, 'locality.failover', pair, 'name two different regions');
  }
}

function checkShares(share: LocalityShare): void {
  const property = `locality.distribute[${share.locality}].shares`;
  const shares = Object.entries(share.shares);
  shares.forEach(([to, value]) => wholeNumber(where, `${property}[${to}]`, value, 1, 100));
  const sum = shares.reduce((total, [, value]) => total + value, 0);
  if (sum !== 100) {
    refuse(where, property, share.shares, `let the shares add up to 100; they add up to ${sum}`);
  }
  localities(property, shares.map(([to]) => to));
}

/** `region/zone/subzone`, each part given or left away from the end, and no place named twice or inside another. */
function localities(property: string, places: readonly string[]): void {
  const paths: string[] = [];
  for (const place of places) {
    if (!/^([^/*]+(\/[^/*]+){0,1}(\/(\*|[^/*]+))?|\*)$/.test(place)) {
      refuse(where, property, place, 'give region, region/zone or region/zone/sub-zone; a wildcard stands only at the end');
    }
    const path = place === '*' ? '' : `${place.replace(/\/\*$/, '')}/`;
    const other = paths.findIndex((one) => one.startsWith(path) || path.startsWith(one));
    if (other >= 0) {
      refuse(where, property, place, `it overlaps with ${places[other]}; name every place once`);
    }
    paths.push(path);
  }
}
