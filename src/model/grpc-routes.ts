/** Which ports have a GRPCRoute where Istio's sidecars read Gateway API. */
import { ownership } from './delivery';
import type { MeshNode, PortNode, ServiceDeclaration } from './mesh-model';

/**
 * A GRPCRoute can say neither retries nor time limits, an HTTPRoute can, and Istio takes either for gRPC. So a GRPCRoute is written where an
 * HTTPRoute would say no more: on the standard channel, for ports without a time limit. An engine that writes the routes writes HTTPRoutes.
 */
export function hasGrpcRoute(service: Pick<ServiceDeclaration, 'deadline' | 'delivery'>, port: PortNode, { defaults, gatewayChannel }: MeshNode): boolean {
  const limited = (service.deadline ?? (port.streaming ? 'none' : defaults.deadline)) !== 'none';
  return port.protocol === 'grpc' && gatewayChannel !== 'experimental' && !limited && !ownership(service)?.ownsRoutes;
}
