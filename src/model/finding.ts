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
  /** A mesh without an assessment whether the organisation should have one. */
  ADOPTION_UNASSESSED = 'MESH101',
  /** The program uses more than the assessed level allows. */
  ADOPTION_LEVEL_EXCEEDED = 'MESH102',
  /** The assessment states less than the program holds. */
  ADOPTION_CONTRADICTED = 'MESH103',
  /** One request may become more requests to one service than the budget allows. */
  RETRY_AMPLIFICATION = 'MESH201',
  /** Services call each other in a ring. */
  CALL_CYCLE = 'MESH202',
  /** A call that must not be repeated is retried. */
  UNSAFE_RETRY = 'MESH203',
  /** A caller stops waiting before its callee does. */
  CALLER_GIVES_UP_FIRST = 'MESH204',
  /** Retries that can never happen, since the deadline ends before them. */
  RETRIES_BEYOND_DEADLINE = 'MESH205',
  /** A call is declared for a route that its caller or callee does not have. */
  UNKNOWN_OPERATION = 'MESH206',
  /** The proxies need more memory or CPU than the budget allows. */
  PROXY_BUDGET_EXCEEDED = 'MESH207',
  /** A service demands an identity of callers that have none. */
  PREMATURE_STRICT = 'MESH301',
  /** Services of different rights share one account. */
  SHARED_ACCOUNT = 'MESH302',
  /** A rule names an account or a trust domain that is not there. */
  UNKNOWN_ACCOUNT = 'MESH303',
  /** A service under zero trust that nobody may call. */
  NOBODY_MAY_CALL = 'MESH304',
  /** A rule about requests on a port whose requests no proxy reads. */
  REQUEST_RULE_ON_TCP = 'MESH305',
  /** Rules that nothing enforces. */
  ALLOW_WITHOUT_POLICY = 'MESH306',
  /** A service that no policy is about. */
  UNCOVERED_SERVICE = 'MESH307',
  /** A policy that is about nothing in this program. */
  POLICY_SELECTS_NOTHING = 'MESH308',
  /** A hand-written denial of some requests that refuses every TCP connection. */
  DENY_BLOCKS_TCP = 'MESH309',
  /** A hand-written policy that opens what zero trust closes. */
  ALLOWS_EVERYTHING = 'MESH310',
  /** A rule lets a whole namespace or mesh in. */
  WILDCARD_PRINCIPAL = 'MESH311',
  /** An exception for plain connections without a last day. */
  PLAINTEXT_WITHOUT_END = 'MESH312',
  /** An exception whose last day is over. */
  EXCEPTION_EXPIRED = 'MESH313',
  /** Two PeerAuthentications say what the same connections must prove. */
  OVERLAPPING_PEER_AUTHENTICATION = 'MESH314',
  /** Probes that a strict service refuses. */
  PROBES_REFUSED = 'MESH315',
  /** A call for one operation whose limits no rule can say. */
  OPERATION_NOT_ENFORCED = 'MESH316',
  /** A denial of paths, which another spelling may dodge. */
  DENIED_PATH = 'MESH317',
  /** A rule about identities on a port where nobody proves one. */
  IDENTITY_WITHOUT_MTLS = 'MESH318',
  /** A rule names a port that the service does not have. */
  UNKNOWN_RULE_PORT = 'MESH319',
  /** A rule for a port whose number nobody knows. */
  PORT_NUMBER_UNKNOWN = 'MESH320',
  /** A service states another account than the one that its pods run as. */
  ACCOUNT_CONTRADICTED = 'MESH321',
  /** A route, split or mirror names a subset that the service does not have. */
  UNKNOWN_SUBSET = 'MESH401',
  /** A route, or a split, stands behind routes that already take all of its requests. */
  UNREACHABLE_ROUTE = 'MESH402',
  /** A match of a route stands behind another match that already takes all of its requests. */
  INEFFECTIVE_MATCH = 'MESH403',
  /** The pods of a version cannot be told from the pods of another version, or there are none. */
  SUBSET_SELECTS_NOTHING = 'MESH404',
  /** Outlier detection may eject every endpoint. */
  EJECTION_EMPTIES_SERVICE = 'MESH405',
  /** A wish that only HTTP can fulfil (route, retry, deadline) on a port that does not speak HTTP. */
  HTTP_POLICY_ON_TCP = 'MESH407',
  /** A service whose proxy gets the configuration of the whole mesh. */
  EGRESS_UNSCOPED = 'MESH408',
  /** Two external services declare one host, or one declares a host of this mesh. */
  EXTERNAL_HOST_CONFLICT = 'MESH410',
  /** An external TCP service without addresses catches every TCP connection on its port. */
  EXTERNAL_TCP_WITHOUT_ADDRESSES = 'MESH411',
  /** Locality failover without outlier detection never moves any traffic. */
  LOCALITY_WITHOUT_EJECTION = 'MESH412',
  /** A hand-written mesh resource and one of ours configure the same host or workload. */
  CONFIGURED_TWICE = 'MESH413',
  /** A call names a port that the callee does not have. */
  UNKNOWN_CALL_PORT = 'MESH414',
  /** A hand-written mesh resource names a host or subset that does not exist in this program. */
  UNKNOWN_HOST = 'MESH415',
  /** A route matches, or leads to, a port that the service does not have. */
  UNKNOWN_ROUTE_PORT = 'MESH416',
  /** Outlier detection that is too narrow to eject a single endpoint. */
  EJECTION_NEVER_HAPPENS = 'MESH417',
  /** A route decides on who the user is or what the request means, which is the application's business. */
  APPLICATION_LOGIC_IN_ROUTE = 'MESH418',
  /** Steps that never bring all requests to the new version. */
  CANARY_NEVER_ENDS = 'MESH501',
  /** A step that does not divide the share at which the version is promoted. */
  CANARY_STEP_OVERSHOOTS = 'MESH502',
  /** A gate that has nothing to measure, or too little. */
  GATE_WITHOUT_DATA = 'MESH503',
  /** A bad version that spends more of the error budget than a release may. */
  RELEASE_EXCEEDS_ERROR_BUDGET = 'MESH504',
  /** Sessions that a canary by weight tears between two versions. */
  CANARY_BREAKS_SESSIONS = 'MESH505',
  /** A canary of connections that nobody can judge. */
  CANARY_OF_CONNECTIONS = 'MESH506',
  /** A number of pods that an autoscaler and a delivery engine both decide, or nobody. */
  AUTOSCALER_FIGHTS_CANARY = 'MESH507',
  /** A workload whose pods the delivery engine cannot tell apart. */
  CANARY_SELECTOR_LABEL = 'MESH508',
  /** Something that the delivery engine would drop without a word. */
  ENGINE_CANNOT_CARRY = 'MESH509',
  /** A patch of something that the delivery engine writes now. */
  PATCH_ON_RELEASED_OBJECT = 'MESH510',
  /** A name that the delivery engine makes, and that something else has. */
  CANARY_NAME_TAKEN = 'MESH511',
  /** A latency gate above the deadline, which no version can fail. */
  GATE_CANNOT_FAIL = 'MESH512',
  /** A suppression that matches no finding. */
  UNUSED_SUPPRESSION = 'MESH601',
  /** The provider cannot do what the program asks for. */
  UNSUPPORTED_CAPABILITY = 'MESH801',
  /** Pods that are in the mesh in two ways at once. */
  MIXED_DATA_PLANES = 'MESH802',
  /** A service asks for what only a waypoint can do, and has none. */
  WAYPOINT_MISSING = 'MESH803',
  /** Requests that go around the proxy that routes or judges them. */
  WAYPOINT_BYPASSED = 'MESH804',
  /** A route that another one behind it would take requests from, since the mesh does not try them in order. */
  ROUTE_PRECEDENCE = 'MESH811',
  /** A prefix of a path that the mesh reads by whole segments. */
  PREFIX_BY_SEGMENT = 'MESH812',
  /** A value that the definitions of Gateway API refuse. */
  BEYOND_GATEWAY_API = 'MESH813',
  /** Retries or a deadline of a call that the mesh cannot tell from other calls. */
  CALLERS_INDISTINGUISHABLE = 'MESH814',
  /** The mesh repeats requests although nobody asked for it. */
  SILENT_RETRIES = 'MESH815',
  /** Failures that are not retried, since routes have no word for them. */
  RETRY_CONDITION_LOST = 'MESH816',
  /** A hand-written object that Linkerd's admission refuses. */
  REFUSED_BY_LINKERD = 'MESH831',
  /** Something that Linkerd takes and then leaves out. */
  IGNORED_BY_LINKERD = 'MESH832',
  /** Rules about the same requests for different callers, of which no route is the narrower one. */
  REQUEST_RULES_OVERLAP = 'MESH833',
  /** A way out of a sealed namespace by a name that Linkerd cannot read. */
  EGRESS_BY_NAME = 'MESH834',
  /** Two objects of one kind share namespace and name. */
  NAME_CLASH = 'MESH901',
  /** A service port that no container of the workload exposes. */
  PORT_NOT_EXPOSED = 'MESH902',
  /** A selector that takes none of the pods it is meant for. */
  SELECTOR_MATCHES_NOTHING = 'MESH903',
  /** Pods that two services select, to the harm of one. */
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
  /** A label that the workload's own selector pins to another value than the service needs. */
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
