/**
 * What one proxy of each mesh costs. Istio's figures are fitted on real proxies (proxy-constants.ts); of a mesh whose proxies are not measured here,
 * published figures are taken, and `source` says whose.
 */
import type { ProviderId } from './provider';
import { AGENT_RESIDENT_BYTES, ALLOCATED_BYTES, CONFIG_BYTES, EMPTY_RESIDENT_BYTES, RESIDENT_PER_ALLOCATED } from './proxy-constants';
import type { ProxyView } from './proxy-view';

export interface ProxySize {
  /** Bytes of the configuration dump without endpoints. */
  readonly configBytes: number;
  /** Bytes that the proxy's allocator hands out beyond those of a proxy that is told of nothing. */
  readonly beyondEmptyBytes: number;
  /** Resident bytes of the proxy, and of what runs beside it in the same container. */
  readonly memoryBytes: number;
}

export interface ProxyFigures {
  /** The size of a proxy with this view of the mesh. */
  readonly size: (view: ProxyView, scoped: boolean) => ProxySize;
  /** Cores for 1,000 HTTP requests per second through one proxy. */
  readonly coresPer1000Requests: number;
  /** Where the memory comes from, a sentence for the report. */
  readonly memorySource: string;
  /** Who says so of CPU, as in `as Istio publishes it`. */
  readonly coresSource: string;
}

/** Bytes for each thing that a proxy is told, for being there, and for having no scope. */
type Costs = Readonly<Record<keyof ProxyView | 'empty' | 'unscoped', number>>;

/** The size of an Istio sidecar with this view of the mesh. */
export function sidecarSize(view: ProxyView, scoped: boolean): ProxySize {
  const sum = (costs: Costs): number => costs.empty + (scoped ? 0 : costs.unscoped)
    + costs.clusters * view.clusters + costs.clusterNames * view.clusterNames + costs.virtualHosts * view.virtualHosts
    + costs.virtualHostNames * view.virtualHostNames + costs.routes * view.routes + costs.tcpListeners * view.tcpListeners
    + costs.httpPorts * view.httpPorts + costs.endpoints * view.endpoints;
  const beyondEmptyBytes = sum(ALLOCATED_BYTES) - ALLOCATED_BYTES.empty;
  return {
    configBytes: sum(CONFIG_BYTES),
    beyondEmptyBytes,
    memoryBytes: EMPTY_RESIDENT_BYTES + AGENT_RESIDENT_BYTES + beyondEmptyBytes * RESIDENT_PER_ALLOCATED,
  };
}

/**
 * For a sidecar of 2 worker threads, at 1 KB a request: published for Istio 1.24 under "Performance and Scalability" in Istio's
 * documentation, not measured here.
 */
export const SIDECAR_CORES = 0.2;

const SIDECARS: ProxyFigures = {
  size: sidecarSize,
  coresPer1000Requests: SIDECAR_CORES,
  memorySource: 'Memory is predicted from what each proxy is told of the mesh, times the pods at most, with figures fitted on real proxies.',
  coresSource: 'as Istio publishes it',
};

/**
 * The most that a proxy was seen to need, on average, at 2,000 requests per second: published for Linkerd 2.11 in "Benchmarking Linkerd and Istio:
 * 2021 Redux" on linkerd.io, not measured here. A proxy learns a destination when it is called, so what a program declares does not make it larger.
 */
const LINKERD_BYTES = 26_300_000;

/** Istio's figure, times what the same benchmark saw of the busiest proxies: 36 ms of CPU time to 67 ms. */
const LINKERD_CORES = 0.11;

const LINKERD: ProxyFigures = {
  size: () => ({ configBytes: 0, beyondEmptyBytes: 0, memoryBytes: LINKERD_BYTES }),
  coresPer1000Requests: LINKERD_CORES,
  memorySource: 'Memory is what Linkerd publishes of a busy proxy, times the pods at most; it was not measured here, and the figure is of 2021.',
  coresSource: 'as Linkerd publishes its share of what Istio needs',
};

/** For a waypoint of 2 worker threads, and for the proxy of a node, from the same place, at the same requests. */
export const WAYPOINT_CORES = 0.25;
const ZTUNNEL_CORES = 0.06;
/** Resident memory of the proxy of one node, from the same place; how many nodes there are no program says. */
export const ZTUNNEL_BYTES = 12_000_000;

const NOTHING: ProxySize = Object.freeze({ configBytes: 0, beyondEmptyBytes: 0, memoryBytes: 0 });

export const PROXY_FIGURES: Readonly<Record<ProviderId, ProxyFigures>> = Object.freeze({
  'istio': SIDECARS,
  'gateway-api': SIDECARS,
  'istio-ambient': {
    // Pods have no proxies of their own.
    size: () => NOTHING,
    coresPer1000Requests: ZTUNNEL_CORES,
    memorySource: 'Memory is that of the waypoints, one of each, predicted with the figures of a sidecar from the services that it stands before; '
      + `the proxy of a node has about ${ZTUNNEL_BYTES / 1e6} MB as Istio publishes it, and how many nodes there are is not known here.`,
    coresSource: `through the proxy of a node, as Istio publishes it, and ${WAYPOINT_CORES} through a waypoint`,
  },
  'linkerd': LINKERD,
});
