/**
 * The model: one frozen snapshot of what the program declared, per revision. It carries no provider's shapes, and every node
 * knows its `origin`, the path of the construct that said so, so that a finding can point at the user's line.
 */
import type { AssessmentNode } from './adoption';
import type { AmbientNode } from './ambient';
import type { BudgetsNode } from './budgets';
import type { CanaryNode } from './delivery';
import type { CircuitBreakerPolicy, Deadline, LoadBalancingPolicy, RetryPolicy } from './policy';
import type { Protocol } from './protocol';
import type { GatewayChannelKind, ProviderId } from './provider';
import type { ProxyResourcesNode } from './proxy-resources';
import type { RouteNode } from './route';
import type { ServiceSecurityNode, ZeroTrustNode } from './security';

export interface MeshNode {
  readonly origin: string;
  readonly provider: ProviderId;
  /** Version of the mesh that will read the output, `major.minor`. */
  readonly providerVersion: string;
  /** Control-plane revision whose proxies are injected; none for the default one. */
  readonly revision?: string;
  /** Namespace of the control plane. */
  readonly systemNamespace: string;
  /** Which fields of Gateway API the cluster's definitions have, where the mesh is told by them. */
  readonly gatewayChannel?: GatewayChannelKind;
  readonly trustDomain: string;
  /** Only where the mesh is in ambient mode. */
  readonly ambient?: AmbientNode;
  /** Trust domains that the mesh had before, whose identities count as its own. */
  readonly trustDomainAliases?: readonly string[];
  /** The day on which exceptions are judged, `YYYY-MM-DD`. */
  readonly asOf?: string;
  readonly clusterDomain: string;
  readonly adoption?: AssessmentNode;
  readonly budgets: BudgetsNode;
  readonly defaults: {
    readonly retry: RetryPolicy;
    readonly deadline: Deadline;
    /** The program said it; otherwise it is the library's. */
    readonly deadlineSaid?: boolean;
    readonly circuitBreaker: CircuitBreakerPolicy;
    readonly loadBalancing: LoadBalancingPolicy;
  };
}

export interface PortNode {
  /** Name of the Kubernetes port. */
  readonly name: string;
  readonly number: number;
  readonly containerPort: number | string;
  readonly protocol: Protocol;
  /** Requests on this port may last for ever: no default deadline. */
  readonly streaming: boolean;
}

/** How widely a service's proxy may look. `auto`: declared once a call is declared, everything before. */
export type EgressScopeKind = 'auto' | 'declared' | 'namespace' | 'everything';

/** What is known of a pod template at the moment of the synth. */
export interface WorkloadNode {
  readonly origin: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly namespace?: string;
  readonly podLabels: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  /** `matchLabels` of the workload's selector: these pod labels cannot change. */
  readonly pinnedLabels: Readonly<Record<string, string>>;
  readonly containers: readonly ContainerNode[];
  readonly replicas?: number;
  readonly serviceAccount?: string;
  readonly hostNetwork: boolean;
  readonly runAsUser?: number;
  /** Jobs and CronJobs: the pod must end although a proxy runs in it. */
  readonly runsToCompletion: boolean;
  /** Why the workload could not be read; all other facts are then empty. */
  readonly unreadable?: string;
}

export interface ContainerNode {
  readonly name: string;
  readonly image: string;
  readonly runAsUser?: number;
  readonly ports: readonly { readonly name?: string; readonly number: number }[];
  readonly probes?: readonly ProbeNode[];
}

/** A question of the kubelet, which has no identity. */
export interface ProbeNode {
  readonly kind: 'http' | 'grpc' | 'tcp';
  readonly port: number | string;
  /** Of HTTP probes, without the query. */
  readonly path?: string;
}

export interface VersionDeclaration {
  /** Value of the pods' `version` label. */
  readonly name: string;
  /** Name of the subset that routes and splits use. */
  readonly subset: string;
  readonly origin: string;
  /** The subset as the program declares it, where the pods' own label has named it otherwise. */
  readonly declaredSubset?: string;
  /** Further labels that tell this version's pods, beside `version`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly loadBalancing?: LoadBalancingPolicy;
  readonly circuitBreaker?: CircuitBreakerPolicy;
}

export interface VersionNode extends VersionDeclaration {
  readonly workload?: WorkloadNode;
  /** The labels by which the subset is selected, beside the service's own. */
  readonly selector: Readonly<Record<string, string>>;
  /** The account its pods run as. */
  readonly account: string;
}

/** A Service that the program did not let us write, as it stands. */
export interface ExistingServiceNode {
  readonly origin: string;
  readonly name: string;
  readonly namespace?: string;
  readonly type?: string;
  readonly headless: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly name?: string;
    readonly number: number;
    readonly targetPort?: number | string;
    readonly appProtocol?: string;
    readonly transport: string;
  }[];
}

/** Callers of one other namespace that have retries or a deadline of their own for a service. */
export interface ConsumerDeclaration {
  readonly namespace: string;
  readonly calls: readonly CallNode[];
}

/** What is decided the moment it is said: enough to know which resources exist. */
export interface ServiceDeclaration {
  /** `namespace/name`, unique in the mesh. */
  readonly id: string;
  readonly origin: string;
  readonly name: string;
  /** Undefined only where the program forgot it: an error, and nothing is written. */
  readonly namespace?: string;
  readonly ports: readonly PortNode[];
  readonly headless: boolean;
  /** The Service is the program's own: only checked. */
  readonly existing: boolean;
  readonly language?: string;
  readonly replicas?: { readonly min: number; readonly max: number };
  readonly versions: readonly VersionDeclaration[];
  /** Labels of pods that no workload of this program makes. */
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly routes: readonly RouteNode[];
  /** Subset to percent; undefined: every version gets its share by its number of pods. */
  readonly split?: Readonly<Record<string, number>>;
  readonly retry?: RetryPolicy;
  readonly deadline?: Deadline;
  readonly circuitBreaker?: CircuitBreakerPolicy;
  readonly loadBalancing?: LoadBalancingPolicy;
  readonly egress: EgressScopeKind;
  /** Requests from outside arrive here, whoever calls it beside. */
  readonly entryPoint: boolean;
  /** Requests per second of all its pods together, where the program says so. */
  readonly requestsPerSecond?: number;
  /** Requests and limits of its proxies; undefined: predicted. */
  readonly proxyResources?: ProxyResourcesNode;
  /** Callers of other namespaces with a policy of their own for this service, by namespace. */
  readonly consumers?: readonly ConsumerDeclaration[];
  /** Other namespaces whose routes lead to this service. */
  readonly routedFrom?: readonly string[];
  /** Ids of the services and external services that it calls, in order of declaration. */
  readonly callees: readonly string[];
  /** Name of the service account, when the program named one. */
  readonly serviceAccount?: string;
  /** A workload of this program is behind it, so pods get labels and an account. */
  readonly hasWorkload: boolean;
  /** Its pods end by themselves. */
  readonly runsToCompletion: boolean;
  /** How its new versions get their requests; undefined: at once. */
  readonly delivery?: CanaryNode;
  /** False: its pods have no proxy yet, so no identity; undefined: they have. */
  readonly meshed?: boolean;
  /** What it said of its own protection; undefined: nothing. */
  readonly security?: ServiceSecurityNode;
  /** The policy that is about its namespace. */
  readonly zeroTrust?: ZeroTrustNode;
  /** Some declared call to it names methods, paths or an operation. */
  readonly calledByRequest?: boolean;
}

export interface ServiceNode extends Omit<ServiceDeclaration, 'versions'> {
  readonly versions: readonly VersionNode[];
  /** Fully qualified name. */
  readonly host: string;
  /** The labels by which the Service selects its pods, and by which a proxy recognises them as a caller. */
  readonly selector: Readonly<Record<string, string>>;
  /** The accounts its pods run as, one or more: what the program named, the workloads' own, or the one written by us. */
  readonly accounts: readonly string[];
  /** Pods expected to run at least and at most; undefined where nobody knows. */
  readonly pods?: { readonly min: number; readonly max: number };
  readonly existingService?: ExistingServiceNode;
}

export interface ExternalDeclaration {
  readonly id: string;
  readonly origin: string;
  readonly name: string;
  readonly namespace?: string;
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly endpoints: readonly string[];
  readonly ports: readonly PortNode[];
  /** The proxy turns plain requests into TLS. */
  readonly originateTls: boolean;
  readonly retry?: RetryPolicy;
  readonly deadline?: Deadline;
  readonly circuitBreaker?: CircuitBreakerPolicy;
}

export type ExternalNode = ExternalDeclaration;

export interface CallNode {
  /** Path of the calling service. */
  readonly origin: string;
  readonly caller: string;
  readonly callee: string;
  readonly port?: number;
  readonly retry?: RetryPolicy;
  readonly deadline?: Deadline;
  /** Calls for one request that the caller serves. */
  readonly times: number;
  /** They are made at the same time as each other and as the caller's other parallel calls. */
  readonly parallel: boolean;
  /** Route of the callee that is called; undefined: any. */
  readonly operation?: string;
  /** HTTP methods and paths that are called; undefined: as the operation says, or all. */
  readonly methods?: readonly string[];
  readonly paths?: readonly string[];
  /** Route of the caller that makes the call; undefined: all of them. */
  readonly during?: string;
  /** How many of these calls may lie within one another on one path, where services call each other in a ring. */
  readonly maxDepth?: number;
  /** False: repeating the call does harm. */
  readonly idempotent: boolean;
}

export interface NamespaceDeclaration {
  readonly origin: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly injected: boolean;
}

/** An object of the app: ours, or written by the program itself. */
export interface ObjectNode {
  readonly origin: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Written by this library. */
  readonly ours: boolean;
  /** Body of the program's own Services, Namespaces and mesh resources; undefined for every other kind. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface MeshModel {
  readonly revision: number;
  readonly mesh: MeshNode;
  readonly services: readonly ServiceNode[];
  readonly externals: readonly ExternalNode[];
  readonly calls: readonly CallNode[];
  readonly namespaces: readonly NamespaceDeclaration[];
  readonly policies: readonly ZeroTrustNode[];
  readonly canaries: readonly CanaryNode[];
  readonly objects: readonly ObjectNode[];
  /** All workloads of this program's services, by id of the service. */
  readonly serviceById: ReadonlyMap<string, ServiceNode>;
  readonly externalById: ReadonlyMap<string, ExternalNode>;
  readonly callsFrom: ReadonlyMap<string, readonly CallNode[]>;
  readonly callsTo: ReadonlyMap<string, readonly CallNode[]>;
}
