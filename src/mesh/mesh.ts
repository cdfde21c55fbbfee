import { App, Chart, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Adoption } from '../adoption/adoption';
import { Emitter, MemberDeclaration } from '../model/contracts';
import { Finding, FindingCode, SuppressedFinding } from '../model/finding';
import { IJudgedMesh, Judgement } from '../model/judged-mesh';
import { MeshNode } from '../model/mesh-model';
import { DEFAULT_CIRCUIT_BREAKER, NEVER_RETRY } from '../model/policy';
import { Budgets, budgetsNode } from '../operations/budgets';
import { day } from '../security/exception';
import { CircuitBreaker } from '../traffic/circuit-breaker';
import { LoadBalancing } from '../traffic/load-balancing';
import { Retry } from '../traffic/retry';
import { refuse, optionalMillis } from './invalid';
import { Members } from './members';
import { MeshProvider } from './mesh-provider';
import { materialize } from './objects';
import { Registry } from './registry';
import type { MeshService } from './service';
import { emitterOf, theJudge } from './wiring';

/**
 * What holds for every service that says nothing else.
 */
export interface MeshDefaults {
  /**
   * Time for a request with all its retries.
   * @default Duration.seconds(15) - Envoy's own route timeout, which Istio alone turns off
   */
  readonly deadline?: Duration;
  /**
   * Retries of failed requests.
   * @default Retry.never() - what is not known to be safe to repeat is not repeated
   */
  readonly retry?: Retry;
  /**
   * Limits and ejection.
   * @default - ejection of failing endpoints, no other limit
   */
  readonly circuitBreaker?: CircuitBreaker;
  /**
   * Which endpoint gets the next request.
   * @default LoadBalancing.leastRequest()
   */
  readonly loadBalancing?: LoadBalancing;
}

/**
 * Parts of a mesh.
 */
export interface MeshProps {
  /** The mesh that the program is written out for. */
  readonly provider: MeshProvider;
  /**
   * Name under which the mesh's certificates are issued.
   * @default - the cluster's domain, as Istio has it
   */
  readonly trustDomain?: string;
  /**
   * Trust domains that the mesh had before: identities of theirs are taken for its own, so that it can move to another one. The mesh's own
   * configuration must name them, too.
   * @default - none
   */
  readonly trustDomainAliases?: string[];
  /**
   * Day on which exceptions with an end are judged, `YYYY-MM-DD`. It may add a finding, and never changes what is written.
   * @default - the day of SOURCE_DATE_EPOCH, else today
   */
  readonly asOf?: string;
  /**
   * DNS domain of the cluster.
   * @default cluster.local
   */
  readonly clusterDomain?: string;
  /**
   * What holds for every service that says nothing else.
   * @default - the defaults of `MeshDefaults`
   */
  readonly defaults?: MeshDefaults;
  /**
   * Whether, and how far, the organisation should use a mesh.
   * @default - not assessed, which is a warning with the score that the program alone gives
   */
  readonly adoption?: Adoption;
  /**
   * Limits that the program sets itself.
   * @default - the defaults of `Budgets`
   */
  readonly budgets?: Budgets;
}

/**
 * Why and where a finding is accepted.
 */
export interface SuppressOptions {
  /** Why it is right as it is. It stays in the report. */
  readonly reason: string;
  /**
   * The one construct on which it is accepted.
   * @default - on every construct
   */
  readonly on?: IConstruct;
}

/**
 * A service mesh: what joins the services of one program, knows who calls whom, and judges the whole before anything is written. It
 * may live under the app or under a chart; services of many charts may join it.
 */
export class Mesh extends Construct implements IJudgedMesh {
  /** @internal */
  public readonly _registry: Registry;
  /** @internal */
  public readonly _members: Members;
  /** @internal */
  public readonly _emitter: Emitter;
  /** @internal */
  public readonly _node: MeshNode;
  private readonly shared = new Map<string, Construct>();

  /**
   * Throws when a default is refused (a deadline of 0, an unknown domain).
   */
  public constructor(scope: Construct, id: string, props: MeshProps) {
    super(scope, id);
    this._node = meshNode(this, props);
    this._emitter = emitterOf(this._node.provider);
    const app = App.of(this);
    this._members = new Members(this._node, app);
    this._registry = new Registry({
      build: (revision) => {
        const model = this._members.model(revision);
        this._registry.order.settle(this._members.survey.dependent);
        return model;
      },
      judge: theJudge,
      warn: (line) => process.stderr.write(`${line}\n`),
      charts: () => this._members.survey.charts,
    });
    const { path } = this.node;
    const own = this._registry.validation(path);
    this.node.addValidation({
      validate: () => {
        const errors = own.validate();
        const others = this._registry.errorsElsewhere((origin) => origin === path || this._members.has(origin));
        this._registry.tellWarnings();
        return [...errors, ...others];
      },
    });
  }

  /** Every finding about the program as it stands now, suppressed ones aside. */
  public get findings(): Finding[] {
    return [...this._registry.findings];
  }

  /** Findings that `suppress` accepted, with their reasons. */
  public get suppressedFindings(): SuppressedFinding[] {
    return [...this._registry.suppressed];
  }

  /** The services of this mesh, in order of declaration. */
  public get services(): MeshService[] {
    return this._members.services.map((member) => member as MeshService);
  }

  /**
   * Accepts a finding on purpose. A suppression that matches nothing is itself a finding.
   * Throws on an empty reason and on an unknown code.
   */
  public suppress(code: FindingCode, options: SuppressOptions): void {
    if (!Object.values(FindingCode).includes(code)) {
      refuse(this, 'suppress.code', code, 'give a code of FindingCode');
    }
    if (options.reason.trim() === '') {
      refuse(this, 'suppress.reason', options.reason, 'say why the finding is right as it is');
    }
    this._registry.suppress({ origin: this.node.path, code, on: options.on?.node.path, reason: options.reason });
  }

  /**
   * Writes what the namespace of a member has once, where this member asks for it.
   * @internal
   */
  public _share(member: Construct, declaration: MemberDeclaration): void {
    const { namespace } = declaration;
    const wanted = (this._emitter.shared ?? []).filter((resource) => resource.exists(declaration, this._node));
    if (namespace === undefined || wanted.length === 0) {
      return;
    }
    // In the chart of the first member that asks: a chart of the mesh would be applied before the one that brings the namespace.
    const construct = this.shared.get(namespace) ?? child(child(Chart.of(member), `${this.node.id}-shared`), namespace);
    this.shared.set(namespace, construct);
    materialize(wanted, { construct, declaration, namespace, mesh: this._node, registry: this._registry, node: () => ({ name: namespace }) });
  }

  /** @internal */
  public _judgement(): Judgement {
    return this._registry.judgement();
  }
}

function child(scope: Construct, id: string): Construct {
  return scope.node.tryFindChild(id) ?? new Construct(scope, id);
}

function meshNode(mesh: Mesh, props: MeshProps): MeshNode {
  const clusterDomain = domain(mesh, 'clusterDomain', props.clusterDomain ?? 'cluster.local');
  const defaults = props.defaults ?? {};
  return Object.freeze({
    origin: mesh.node.path,
    ...props.provider._node(),
    clusterDomain,
    trustDomain: domain(mesh, 'trustDomain', props.trustDomain ?? clusterDomain),
    trustDomainAliases: Object.freeze((props.trustDomainAliases ?? []).map((alias) => domain(mesh, 'trustDomainAliases', alias))),
    asOf: props.asOf === undefined ? today(mesh) : day(mesh, 'asOf', props.asOf),
    adoption: props.adoption?._assessment(),
    budgets: budgetsNode(mesh, props.budgets),
    defaults: Object.freeze({
      retry: defaults.retry?._policy() ?? NEVER_RETRY,
      deadline: optionalMillis(mesh, 'defaults.deadline', defaults.deadline) ?? 15_000,
      deadlineSaid: defaults.deadline !== undefined,
      circuitBreaker: defaults.circuitBreaker?._policy() ?? DEFAULT_CIRCUIT_BREAKER,
      loadBalancing: (defaults.loadBalancing ?? LoadBalancing.leastRequest())._policy(),
    }),
  });
}

function today(mesh: Mesh): string {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  const seconds = epoch === undefined || epoch === '' ? Date.now() / 1000 : Number(epoch);
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10)
    : refuse(mesh, 'SOURCE_DATE_EPOCH', epoch, 'give seconds since 1970, or say asOf');
}

function domain(mesh: Mesh, property: string, value: string): string {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value)) {
    refuse(mesh, property, value, 'give a DNS name in lower-case letters, digits, hyphens and dots');
  }
  return value;
}
