import type { MeshNode, PortNode } from '../../model/mesh-model';
import type { Declared } from '../gateway-api';

/**
 * A GRPCRoute can say neither retries nor time limits, an HTTPRoute can, and Istio takes either for gRPC. So a GRPCRoute is written where an
 * HTTPRoute would say no more: on the standard channel, for ports without a time limit.
 */
export function asGrpc(service: Declared, port: PortNode, { defaults, gatewayChannel }: MeshNode): boolean {
  const limited = (service.deadline ?? (port.streaming ? 'none' : defaults.deadline)) !== 'none';
  return port.protocol === 'grpc' && gatewayChannel !== 'experimental' && !limited;
}
