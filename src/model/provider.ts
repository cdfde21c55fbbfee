/**
 * Meshes that this library writes for. One more is one name here; nothing compiles until the capability table, the emitters and
 * the version table answer for it.
 */
import type { Precedence } from './route-precedence';

export const PROVIDERS = ['istio', 'gateway-api', 'istio-ambient', 'linkerd'] as const;

export type ProviderId = (typeof PROVIDERS)[number];

/** The stable fields of Gateway API alone, or those that may still change, too. */
export type GatewayChannelKind = 'standard' | 'experimental';

export interface ProviderFacts {
  /** How a person calls it. */
  readonly label: string;
  /** Its factory in `MeshProvider`. */
  readonly factory: string;
  /** Versions whose API was checked, oldest first, `major.minor`. */
  readonly versions: readonly string[];
  /** The one that is taken where nothing is said. */
  readonly defaultVersion: string;
  /** Proxies are told of nothing but what their service calls. */
  readonly scopesEgress: boolean;
  /** Routes are Gateway API's: the most exact match decides, not the first. Undefined: they are tried in order. */
  readonly precedence?: Precedence;
  /** Of one namespace's callers it cannot tell one from another. */
  readonly callersByNamespace?: true;
  /** It cannot tell one caller from another at all. */
  readonly callersAlike?: true;
  /** Its proxies read single requests, which only a full mesh needs. */
  readonly readsRequests: boolean;
  /** Label that tells the mesh which service a pod belongs to, whatever its other labels become. */
  readonly serviceLabel: string;
  /** Namespace of the control plane where nothing else is said. */
  readonly systemNamespace: string;
}

export const PROVIDER_FACTS: Readonly<Record<ProviderId, ProviderFacts>> = Object.freeze({
  'istio': {
    label: 'Istio (sidecars)', factory: 'istio', versions: ['1.30', '1.31'], defaultVersion: '1.31', readsRequests: true, scopesEgress: true,
    serviceLabel: 'service.istio.io/canonical-name', systemNamespace: 'istio-system',
  },
  'gateway-api': {
    label: 'Gateway API (Istio sidecars)', factory: 'gatewayApi', versions: ['1.5', '1.6'], defaultVersion: '1.5', readsRequests: true, scopesEgress: false,
    serviceLabel: 'service.istio.io/canonical-name', systemNamespace: 'istio-system', precedence: { expressionsLast: true }, callersByNamespace: true,
  },
  // Waypoints read requests, and stand only where a service needs one: what needs one is judged by itself.
  'istio-ambient': {
    label: 'Istio (ambient)', factory: 'istioAmbient', versions: ['1.30', '1.31'], defaultVersion: '1.31', readsRequests: false, scopesEgress: false,
    serviceLabel: 'service.istio.io/canonical-name', systemNamespace: 'istio-system', precedence: { expressionsLast: true },
  },
  'linkerd': {
    // A proxy asks for a destination when it is called, so it knows no others.
    label: 'Linkerd', factory: 'linkerd', versions: ['2.18', '2.19', '2.20'], defaultVersion: '2.20', readsRequests: true, scopesEgress: true,
    serviceLabel: 'app.kubernetes.io/name', systemNamespace: 'linkerd', precedence: { expressionsLast: false }, callersAlike: true,
  },
});
