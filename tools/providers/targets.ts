/** The meshes that every example is written for: one line each. */
import { GatewayChannel, MeshProvider } from 'cdk8s-mesh';
import type { ProviderId } from '../../src/model/provider';

export interface Target {
  readonly id: ProviderId;
  /** The line of a program that asks for it. */
  readonly line: string;
  /** Heading of its column, where a provider has several. */
  readonly variant?: string;
  readonly provider: () => MeshProvider;
}

export const TARGETS: readonly Target[] = [
  { id: 'istio', line: 'MeshProvider.istio()', provider: () => MeshProvider.istio() },
  { id: 'gateway-api', variant: 'standard', line: 'MeshProvider.gatewayApi()', provider: () => MeshProvider.gatewayApi() },
  {
    id: 'gateway-api', variant: 'experimental', line: 'MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL })',
    provider: () => MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  },
  { id: 'istio-ambient', variant: 'standard', line: 'MeshProvider.istioAmbient()', provider: () => MeshProvider.istioAmbient() },
  {
    id: 'istio-ambient', variant: 'experimental', line: 'MeshProvider.istioAmbient({ channel: GatewayChannel.EXPERIMENTAL })',
    provider: () => MeshProvider.istioAmbient({ channel: GatewayChannel.EXPERIMENTAL }),
  },
  { id: 'linkerd', line: 'MeshProvider.linkerd()', provider: () => MeshProvider.linkerd() },
];
