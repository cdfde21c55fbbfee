/** Gateway API on Services (GAMMA), and nothing of a mesh's own API: Istio's sidecars read it, and make pods members. */
import type { Emitter } from '../../model/contracts';
import { hasGrpcRoute } from '../../model/grpc-routes';
import type { PortNode } from '../../model/mesh-model';
import { gatewayApi, type GatewayApiDialect, routeHandover } from '../gateway-api';
import { network } from '../istio/network';
import { injectionLabels, pod } from '../istio/pod';
import { protocolWord } from '../istio/protocol';
import { kubernetes } from '../kubernetes';
import { limitFields } from './limits';

/** TLS stays TLS, since its routes go by server name. */
const appProtocol = (port: PortNode) => protocolWord(port.protocol);

const dialect: GatewayApiDialect = {
  appProtocol, grpc: hasGrpcRoute, limitFields, expressionsLast: true, grants: true, retryBudgets: true, tcpRoute: 'v1', tlsRoute: 'v1',
};

const base = kubernetes({ appProtocol, injectionLabels, network });

export const gamma: Emitter = {
  provider: 'gateway-api',
  service: [
    ...base.service,
    ...gatewayApi(dialect),
  ],
  external: [],
  namespace: base.namespace,
  policy: base.policy,
  pod,
  handover: routeHandover(dialect),
};
