/** One DestinationRule for every host outside the mesh that has limits or whose requests the proxy encrypts. */
import type {
  DestinationRuleSpec, DestinationRuleSpecTrafficPolicy, DestinationRuleSpecTrafficPolicyTls,
} from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { ejectionFor, httpPorts } from '../../model/effective';
import type { ExternalDeclaration, ExternalNode, MeshNode } from '../../model/mesh-model';
import { isHttp } from '../../model/protocol';
import { type Json, defined, nonEmpty, nonEmptyObject } from '../json';
import { DESTINATION_RULE, NETWORKING } from './api';
import { furtherHosts, hostOf, isWildcard } from './external-hosts';
import { connectionPool, outlierDetection, retryBudget } from './traffic-policy';

type Spec = Json<DestinationRuleSpec>;
type TrafficPolicy = Json<DestinationRuleSpecTrafficPolicy>;
type Tls = Json<DestinationRuleSpecTrafficPolicyTls>;

export const externalDestinationRule: Resource<ExternalDeclaration, ExternalNode> = {
  id: DESTINATION_RULE,
  apiVersion: NETWORKING,
  kind: 'DestinationRule',
  exists: (declaration, mesh) => trafficPolicy(declaration, mesh, declaration.hosts[0]) !== undefined,
  further: furtherHosts,
  spec: (node, model, key): Spec => {
    const host = hostOf(node, key);
    return defined<Spec>({ host, trafficPolicy: trafficPolicy(node, model.mesh, host) });
  },
};

function trafficPolicy(external: ExternalDeclaration, mesh: MeshNode, host: string): TrafficPolicy | undefined {
  const breaker = external.circuitBreaker ?? mesh.defaults.circuitBreaker;
  const ejection = ejectionFor(breaker, external);
  const connections = {
    connectionPool: connectionPool(breaker.pool, httpPorts(external).length > 0),
    outlierDetection: ejection && outlierDetection(ejection),
  };
  // A port's own settings inherit nothing, so its pool and ejection are said again. Retry budgets have no place there; these ports, which
  // the proxy does not encrypt since it does not read them, need none.
  const opaque = external.originateTls ? external.ports.filter((port) => !isHttp(port.protocol) && port.protocol !== 'udp') : [];
  return nonEmptyObject<TrafficPolicy>({
    ...connections,
    retryBudget: breaker.retryBudget && retryBudget(breaker.retryBudget),
    tls: external.originateTls ? originate(host) : undefined,
    portLevelSettings: nonEmpty(opaque.map((port) => defined({ port: { number: port.number }, ...connections, tls: { mode: 'DISABLE' as const } }))),
  });
}

/**
 * Certificates are always checked: `system` stands for the authorities that the proxy's image trusts, as Istio has it by default. With a
 * server name of its own Istio no longer compares the certificate with it, so the name is asked for, too. Names below a wildcard come
 * from each request, and Istio then compares them.
 */
function originate(host: string): Tls {
  const tls: Tls = { mode: 'SIMPLE', caCertificates: 'system' };
  return isWildcard(host) ? tls : { ...tls, sni: host, subjectAltNames: [host] };
}
