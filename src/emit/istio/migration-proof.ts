/** What the proxies' metrics must say before a migration goes one stage on. */
import { isAmbient } from '../../model/data-plane';
import type { MeshNode } from '../../model/mesh-model';
import { enforcementIn, namespaceMode, type PolicyNamespaceNode } from '../../model/security';
import { oneQuery, PROOF, type Proof, span } from '../migration-rule';

/** The annotation with the query, where no PrometheusRule holds it. */
export function proofAnnotation(node: PolicyNamespaceNode, mesh: MeshNode): Record<string, string> {
  return node.policy.proof.kind === 'annotation' && !node.root ? { [PROOF]: oneQuery(proofs(node, mesh)) } : {};
}

/** The proxies of nodes count no dry runs. */
export function proofs(node: PolicyNamespaceNode, mesh: MeshNode): readonly Proof[] {
  const { name, policy } = node;
  const window = span(policy.proof.windowMs);
  const ambient = isAmbient(mesh, name);
  const audited = enforcementIn(policy, name) === 'audit' && !ambient ? [wouldRefuse(name, window)] : [];
  if (namespaceMode(policy, name) === 'strict') {
    return [ambient ? notConnected(name) : cutOff(name), ...audited];
  }
  const plain = ambient ? '!="mutual_tls"' : '="none"';
  return [unheard(name), ...policy.migration.stage === 'permissive' ? [] : [plaintext(name, window, plain), ...audited]];
}

/** Without metrics nothing can be proven. */
function unheard(namespace: string): Proof {
  const query = `absent(istio_requests_total{reporter="destination",destination_workload_namespace="${namespace}"} `
    + `or istio_tcp_connections_opened_total{reporter="destination",destination_workload_namespace="${namespace}"}) or vector(0)`;
  return { alert: 'MeshReportsNothing', query, summary: `no proxy of ${namespace} reports requests or connections, so nothing shows what is still plain` };
}

/** A series that began within the window does not count for `increase`, which sees it only from its second sample on. */
function plaintext(namespace: string, window: string, plain: string): Proof {
  const parts = ['istio_requests_total', 'istio_tcp_connections_opened_total'].flatMap((metric) => {
    const series = `${metric}{reporter="destination",connection_security_policy${plain},destination_workload_namespace="${namespace}"}`;
    return [`sum(increase(${series}[${window}]))`, `sum(max_over_time(${series}[${window}]) unless (${series} offset ${window}))`];
  });
  return {
    alert: 'MeshPlaintext', query: parts.map((part) => `(${part} or vector(0))`).join(' + '),
    summary: `services of ${namespace} got plain requests or connections within ${window}; strict mode would cut their callers off`,
  };
}

/** Envoy counts audited refusals under several names, which no function over time may join; so the proxies are counted first. */
function wouldRefuse(namespace: string, window: string): Proof {
  const refused = `count({authz_dry_run_result="denied",namespace="${namespace}"} > 0) or vector(0)`;
  return {
    alert: 'MeshWouldRefuse', query: `max_over_time((${refused})[${window}:5m])`,
    summary: `services of ${namespace} got calls within ${window} that nobody declared; enforcing would refuse them`,
  };
}

/** The other side of strict mode: callers of the mesh whose connections fail. */
function cutOff(namespace: string): Proof {
  const series = `istio_requests_total{reporter="source",destination_service_namespace="${namespace}",response_flags=~".*(UF|URX).*"}`;
  return {
    alert: 'MeshCutOff', query: `sum(increase(${series}[10m])) or vector(0)`,
    summary: `callers of the mesh fail to connect to ${namespace}, which is strict; go one stage back if they need it`,
  };
}

/** The same where the proxies of nodes connect: they know connections, and call a plain one unknown. */
function notConnected(namespace: string): Proof {
  const series = `istio_tcp_connections_closed_total{reporter="source",destination_service_namespace="${namespace}",response_flags="CONNECT"}`;
  return { ...cutOff(namespace), query: `sum(increase(${series}[10m])) or vector(0)` };
}
