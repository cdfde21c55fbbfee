import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { millis, refuse, wholeNumber } from '../mesh/invalid';
import { materialize } from '../mesh/objects';
import { MeshService } from '../mesh/service';
import { canaryResources } from '../mesh/wiring';
import { dataPlaneOf } from '../model/data-plane';
import { AlertNode, CanaryNode, ENGINE_FACTS, EngineNode, StrategyNode, WebhookNode } from '../model/delivery';
import { gateQueries } from '../model/gate-queries';
import { ServiceDeclaration } from '../model/mesh-model';
import { Approval } from './approval';
import { CanaryAlert } from './canary-alert';
import { CanaryEngine } from './canary-engine';
import { CanaryStrategy } from './canary-strategy';
import { CanaryWebhook } from './canary-webhook';
import { ErrorBudget } from './error-budget';
import { Gate } from './gate';
import { gitOpsGuide } from './git-ops-guide';
import { IgnoreDifference, ignoredDifferences } from './ignore-difference';
import { MetricSource } from './metric-source';

/**
 * Parts of a canary.
 */
export interface CanaryProps {
  /** The service whose new versions come step by step. It has one workload; a new version is a change of that. */
  readonly service: MeshService;
  /** Who moves the requests, and brings them back. */
  readonly engine: CanaryEngine;
  /** How requests come to the new version. */
  readonly strategy: CanaryStrategy;
  /**
   * What must be true before it gets more of them. An engine that works by itself needs at least one.
   * @default - none, which only `CanaryEngine.manual` takes
   */
  readonly gates?: Gate[];
  /**
   * Failed checks after which everything goes back: Flagger counts those of the whole canary, Argo Rollouts those of one step.
   * @default 3
   */
  readonly rollBackAfter?: number;
  /**
   * Whose metrics the gates read.
   * @default - the mesh's own telemetry
   */
  readonly metrics?: MetricSource;
  /**
   * Time for the new version's pods to become ready, in whole seconds; later ones are taken back.
   * @default Duration.minutes(10)
   */
  readonly readyWithin?: Duration;
  /**
   * Addresses that the engine calls.
   * @default - none
   */
  readonly webhooks?: CanaryWebhook[];
  /**
   * Who is told.
   * @default - nobody
   */
  readonly alerts?: CanaryAlert[];
  /**
   * Where a person must agree.
   * @default - nowhere
   */
  readonly approvals?: Approval[];
  /**
   * How many requests may fail. What the canary risks is then judged.
   * @default - not judged; the report shows it
   */
  readonly errorBudget?: ErrorBudget;
}

/**
 * Brings new versions of one service to its users step by step, and back by itself when they fail. From its first line on the engine owns what
 * it writes (routes, weights, the number of pods), and the library writes none of that any more.
 */
export class Canary extends Construct {
  private readonly service: MeshService;

  /**
   * Throws on an automatic canary without gates, on an interval that the engine cannot keep, on a service that has a canary or no workload, and
   * on a workload that the engine cannot run.
   */
  public constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    this.service = props.service;
    const declared = this.service._declaration;
    const { mesh } = this.service;
    const node = canaryNode(this, props, declared);
    this.checkWorkloads(node);
    this.service._deliver(node);
    mesh._members.addOrigin(this.node.path);
    materialize(canaryResources(node.engine.id, dataPlaneOf(mesh._node, node.namespace)), {
      construct: this, declaration: node, namespace: node.namespace, mesh: mesh._node, registry: mesh._registry,
      node: (model) => model.canaries.find(({ origin }) => origin === node.origin)!,
    });
    this.node.addValidation(mesh._registry.validation(this.node.path));
  }

  /**
   * What Argo CD must not take for a difference, as `spec.ignoreDifferences` of its Application takes it. Set `RespectIgnoreDifferences=true`
   * among its sync options, too.
   */
  public get ignoreDifferences(): IgnoreDifference[] {
    return [...ignoredDifferences(this.canary(), this.service.mesh._judgement().model)];
  }

  /** What Argo CD, Flux and kubectl users have to do, once and for good, as Markdown. */
  public get gitOps(): string {
    return gitOpsGuide(this.canary(), this.service.mesh._judgement().model);
  }

  /** The query behind each gate, by its name, as a person can ask Prometheus. */
  public get gateQueries(): { [gate: string]: string } {
    return { ...gateQueries(this.canary(), this.service.mesh._judgement().model) };
  }

  private canary(): CanaryNode {
    return this.service._declaration.delivery!;
  }

  private checkWorkloads({ engine }: CanaryNode): void {
    const { mesh, _workloads: workloads } = this.service;
    const kinds = RUNNABLE[engine.id];
    for (const workload of workloads.values()) {
      if (!kinds.includes(workload.kind)) {
        refuse(this, 'service', workload.kind, `${ENGINE_FACTS[engine.id].label} runs a ${kinds.join(' or a ')}; hand one over, or take another engine`);
      }
      const other = mesh.services.find((one) => one !== this.service && one._declaration.delivery !== undefined
        && [...one._workloads.values()].includes(workload));
      if (other !== undefined) {
        refuse(this, 'service', this.service.calleeId, `its pods are those of ${other.calleeId}, which has a canary already; give every workload one`);
      }
    }
  }
}

/** Kinds of workloads that an engine can run. */
const RUNNABLE: Readonly<Record<EngineNode['id'], readonly string[]>> = {
  'flagger': ['Deployment', 'DaemonSet'],
  'argo-rollouts': ['Deployment'],
  'manual': ['Deployment', 'DaemonSet', 'StatefulSet', 'Pod', 'ReplicaSet', 'Rollout'],
};

function canaryNode(canary: Canary, props: CanaryProps, service: ServiceDeclaration): CanaryNode {
  const engine = props.engine._node();
  const strategy = props.strategy._node();
  const gates = (props.gates ?? []).map((gate) => gate._node(strategy.everyMs));
  const { label, automatic } = ENGINE_FACTS[engine.id];
  if (automatic && gates.length === 0) {
    refuse(canary, 'gates', [], `${label} promotes by itself, so give at least one gate, for instance Gate.successRate({ atLeast: 99 })`);
  }
  unique(canary, 'gates', gates);
  if (engine.id !== 'manual' && service.versions.length > 0 && !service.hasWorkload) {
    refuse(canary, 'service', service.id, `${label} needs the workload; give it to the MeshService in place of podLabels`);
  }
  checkInterval(canary, engine, strategy);
  checkManual(canary, engine, strategy);
  const approvals = [...new Set((props.approvals ?? []).map((approval) => approval._node()))];
  if (approvals.length > 0 && engine.id === 'flagger' && engine.approvalUrl === undefined) {
    refuse(canary, 'approvals', approvals, 'tell Flagger where to ask: CanaryEngine.flagger({ approvalUrl })');
  }
  return Object.freeze({
    origin: canary.node.path,
    name: service.name,
    namespace: service.namespace,
    service: service.id,
    engine,
    strategy,
    gates: Object.freeze(gates),
    metrics: (props.metrics ?? MetricSource._ofMesh(props.service.mesh._node.provider))._node(props.service.mesh._node, service.namespace),
    rollBackAfter: wholeNumber(canary, 'rollBackAfter', props.rollBackAfter ?? 3, 1, 1000),
    readyWithinMs: wholeSeconds(canary, 'readyWithin', props.readyWithin ?? Duration.minutes(10)),
    webhooks: Object.freeze(unique(canary, 'webhooks', (props.webhooks ?? []).map((webhook): WebhookNode => webhook._node()))),
    alerts: Object.freeze(unique(canary, 'alerts', (props.alerts ?? []).map((alert) => addressed(canary, engine, alert._node())))),
    approvals: Object.freeze(approvals),
    errorBudget: props.errorBudget?._node(),
    lostPatches: Object.freeze([]),
  });
}

function unique<T extends { readonly name: string }>(canary: Canary, property: string, items: readonly T[]): readonly T[] {
  const twice = items.find(({ name }, index) => items.findIndex((other) => other.name === name) < index);
  return twice === undefined ? items : refuse(canary, property, twice.name, 'the name is there twice; give every one a name of its own');
}

function addressed(canary: Canary, engine: EngineNode, alert: AlertNode): AlertNode {
  if (engine.id === 'flagger' && alert.kind !== 'pagerduty' && alert.secret === undefined) {
    refuse(canary, 'alerts', alert.name, 'name the Secret with the webhook\'s URL: Flagger reads it from there');
  }
  return alert;
}

function wholeSeconds(canary: Canary, property: string, value: Duration): number {
  const ms = millis(canary, property, value);
  return ms % 1000 === 0 ? ms : refuse(canary, property, value, 'give whole seconds');
}

function checkInterval(canary: Canary, engine: EngineNode, strategy: StrategyNode): void {
  const { label, shortestIntervalMs } = ENGINE_FACTS[engine.id];
  if (strategy.everyMs < shortestIntervalMs) {
    refuse(canary, 'strategy.every', Duration.millis(strategy.everyMs), `give ${shortestIntervalMs / 1000} s or more: ${label} takes no shorter interval`);
  }
}

function checkManual(canary: Canary, engine: EngineNode, strategy: StrategyNode): void {
  if (engine.id !== 'manual' || strategy.kind !== 'weights') {
    return;
  }
  const allowed = [...new Set([0, ...strategy.steps.map(({ weight }) => weight), 100])];
  if (!allowed.includes(engine.weight)) {
    refuse(canary, 'engine.weight', engine.weight, `take a step of the strategy: ${allowed.join(', ')}`);
  }
}
