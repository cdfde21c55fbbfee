/**
 * What a sidecar costs, fitted on real proxies by tools/fit-proxy-cost.ts: do not edit by hand. 20 proxies were measured by
 * test/conformance/measure on Istio v0.0.0-20260827124520-eed52ebb66ad with Envoy 1.40.0; the worst error of the fit was
 * 0.0 % of the configuration and 0.4 % of the memory.
 * Bytes for each of what a proxy is told; `empty` for a proxy that is told of the control plane alone, `unscoped` for what the cluster's
 * own services add to a proxy without a scope.
 */
export const CONFIG_BYTES = Object.freeze({
  empty: 199800,
  unscoped: 4686,
  clusters: 3584,
  clusterNames: 15,
  virtualHosts: 182.2,
  virtualHostNames: 0,
  routes: 654,
  tcpListeners: 917.6,
  httpPorts: 7605,
  endpoints: 0,
});

/** Memory that Envoy's allocator hands out. */
export const ALLOCATED_BYTES = Object.freeze({
  empty: 7845000,
  unscoped: 88820,
  clusters: 52620,
  clusterNames: 79.86,
  virtualHosts: 6928,
  virtualHostNames: 0,
  routes: 3203,
  tcpListeners: 20540,
  httpPorts: 46440,
  endpoints: 2814,
});

/** Resident memory of an Envoy that is told of the control plane alone, and how much it grows for each byte that the allocator hands out. */
export const EMPTY_RESIDENT_BYTES = 74200000;
export const AGENT_RESIDENT_BYTES = 38000000;
export const RESIDENT_PER_ALLOCATED = 1.22;
