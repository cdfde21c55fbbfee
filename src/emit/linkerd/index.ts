/** Linkerd. One more resource is one file and one line here. */
import type { Emitter } from '../../model/contracts';
import { gatewayApi, type GatewayApiDialect, routeHandover } from '../gateway-api';
import { kubernetes } from '../kubernetes';
import { migrationRule } from '../migration-rule';
import { accessRoute } from './access-route';
import { authorizationPolicy, meshTlsAuthentication, networkAuthentication } from './authorization-policy';
import { egressNetwork } from './egress-network';
import { egressRoutes } from './egress-route';
import { failureAccrual } from './failure-accrual';
import { asGrpc } from './grpc';
import { limitAnnotations, LIMITS } from './limits';
import { proofs } from './migration-proof';
import { INJECTED, pod } from './pod';
import { appProtocol, isOpaque, opaqueServicePorts } from './protocol';
import { server } from './server';
import { podLabels } from './source';

/** Of the proxy: tap, and metrics with readiness. Its iptables rules leave them alone. */
const AGENT_PORTS = [4190, 4191];

/** On which a proxy takes the connections of other proxies to opaque ports, with the port they are for in front of the first byte. */
const INBOUND_PORT = 4143;

const dialect: GatewayApiDialect = {
  appProtocol,
  grpc: asGrpc,
  limitFields: () => ({}),
  annotations: { names: LIMITS, of: limitAnnotations },
  sameRoute: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  expressionsLast: false,
  grants: false,
  consumers: false,
  retryBudgets: false,
  tcpRoute: 'v1alpha2',
};

const base = kubernetes({
  appProtocol,
  injectionLabels: () => ({}),
  injectionAnnotations: INJECTED,
  serviceAnnotations: (declaration, mesh) => ({
    ...opaqueServicePorts(declaration), ...failureAccrual(declaration.circuitBreaker ?? mesh.defaults.circuitBreaker),
  }),
  network: {
    podLabels,
    unproven: () => [{ ports: AGENT_PORTS.map((port) => ({ protocol: 'TCP', port })) }],
    tunnel: { port: INBOUND_PORT, isFor: isOpaque },
  },
});

export const linkerd: Emitter = {
  provider: 'linkerd',
  service: [
    ...base.service,
    ...gatewayApi(dialect),
    server,
    accessRoute,
    meshTlsAuthentication,
    networkAuthentication,
    authorizationPolicy,
    egressNetwork,
    ...egressRoutes,
  ],
  external: [],
  namespace: base.namespace,
  policy: [
    ...base.policy,
    migrationRule(proofs),
  ],
  pod,
  handover: routeHandover(dialect),
};
