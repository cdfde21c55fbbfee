import { readFileSync } from 'fs';

/** A judge's version, as versions.json pins it. */
export interface Pin {
  readonly module?: string;
  readonly pypi?: string;
  readonly version: string;
  /** Checksum of the module's zip, in go.sum's form. */
  readonly sum?: string;
  /** What users call the version, where the module's own is a pseudo-version. */
  readonly release?: string;
}

export type PinName =
  'istio' | 'kubernetes' | 'gateway-api' | 'flagger' | 'argo-rollouts' | 'prometheus-operator' | 'envoy';

export function versions(): Record<PinName, Pin> {
  return JSON.parse(readFileSync('versions.json', 'utf8'));
}
