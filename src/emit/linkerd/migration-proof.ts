/**
 * What the proxies' metrics must say before a migration goes one stage on. Linkerd encrypts all that its proxies send to each other from the first
 * day; plain is what comes from elsewhere. Probes are plain for ever, and do not count.
 */
import { enforcementIn, namespaceMode, type PolicyNamespaceNode } from '../../model/security';
import { oneQuery, type Proof, span } from '../migration-rule';

export function proofs({ name, policy }: PolicyNamespaceNode): readonly Proof[] {
  return proofsOf(`namespace="${name}"`, name, policy);
}

/** The same for one Server, which carries it as an annotation where no rule does. */
export function proofOfServer(policy: PolicyNamespaceNode['policy'], namespace: string, server: string): string {
  return oneQuery(proofsOf(`namespace="${namespace}",srv_name="${server}"`, namespace, policy));
}

function proofsOf(place: string, namespace: string, policy: PolicyNamespaceNode['policy']): readonly Proof[] {
  const window = span(policy.proof.windowMs);
  const audited = enforcementIn(policy, namespace) === 'audit' ? [wouldRefuse(place, namespace, window)] : [];
  if (namespaceMode(policy, namespace) === 'strict') {
    return [cutOff(place, namespace), ...audited];
  }
  return [unheard(place, namespace), ...policy.migration.stage === 'permissive' ? [] : [plaintext(place, namespace, window), ...audited]];
}

/** Without metrics nothing can be proven. */
function unheard(place: string, namespace: string): Proof {
  const query = `absent(request_total{direction="inbound",${place}} or tcp_open_total{direction="inbound",${place}}) or vector(0)`;
  return { alert: 'MeshReportsNothing', query, summary: `no proxy of ${namespace} reports requests or connections, so nothing shows what is still plain` };
}

/** A series that began within the window does not count for `increase`, which sees it only from its second sample on. */
function plaintext(place: string, namespace: string, window: string): Proof {
  const plain = [
    `request_total{direction="inbound",tls!~"true|loopback",route_name!="probe",${place}}`,
    `inbound_tcp_authz_allow_total{tls!~"true|loopback",${place}}`,
  ];
  const parts = plain.flatMap((series) => [`sum(increase(${series}[${window}]))`, `sum(max_over_time(${series}[${window}]) unless (${series} offset ${window}))`]);
  return {
    alert: 'MeshPlaintext', query: parts.map((part) => `(${part} or vector(0))`).join(' + '),
    summary: `services of ${namespace} got plain requests or connections within ${window}; strict mode would cut their callers off`,
  };
}

/** What came without a policy of its own was let in by the audit, under its name. */
function wouldRefuse(place: string, namespace: string, window: string): Proof {
  const parts = ['inbound_http_authz_allow_total', 'inbound_tcp_authz_allow_total'].map((metric) => `(sum(increase(${metric}{authz_name="audit",${place}}[${window}])) or vector(0))`);
  return { alert: 'MeshWouldRefuse', query: parts.join(' + '), summary: `services of ${namespace} got calls within ${window} that nobody declared; enforcing would refuse them` };
}

/** The other side of strict mode: callers that are refused. */
function cutOff(place: string, namespace: string): Proof {
  const parts = ['inbound_http_authz_deny_total', 'inbound_tcp_authz_deny_total'].map((metric) => `(sum(increase(${metric}{${place}}[10m])) or vector(0))`);
  return { alert: 'MeshCutOff', query: parts.join(' + '), summary: `callers of ${namespace} are refused, which is strict; go one stage back if they need it` };
}
