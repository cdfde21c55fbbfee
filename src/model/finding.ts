/**
 * How much a finding weighs.
 */
export enum Severity {
  /** The synth fails: the manifests would have hurt in the cluster. */
  ERROR = 'error',
  /** Printed once to stderr; the synth goes on. */
  WARNING = 'warning',
  /** Only in `mesh.findings` and the report. */
  INFO = 'info',
}

/**
 * The stable codes of all findings. A code is never reused for another meaning.
 *
 * 1xx adoption, 2xx budgets, 3xx security, 4xx traffic, 5xx delivery, 6xx operations, 7xx multi-cluster,
 * 8xx provider capability, 9xx Kubernetes.
 */
export enum FindingCode {
  /** A route, split or mirror names a subset that the service does not have. */
  UNKNOWN_SUBSET = 'MESH401',
  /** A route stands behind another one that already takes all of its requests. */
  UNREACHABLE_ROUTE = 'MESH402',
  /** A match of a route stands behind another match that already takes all of its requests. */
  INEFFECTIVE_MATCH = 'MESH403',
  /** The pods of a version cannot be told from the pods of another version. */
  SUBSET_SELECTS_NOTHING = 'MESH404',
  /** Outlier detection may eject every endpoint. */
  EJECTION_EMPTIES_SERVICE = 'MESH405',
  /** Retries that can never happen, since the deadline ends before them. */
  RETRIES_BEYOND_DEADLINE = 'MESH406',
  /** An HTTP-only wish (route, retry, deadline) on a port that does not speak HTTP. */
  HTTP_POLICY_ON_TCP = 'MESH407',
  /** A service whose proxy gets the configuration of the whole mesh. */
  EGRESS_UNSCOPED = 'MESH408',
  /** A service declares fewer calls than its routes, or routes to a service that nobody may reach. */
  CALL_OUTSIDE_EGRESS_SCOPE = 'MESH409',
  /** Two external services declare one host and port, or disagree on its protocol. */
  EXTERNAL_HOST_CONFLICT = 'MESH410',
  /** An external TCP service without addresses catches every TCP connection on its port. */
  EXTERNAL_TCP_WITHOUT_ADDRESSES = 'MESH411',
  /** Locality failover or distribution without outlier detection never moves any traffic. */
  LOCALITY_WITHOUT_EJECTION = 'MESH412',
  /** A hand-written mesh resource and one of ours configure the same host or workload. */
  CONFIGURED_TWICE = 'MESH413',
  /** A call names a port that the callee does not have, or must name one and does not. */
  UNKNOWN_CALL_PORT = 'MESH414',
  /** A hand-written mesh resource names a host or subset that does not exist in this program. */
  UNKNOWN_HOST = 'MESH415',
  /** A suppression that matches no finding. */
  UNUSED_SUPPRESSION = 'MESH601',
  /** The provider cannot do what the program asks for. */
  UNSUPPORTED_CAPABILITY = 'MESH801',
  /** Two objects of one kind share namespace and name. */
  NAME_CLASH = 'MESH901',
  /** A service port that no container of the workload exposes. */
  PORT_NOT_EXPOSED = 'MESH902',
  /** A selector that matches no pod of this program. */
  SELECTOR_MATCHES_NOTHING = 'MESH903',
  /** Pods that two services select. */
  OVERLAPPING_WORKLOADS = 'MESH904',
  /** A container that runs as the proxy's user id. */
  PROXY_UID = 'MESH905',
  /** A service without a namespace. */
  NAMESPACE_MISSING = 'MESH906',
  /** A namespace in which pods get no proxy, or that carries contradicting injection labels. */
  NAMESPACE_NOT_INJECTED = 'MESH907',
  /** A port of an existing Service whose name or appProtocol the mesh reads differently. */
  PORT_NAMING = 'MESH908',
  /** A pod that takes no proxy: host network, or an injection label that says no. */
  POD_NOT_INJECTED = 'MESH909',
  /** A label or service account that the workload pins to another value. */
  PINNED_LABEL = 'MESH910',
  /** A workload that cannot be read. */
  WORKLOAD_UNREADABLE = 'MESH911',
  /** The container image `auto` outside injection. */
  IMAGE_AUTO = 'MESH912',
  /** A workload or existing Service in another namespace than the service. */
  NAMESPACE_MISMATCH = 'MESH913',
}

/**
 * Something that the mesh would have done wrong, or that you would want to know before it runs.
 */
export interface Finding {
  /** What kind of finding this is. */
  readonly code: FindingCode;
  /** The name of the check, in words joined by hyphens, for instance `unknown-subset`. */
  readonly check: string;
  /** How much it weighs. */
  readonly severity: Severity;
  /** The path of the construct to change, for instance `shop/orders`. */
  readonly construct: string;
  /** What is wrong, in one sentence, with the property and its value. */
  readonly message: string;
  /** What it was concluded from. */
  readonly evidence: string;
  /** What to write instead. */
  readonly fix: string;
  /** The codes that other checkers use for it, for instance `IST0101`; empty where no other checker knows it. */
  readonly catalogue: string[];
}

/**
 * A finding that was accepted on purpose.
 */
export interface SuppressedFinding {
  /** The finding. */
  readonly finding: Finding;
  /** Why it was accepted. */
  readonly reason: string;
}

/** The line a person reads: the code first, no path (cdk8s prints it in front). */
export function findingLine(finding: Finding): string {
  const evidence = finding.evidence === '' ? '' : ` (${finding.evidence})`;
  const known = finding.catalogue.length === 0 ? '' : ` [${finding.catalogue.join(', ')}]`;
  return `${finding.code} ${finding.message}${evidence}. ${finding.fix}.${known}`;
}
