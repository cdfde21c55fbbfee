/**
 * Meshes that this library writes for. One more is one name here; nothing compiles until the capability table, the emitters and
 * the version table answer for it.
 */
export const PROVIDERS = ['istio'] as const;

export type ProviderId = (typeof PROVIDERS)[number];

export interface ProviderFacts {
  /** How a person calls it. */
  readonly label: string;
  /** Versions whose API was checked, oldest first, `major.minor`. */
  readonly versions: readonly string[];
  /** Its proxies read single requests, which only a full mesh needs. */
  readonly readsRequests: boolean;
  /** Label that tells the mesh which service a pod belongs to, whatever its other labels become. */
  readonly serviceLabel: string;
  /** Namespace of the control plane where nothing else is said. */
  readonly systemNamespace: string;
}

export const PROVIDER_FACTS: Readonly<Record<ProviderId, ProviderFacts>> = Object.freeze({
  istio: { label: 'Istio (sidecars)', versions: ['1.30', '1.31'], readsRequests: true, serviceLabel: 'service.istio.io/canonical-name', systemNamespace: 'istio-system' },
});
