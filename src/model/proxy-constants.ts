/**
 * What a sidecar costs, fitted on real proxies by tools/fit-proxy-cost.ts: do not edit by hand. 23 proxies were measured by
 * test/conformance/measure on Istio v0.0.0-20260827124520-eed52ebb66ad with Envoy 1.40.0; the worst error of the fit was
 * 0.3 % of the configuration and 0.4 % of the memory.
 * Bytes for each of what a proxy is told; `empty` for a proxy that is told of the control plane alone, `unscoped` for what the cluster's
 * own services add to a proxy without a scope.
 */
export const CONFIG_BYTES = Object.freeze({
  empty: 199900,
  unscoped: 4396,
  clusters: 3595,
  clusterNames: 15.09,
  virtualHosts: 160.4,
  virtualHostNames: 0,
  routes: 660.4,
  tcpListeners: 931.8,
  httpPorts: 7614,
  endpoints: 0.9905,
});

/** Memory that Envoy's allocator hands out. */
export const ALLOCATED_BYTES = Object.freeze({
  empty: 7893000,
  unscoped: 62700,
  clusters: 55500,
  clusterNames: 80.17,
  virtualHosts: 6302,
  virtualHostNames: 0,
  routes: 3291,
  tcpListeners: 23120,
  httpPorts: 48580,
  endpoints: 2904,
});

/** Resident memory of an Envoy that is told of the control plane alone, and how much it grows for each byte that the allocator hands out. */
export const EMPTY_RESIDENT_BYTES = 74100000;
/** Resident memory of the agent beside it, in the same container. */
export const AGENT_RESIDENT_BYTES = 40900000;
export const RESIDENT_PER_ALLOCATED = 1.21;
