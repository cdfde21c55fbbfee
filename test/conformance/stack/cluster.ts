import { existsSync, readFileSync, writeFileSync } from 'fs';
import { type ImageBehaviors, writeImageBehaviors } from './behavior';
import { ControlPlane } from './control-plane';
import { Envoy } from './envoy';
import { localJson } from './http';
import { Istioctl } from './istioctl';
import { Kubernetes, type KubeObject } from './kubernetes';
import { POD_FAILED } from './pod-status';
import { Hopeless, logTail, type Output, until } from './process';
import { Run } from './run';
import { BROKEN_STACK, type StackState } from './state';
import { isReady, Workload } from './workload';

/** Time for all pods of a namespace to become ready. */
const PODS_READY_MS = 180_000;
/** Time for a change to reach every proxy; it takes about half a second. */
const SETTLED_MS = 30_000;

const FORGOTTEN = 'forgotten-rejections.json';

const FILTERS = '/apis/networking.istio.io/v1alpha3/namespaces/istio-system/envoyfilters';
const MARKER = 'conformance-marker';

/** The running stack, as tests see it. */
export class Cluster {
  public readonly kubernetes: Kubernetes;
  public readonly istioctl: Istioctl;
  public readonly controlPlane: ControlPlane;
  /** Those of suites that start one of their own; its proxies are waited for and judged like all others. */
  public readonly furtherControlPlanes: ControlPlane[] = [];
  private readonly run: Run;

  public constructor(public readonly state: StackState) {
    this.run = new Run(state.run);
    this.kubernetes = new Kubernetes(state.api);
    this.istioctl = new Istioctl(state.istioctl);
    this.controlPlane = new ControlPlane(this.run);
  }

  /**
   * Server-side apply, as a user does with the synthesized manifest.
   * @throws with the API server's words when it refuses an object
   */
  public async apply(yaml: string): Promise<void> {
    const result = await this.tryApply(yaml);
    if (result.code !== 0) {
      throw new Error(`kubectl apply --server-side: ${result.stderr}`);
    }
  }

  /** Server-side apply whose refusal is for the caller to judge; `args` such as --dry-run=server or --force-conflicts. */
  public tryApply(yaml: string, ...args: string[]): Promise<Output> {
    return this.kubernetes.kubectl(['apply', '--server-side', '--field-manager=conformance', ...args, '-f', '-'], yaml);
  }

  public applyFile(path: string): Promise<void> {
    return this.apply(readFileSync(path, 'utf8'));
  }

  /** Deletes the objects of a manifest. */
  public async delete(yaml: string): Promise<void> {
    const result = await this.kubernetes.kubectl(['delete', '--ignore-not-found', '--wait=false', '-f', '-'], yaml);
    if (result.code !== 0) {
      throw new Error(`kubectl delete: ${result.stderr}`);
    }
  }

  /** Ends a namespace and its pods at once; for the end of a suite. Does nothing where there is none. */
  public async drop(...namespaces: string[]): Promise<void> {
    for (const namespace of namespaces) {
      await this.kubernetes.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
      await this.kubernetes.kubectl(['delete', 'pods', '--all', '--namespace', namespace, '--grace-period=0', '--force', '--wait=false']);
    }
    await until(`namespaces ${namespaces.join(', ')} are gone`, 60_000, async () => {
      const left = (await this.kubernetes.items('/api/v1/namespaces')).map(one => one.metadata.name);
      return !namespaces.some(namespace => left.includes(namespace));
    }, 200);
  }

  /**
   * Waits until every Deployment and StatefulSet of the namespaces has its pods, all pods are ready, and the configuration of
   * this moment has reached every proxy.
   * @throws with what is missing and why: after three minutes, or at once when a pod cannot start
   */
  public async ready(...namespaces: string[]): Promise<void> {
    this.mustBeWhole();
    for (const namespace of namespaces) {
      await until(`pods of ${namespace} are ready`, PODS_READY_MS, async () => {
        const waiting = await this.waitingFor(namespace);
        if (waiting.length > 0) {
          throw new Error(waiting.join('\n'));
        }
        return true;
      }, 200);
    }
    await this.settled();
  }

  /**
   * Waits until all that was applied before has reached every proxy. A marker that every proxy receives is changed twice: istiod
   * works through its pushes to a proxy in order, so what comes with the second marker comes after all of the first push.
   */
  public async settled(): Promise<void> {
    this.mustBeWhole();
    for (let round = 0; round < 2; round++) {
      const marker = `m${Date.now()}-${round}`;
      await Promise.all(markers(marker).map(filter => this.kubernetes.apply(`${FILTERS}/${filter.metadata.name}`, filter)));
      await until('the configuration reaches every proxy', SETTLED_MS, async () => {
        const dumps = await Promise.all((await this.meshedPods()).map(async pod =>
          JSON.stringify(await this.envoyOf(pod).configDump(`resource=dynamic_active_clusters&name_regex=BlackHoleCluster|${MARKER}`))));
        return dumps.every(dump => dump.includes(marker));
      });
    }
    await until('every proxy acknowledges its configuration', SETTLED_MS, async () =>
      (await Promise.all(this.controlPlanes.map(one => one.isSynced()))).every(synced => synced));
  }

  private get controlPlanes(): ControlPlane[] {
    return [this.controlPlane, ...this.furtherControlPlanes];
  }

  /** A Deployment, StatefulSet, Rollout or bare pod, as what serves or as the client of a test. */
  public workload(namespace: string, name: string): Workload {
    return new Workload(this.run, this.kubernetes, namespace, name);
  }

  /** The ready pods with a sidecar, or gateway, of all namespaces. */
  public async meshedPods(): Promise<KubeObject[]> {
    const pods = await this.kubernetes.items('/api/v1/pods');
    return pods.filter(pod => isReady(pod) && [...pod.spec.containers, ...pod.spec.initContainers ?? []].some(one => one.name === 'istio-proxy'));
  }

  public envoyOf(pod: KubeObject): Envoy {
    return new Envoy(this.run, pod.status.podIP, `${pod.metadata.namespace}/${pod.metadata.name}`);
  }

  /** What proxies hold rejected now, and what istiod counted as rejected. Empty means that no proxy ever refused anything. */
  public async rejections(): Promise<string[]> {
    const perProxy = await Promise.all((await this.meshedPods()).map(async pod => {
      const envoy = this.envoyOf(pod);
      return (await envoy.rejected()).map(reason => `${envoy.name}: ${reason}`);
    }));
    const forgotten = this.forgottenRejections();
    const further = await Promise.all(this.furtherControlPlanes.map(one => one.rejects()));
    const counted = [
      ...Object.entries(await this.controlPlane.rejects()).filter(([type, count]) => count > (forgotten[type] ?? 0)),
      ...further.flatMap(rejects => Object.entries(rejects)).filter(([, count]) => count > 0),
    ];
    return [...perProxy.flat(), ...counted.map(([type]) => `istiod counted rejected updates of type ${type}`)];
  }

  /** Makes {@link rejections} count from now on, for all test files: only for a suite that provokes them. */
  public async forgetRejections(): Promise<void> {
    writeFileSync(this.run.path(FORGOTTEN), JSON.stringify(await this.controlPlane.rejects()));
  }

  /** Gives pods that start later, with one of these images, a behavior from their start. */
  public behaviors(byImage: ImageBehaviors): void {
    writeImageBehaviors(this.state.behaviors, byImage);
  }

  /** Names outside the cluster, such as an external service's, and the pods' addresses that play them. Replaces earlier ones. */
  public async externalHosts(addresses: Record<string, string[]>): Promise<void> {
    await localJson(this.run.path('fabric.sock'), 'PUT', '/names/external', addresses);
  }

  /** The end of a log of the control plane: `istiod`, `kube-apiserver`, `kube-controller-manager`, `kube-proxy`, `etcd`, `fabric`. */
  public log(name: string, lines = 25): string {
    return logTail(this.run.path(`${name}.log`), lines);
  }

  public close(): void {
    this.kubernetes.close();
  }

  private mustBeWhole(): void {
    const file = this.run.path(BROKEN_STACK);
    if (existsSync(file)) {
      throw new Error(`the stack is broken: ${readFileSync(file, 'utf8')}`);
    }
  }

  private forgottenRejections(): Record<string, number> {
    const file = this.run.path(FORGOTTEN);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  }

  private async waitingFor(namespace: string): Promise<string[]> {
    const [deployments, sets, pods] = await Promise.all(['/apis/apps/v1', '/apis/apps/v1', '/api/v1'].map((version, i) =>
      this.kubernetes.items(`${version}/namespaces/${namespace}/${['deployments', 'statefulsets', 'pods'][i]}`)));
    const waiting = [...deployments, ...sets]
      .filter(one => one.status?.observedGeneration !== one.metadata.generation || (one.status.updatedReplicas ?? 0) < one.spec.replicas)
      .map(one => `${one.metadata.name} has ${one.status?.updatedReplicas ?? 0} of ${one.spec.replicas} pods${conditions(one)}`);
    const unready = pods.filter(pod => !isReady(pod) && !pod.metadata.deletionTimestamp && !isDone(pod))
      .map(pod => `${pod.metadata.name} is not ready${conditions(pod)}`);
    const failed = pods.flatMap(pod => pod.status.containerStatuses ?? []).find(one => one.state?.waiting?.reason === POD_FAILED);
    if (failed) {
      throw new Hopeless(unready.join('\n'));
    }
    return [...waiting, ...unready];
  }
}

/** Whether it is the pod of a job that has ended, or whose application has. */
function isDone({ status }: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(status.phase) || (status.containerStatuses ?? []).some((one: KubeObject) => one.state?.terminated);
}

function conditions(object: KubeObject): string {
  const messages = (object.status?.conditions ?? []).filter((one: KubeObject) => one.message).map((one: KubeObject) => one.message);
  return messages.length === 0 ? '' : `: ${[...new Set(messages)].join('; ')}`;
}

/** Something that every proxy receives: a word on a cluster that sidecars and gateways have; a cluster, for waypoints, which lack that one. */
function markers(marker: string): KubeObject[] {
  const metadata = { filter_metadata: { conformance: { marker } } };
  return [
    filterOf(MARKER, {}, { match: { cluster: { name: 'BlackHoleCluster' } }, patch: { operation: 'MERGE', value: { metadata } } }),
    filterOf(`${MARKER}-waypoints`, { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }] }, {
      match: { context: 'SIDECAR_INBOUND' },
      patch: { operation: 'ADD', value: { name: MARKER, type: 'STATIC', connect_timeout: '1s', metadata, load_assignment: { cluster_name: MARKER } } },
    }),
  ];
}

function filterOf(name: string, target: KubeObject, patch: KubeObject): KubeObject {
  return {
    apiVersion: 'networking.istio.io/v1alpha3', kind: 'EnvoyFilter', metadata: { name, namespace: 'istio-system' },
    spec: { ...target, configPatches: [{ applyTo: 'CLUSTER', ...patch }] },
  };
}
