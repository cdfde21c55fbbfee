import { ApiObject, Chart, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { CanaryNode } from '../model/delivery';
import { addedLabels } from '../model/effective';
import { merged } from '../model/merged';
import { CallNode, MeshModel, PortNode, ServiceDeclaration, ServiceNode, VersionDeclaration } from '../model/mesh-model';
import { refusedLabel } from '../model/names';
import { RouteNode } from '../model/route';
import { NO_SECURITY } from '../model/security';
import { ProxyResources } from '../operations/proxy-resources';
import { AccessOptions } from '../security/access-options';
import { ExternalAuthorizationOptions, ExternalAuthorizer } from '../security/external-authorizer';
import { JwtIssuer } from '../security/jwt-issuer';
import { JwtOptions } from '../security/jwt-options';
import { PlaintextOptions } from '../security/plaintext-options';
import { Principal } from '../security/principal';
import { namesRequests, ServiceSecurity } from '../security/service-security';
import { CircuitBreaker } from '../traffic/circuit-breaker';
import { LoadBalancing } from '../traffic/load-balancing';
import { Retry } from '../traffic/retry';
import { RouteOptions } from '../traffic/route';
import { routeNode } from '../traffic/route-node';
import { checkSplit } from '../traffic/traffic-split';
import { CallOptions, callNode, refuseContradiction } from './call';
import { ICallee } from './callee';
import { EgressScope } from './egress-scope';
import { portsOf, readService } from './existing-service';
import { optionalMillis, refuse } from './invalid';
import { acceptedLabels, acceptedServiceNames } from './kubernetes-name';
import { Mesh } from './mesh';
import { OwnCalls } from './own-calls';
import { OwnObjects } from './own-objects';
import { MeshPort, portNodes } from './port';
import { Replicas } from './replicas';
import { leavesOutReplicas, ServiceDelivery } from './service-delivery';
import { ServiceOwner } from './service-owner';
import { ServiceRouting } from './service-routing';
import { acceptedVersion } from './version-name';
import { Workload, apiObjectOf } from './workload';

/**
 * What every service may say, whoever wrote its Kubernetes Service.
 */
export interface ServiceOptions {
  /** The mesh that the service joins. */
  readonly mesh: Mesh;
  /**
   * The pods: a workload of any cdk8s-plus version, or an ApiObject with a pod template. The library adds the labels `app` and
   * `version` to its pods and never changes its selector.
   * @default - give `podLabels`
   */
  readonly workload?: IConstruct;
  /**
   * The program's name of the workload's version, which its pods carry in the label `version`.
   * @default - the pods' own label, else v1
   */
  readonly version?: string;
  /**
   * Name under which routes and splits know that version.
   * @default - the version
   */
  readonly subset?: string;
  /**
   * Programming language, for the assessment whether a mesh pays.
   * @default - unknown
   */
  readonly language?: string;
  /**
   * Whether requests from outside the mesh arrive here. Budgets are judged for one request to each entry point.
   * @default - true where no service of the program calls it
   */
  readonly entryPoint?: boolean;
  /**
   * Requests per second that all its pods serve together at the busiest time.
   * @default - unknown: no CPU of proxies is estimated for it
   */
  readonly requestsPerSecond?: number;
  /**
   * Requests and limits of its proxies.
   * @default ProxyResources.predicted()
   */
  readonly proxyResources?: ProxyResources;
  /**
   * How many pods run.
   * @default - what the workloads and the autoscalers of the program say
   */
  readonly replicas?: Replicas;
  /**
   * Account that the pods run as. A workload that names another one is an error (MESH321).
   * @default - the workload's own; where it has none, one is written under the service's name
   */
  readonly serviceAccountName?: string;
  /**
   * Retries of every request to this service.
   * @default - the mesh's
   */
  readonly retry?: Retry;
  /**
   * Time for every request to this service, all retries included. Ports that stream have none.
   * @default - the mesh's
   */
  readonly deadline?: Duration;
  /**
   * Limits and ejection.
   * @default - the mesh's
   */
  readonly circuitBreaker?: CircuitBreaker;
  /**
   * Which pod gets the next request.
   * @default - the mesh's
   */
  readonly loadBalancing?: LoadBalancing;
  /**
   * What the service's own proxies are told about.
   * @default - the declared calls once there is one, everything before
   */
  readonly egress?: EgressScope;
  /**
   * Whether its pods have a proxy. Say false for pods that are yet to join the mesh: they get none, so they have no identity, and no
   * service lets them in that demands one.
   * @default true
   */
  readonly meshed?: boolean;
}

/**
 * Parts of a service.
 */
export interface MeshServiceProps extends ServiceOptions {
  /**
   * Name of the Kubernetes Service and of all its mesh resources.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * Namespace.
   * @default - the chart's; without either the synth fails
   */
  readonly namespace?: string;
  /**
   * Ports. A service without any only calls others: no Kubernetes Service is written for it.
   * @default - none
   */
  readonly ports?: MeshPort[];
  /**
   * Labels of pods that something else than this program makes. Give either these or a workload.
   * @default - the workload's pods
   */
  readonly podLabels?: { [name: string]: string };
  /**
   * Whether the Service has no address of its own, as the Service of a StatefulSet.
   * @default false
   */
  readonly headless?: boolean;
}

/**
 * Parts of a service whose Kubernetes Service the program has already.
 */
export interface ExistingServiceProps extends ServiceOptions {
  /** The Service, from cdk8s-plus or as an ApiObject. It is checked and never changed. */
  readonly service: IConstruct;
  /**
   * Its ports, with what is spoken on them.
   * @default - as the Service's appProtocol and port names say
   */
  readonly ports?: MeshPort[];
}

/**
 * One more version of a service.
 */
export interface VersionOptions {
  /**
   * The pods of this version.
   * @default - pods that something else than this program makes
   */
  readonly workload?: IConstruct;
  /**
   * Name under which routes and splits know the version.
   * @default - the version
   */
  readonly subset?: string;
  /**
   * Labels that tell its pods, beside `version`.
   * @default - none
   */
  readonly labels?: { [name: string]: string };
  /**
   * Limits and ejection of this version alone.
   * @default - the service's
   */
  readonly circuitBreaker?: CircuitBreaker;
  /**
   * Which of its pods gets the next request.
   * @default - the service's
   */
  readonly loadBalancing?: LoadBalancing;
}

/** How `fromService` hands its Service to the constructor, out of the sight of a user's editor. */
const EXISTING = Symbol('existing service');

interface ExistingProps extends MeshServiceProps {
  readonly [EXISTING]?: ApiObject;
}

/**
 * A service of the mesh: its pods, its ports, whom it calls, and what happens to its requests.
 */
export class MeshService extends Construct implements ICallee {
  /**
   * A service whose Kubernetes Service exists already; it is checked, and only mesh resources are written beside it.
   * Throws when its ports cannot be read yet.
   */
  public static fromService(scope: Construct, id: string, props: ExistingServiceProps): MeshService {
    const object = apiObjectOf(scope, `${id}.service`, props.service);
    const where = `${scope.node.path}/${id}`;
    const ports = props.ports ?? portsOf(where, readService(object));
    const existing: ExistingProps = { ...props, name: object.name, namespace: object.metadata.namespace, ports, [EXISTING]: object };
    return new MeshService(scope, id, existing);
  }

  /** `namespace/name`. */
  public readonly calleeId: string;
  /** Name of the service. */
  public readonly serviceName: string;
  /** The mesh it belongs to. */
  public readonly mesh: Mesh;

  /** @internal */
  public readonly _workloads = new Map<string, Workload>();
  /** @internal */
  public readonly _existing?: ApiObject;
  /** @internal */
  public readonly _unnamedVersion: boolean;
  /** @internal */
  public readonly _routing: ServiceRouting;
  private readonly props: MeshServiceProps;
  private readonly namespace?: string;
  private readonly ports: readonly PortNode[];
  private versions: readonly VersionDeclaration[] = [];
  private readonly routes: RouteNode[] = [];
  private readonly calling = new OwnCalls();
  /** Of those that say anything of their protection. */
  private ownSecurity?: ServiceSecurity;
  private readonly delivery = new ServiceDelivery(this);
  /** cdk8s puts it together anew whenever it is asked for. */
  private readonly path = this.node.path;
  private shares?: Readonly<Record<string, number>>;
  /** The declaration as it stands until the next change; its routes and callees grow with the program. */
  private declared?: ServiceDeclaration;
  private readonly objects: OwnObjects<ServiceDeclaration, ServiceNode>;

  /**
   * Throws on a name that Kubernetes refuses, a port that is there twice, and a service that has neither a workload nor labels.
   */
  public constructor(scope: Construct, id: string, props: MeshServiceProps) {
    super(scope, id);
    const existing = (props as ExistingProps)[EXISTING];
    this.mesh = props.mesh;
    this.objects = new OwnObjects(this.mesh._emitter.service, new ServiceOwner(this));
    this.props = props;
    this.serviceName = props.name ?? id;
    this._existing = existing;
    this.namespace = props.namespace ?? Chart.of(this).namespace;
    this._routing = new ServiceRouting(this, this.namespace);
    this.calleeId = `${this.namespace ?? ''}/${this.serviceName}`;
    acceptedServiceNames(this, this.serviceName, this.namespace, props);
    this.ports = portNodes(this.path, props.ports ?? []);
    if (existing === undefined && (props.workload === undefined) === (props.podLabels === undefined)) {
      refuse(this, 'workload', props.workload?.node.path, props.workload === undefined
        ? 'give a workload, or podLabels of pods that something else makes' : 'leave out podLabels: the pods are those of the workload');
    }
    this._unnamedVersion = props.version === undefined;
    this.declareVersion(props.version ?? 'v1', { workload: props.workload, subset: props.subset });
    this.mesh._members.addService(this, this.path);
    this.changed();
    this.node.addValidation(this.mesh._registry.validation(this.path));
  }

  /**
   * Declares that this service calls another one. Everything that needs the call graph rests on it: what the proxies know, who may call
   * whom, and every budget.
   * Throws on a callee of another mesh, and on retries or a deadline that contradict an earlier call to the same port and operation.
   */
  public calls(callee: ICallee, options: CallOptions = {}): void {
    const call = callNode(this, this.path, this.mesh, callee, options);
    const earlier = this.calling.to(call.callee);
    const first = earlier.length === 0;
    refuseContradiction(this, call, earlier);
    this.calling.add(call);
    if (callee instanceof MeshService && namesRequests(call)) {
      callee.security.readCall(call);
      callee.changed();
    }
    this._routing.calls(callee, call, first);
    if (first) {
      this._grown('callees');
    } else {
      this.mesh._registry.bump();
    }
  }

  /**
   * One more version of this service, that routes and splits can send requests to.
   * Throws on a version or subset that is there already.
   */
  public addVersion(version: string, options: VersionOptions = {}): void {
    this.declareVersion(version, options);
    this.changed();
  }

  /**
   * Which share of the requests each subset gets, in whole percent that add up to 100, for every request that no route takes.
   * Without it every pod gets the same share.
   */
  public split(shares: { [subset: string]: number }): void {
    this.shares = checkSplit(this, 'split', shares);
    this.delivery.refuseSplit(this.shares);
    this.changed();
  }

  /**
   * A rule for some of the requests to this service. Rules are tried in the order in which they were added.
   * Throws on a name that is there already, and on a rule that does two things at once.
   */
  public addRoute(name: string, options: RouteOptions): void {
    const refused = refusedLabel(name);
    if (refused !== undefined) {
      refuse(this, 'route', name, `it ${refused}; give another name`);
    }
    if (this.routes.some((route) => route.name === name)) {
      refuse(this, 'route', name, 'give every route a name of its own');
    }
    this.routes.push(Object.freeze(routeNode(this, name, options)));
    this._routing.follows(options);
    // A match that a GRPCRoute cannot say makes an HTTPRoute of it.
    this._reconsider();
  }

  /**
   * Lets a caller in that no declared call of the program stands for: a batch job of another program, an ingress gateway. It narrows
   * nothing that others may do, and works where a `ZeroTrustPolicy` refuses the rest.
   * Throws on a caller without identity, and on a rule for everyone without a reason.
   */
  public allow(principal: Principal, options: AccessOptions = {}): void {
    this.security.allow(principal, options);
    this.changed();
  }

  /** Refuses a caller, whatever else allows it. It works with and without a `ZeroTrustPolicy`. */
  public deny(principal: Principal, options: AccessOptions = {}): void {
    this.security.deny(principal, options);
    this.changed();
  }

  /**
   * Requests must carry a valid token of this issuer, whoever sends them. Several issuers are alternatives.
   * Throws on an issuer that is there already, and where a second issuer is for other requests than the first.
   */
  public requireJwt(issuer: JwtIssuer, options: JwtOptions = {}): void {
    this.security.requireJwt(issuer, options);
    this.changed();
  }

  /** A service of the mesh's configuration decides about requests, beside all other rules. */
  public requireAuthorizer(authorizer: ExternalAuthorizer, options: ExternalAuthorizationOptions = {}): void {
    this.security.requireAuthorizer(authorizer, options);
    this.changed();
  }

  /**
   * Takes plain connections on one port, of callers without identity: a scraper of metrics, a legacy caller, a server that speaks first.
   * @param port of the service, else of its container
   */
  public acceptPlaintext(port: number, options: PlaintextOptions): void {
    this.security.acceptPlaintext(port, options);
    this.changed();
  }

  /** @internal */
  public get _calls(): readonly CallNode[] {
    return this.calling.all;
  }

  /**
   * Its lists grow with the program: a snapshot copies them.
   * @internal
   */
  public get _declaration(): ServiceDeclaration {
    if (this.declared === undefined || this.declared.delivery !== undefined) {
      // What the program does to an object that an engine took over is no change of this service.
      this.declared = this.declare();
    }
    return this.declared;
  }

  /** @internal */
  public _reconsider(): void {
    this.changed();
    this.objects.release();
  }

  /**
   * The declaration stays, only its live lists are longer.
   * @internal
   */
  public _grown(by: 'callees' | 'consumers'): void {
    this.mesh._registry.bump();
    this.objects.grown(by);
  }

  /**
   * A canary brings its new versions from now on. What the engine writes is no longer written here.
   * @internal
   */
  public _deliver(canary: CanaryNode): void {
    this.delivery.take(canary, this.shares);
    this.changed();
    this.delivery.release(this.objects.release());
  }

  /** @internal */
  public _join(node: ServiceNode, model: MeshModel): boolean {
    const own = [...this._workloads.values()];
    const needsAccount = node.serviceAccount === undefined
      && node.versions.some(({ workload }) => workload !== undefined && workload.serviceAccount === undefined);
    if (own.length > 0 && !needsAccount) {
      // Every workload names an account of its own, so the one that was created before they could be read has no use.
      this.node.tryRemoveChild('ServiceAccount');
    }
    for (const [index, version] of node.versions.entries()) {
      const account = version.workload?.serviceAccount === undefined ? version.account : undefined;
      const additions = this.mesh._emitter.pod(node, version, model);
      const labels = merged(addedLabels(node, version), version.workload?.pinnedLabels, additions.labels);
      const workload = this._workloads.get(this.versions[index].name);
      workload?.patch({ ...additions, labels }, account);
      if (leavesOutReplicas(node.delivery)) {
        workload?.leaveOutReplicas();
      }
    }
    return this.objects.settle(model);
  }

  private get security(): ServiceSecurity {
    return this.ownSecurity ??= new ServiceSecurity(this, this.ports);
  }

  private declare(): ServiceDeclaration {
    const { props } = this;
    return Object.freeze({
      id: this.calleeId,
      origin: this.path,
      name: this.serviceName,
      namespace: this.namespace,
      ports: this.ports,
      headless: props.headless ?? false,
      existing: this._existing !== undefined,
      language: props.language,
      entryPoint: props.entryPoint ?? false,
      requestsPerSecond: props.requestsPerSecond,
      proxyResources: props.proxyResources?._node(),
      replicas: props.replicas?._range(),
      versions: this.versions,
      podLabels: props.podLabels,
      routes: this.routes,
      split: this.delivery.shares ?? this.shares,
      retry: props.retry?._policy(),
      deadline: optionalMillis(this, 'deadline', props.deadline),
      circuitBreaker: props.circuitBreaker?._policy(),
      loadBalancing: props.loadBalancing?._policy(),
      egress: props.egress?._kind() ?? 'auto',
      ...this._routing.declaration,
      serviceAccount: props.serviceAccountName,
      hasWorkload: this._workloads.size > 0,
      runsToCompletion: [...this._workloads.values()].some((workload) => workload.runsToCompletion),
      delivery: this.delivery.node,
      meshed: props.meshed ?? true,
      security: this.ownSecurity?.node ?? NO_SECURITY,
      zeroTrust: this.mesh._members.policyOf(this.namespace),
      calledByRequest: this.ownSecurity?.calledByRequest ?? false,
    });
  }

  private declareVersion(version: string, options: VersionOptions): void {
    const subset = options.subset ?? version;
    acceptedVersion(this, version, subset, this.versions);
    const labels = acceptedLabels(this, 'labels', options.labels);
    if (options.workload !== undefined) {
      const { _members: members, _registry: registry } = this.mesh;
      const object = apiObjectOf(this, 'workload', options.workload);
      const workload = members.workload(object, registry);
      const other = [...this._workloads].find(([, known]) => known === workload);
      if (other !== undefined) {
        refuse(this, 'workload', options.workload, `its pods are those of version ${other[0]}; give every version pods of its own`);
      }
      this._workloads.set(version, workload);
    }
    this.versions = this.versions.concat(Object.freeze({
      name: version, subset, origin: this.path, labels,
      circuitBreaker: options.circuitBreaker?._policy(), loadBalancing: options.loadBalancing?._policy(),
    }));
  }

  private changed(): void {
    this.mesh._registry.bump();
    this.declared = undefined;
    this.objects.declared();
    this.mesh._share(this, this._declaration);
  }
}
