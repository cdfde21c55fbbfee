import type { Behavior, RequestSpec } from './behavior';
import { Envoy } from './envoy';
import { localJson } from './http';
import type { Kubernetes, KubeObject } from './kubernetes';
import { LoadReport, type LoadSpec, type RawReport } from './load';
import { podSockets } from './pod';
import type { Run } from './run';

/** A row of an application's counts. */
export interface CountRow {
  /** Name of the calling application. */
  readonly from: string;
  /** SPIFFE identity of the caller as the proxy verified it; empty for plaintext. */
  readonly principal: string;
  readonly protocol: 'http1' | 'http2' | 'grpc' | 'tcp';
  readonly method: string;
  readonly host: string;
  readonly path: string;
  /** Status answered by a rule or a failed call; 0 for success, -1 for a reset. */
  readonly status: number;
  readonly count: number;
}

/** One request as an application saw it. */
export interface SeenRequest extends Omit<CountRow, 'count'> {
  /** Milliseconds of the Unix epoch. */
  readonly atMs: number;
  readonly tookMs: number;
  /** Names are in lower case. */
  readonly headers: Record<string, string>;
}

/** What an application has counted since its start or the last reset. */
export interface Counts {
  readonly total: number;
  readonly rows: CountRow[];
  /** Highest number of requests inside one pod's application at one time. */
  readonly peak: number;
}

/** The answer to one request. */
export interface ResponseSpec {
  /** As {@link LoadCell.status}. */
  readonly status: string;
  readonly server: { readonly name: string; readonly version: string; readonly pod: string };
  /** Names are in lower case. */
  readonly headers: Record<string, string> | null;
  readonly body: string;
  readonly tookMs: number;
}

/** The ready pods of one workload, or one pod by its name. */
export class Workload {
  public constructor(
    private readonly run: Run, private readonly client: Kubernetes, public readonly namespace: string, public readonly name: string,
  ) {}

  /**
   * Its ready pods, oldest first.
   * @throws when there is none
   */
  public async pods(): Promise<KubeObject[]> {
    const all = await this.client.items(`/api/v1/namespaces/${this.namespace}/pods`);
    const own = all.filter(pod => this.owns(pod) && isReady(pod));
    if (own.length === 0) {
      const others = all.filter(isReady).map(pod => pod.metadata.name).join(', ');
      throw new Error(`${this.namespace}/${this.name} has no ready pod; ready in the namespace: ${others || 'none'}`);
    }
    const age = ({ metadata }: KubeObject) => `${metadata.creationTimestamp} ${metadata.name}`;
    return own.sort((a, b) => age(a).localeCompare(age(b)));
  }

  /** Replaces what all its pods do with requests; the rules' counters start again. */
  public async configure(behavior: Behavior): Promise<void> {
    await this.each(socket => localJson(socket, 'PUT', '/behavior', behavior));
  }

  /** Sum of its pods' counts. */
  public async counts(): Promise<Counts> {
    const all = await this.each(socket => localJson<Counts>(socket, 'GET', '/counts'));
    return {
      total: all.reduce((sum, one) => sum + one.total, 0), rows: all.flatMap(one => one.rows), peak: Math.max(...all.map(one => one.peak)),
    };
  }

  /** Forgets counts and recent requests, and starts the rules' counters again. */
  public async resetCounts(): Promise<void> {
    await this.each(socket => localJson(socket, 'DELETE', '/counts'));
  }

  /** The last 2,000 requests of each pod, in the order of their arrival. */
  public async recent(): Promise<SeenRequest[]> {
    return (await this.each(socket => localJson<SeenRequest[]>(socket, 'GET', '/recent'))).flat().sort((a, b) => a.atMs - b.atMs);
  }

  /** Sends one request from its first pod, on a connection of its own. Redirects are answers. */
  public async request(spec: RequestSpec): Promise<ResponseSpec> {
    return localJson(await this.socket(), 'POST', '/request', spec);
  }

  /** Sends many requests from its first pod; ends after ten minutes at the latest. */
  public async load(spec: LoadSpec): Promise<LoadReport> {
    if (!spec.requests && !spec.durationMs) {
      throw new Error('load: give requests or durationMs; a load without a bound would run for ten minutes');
    }
    return new LoadReport(await localJson<RawReport>(await this.socket(), 'POST', '/load', spec));
  }

  /** Makes loads that are running end, and report, now. */
  public async stopLoads(): Promise<void> {
    await this.each(socket => localJson(socket, 'DELETE', '/loads'));
  }

  /** The proxy of its first pod. */
  public async envoy(): Promise<Envoy> {
    const [pod] = await this.pods();
    return new Envoy(this.run, pod.status.podIP, `${this.namespace}/${pod.metadata.name}`);
  }

  private async socket(): Promise<string> {
    const [pod] = await this.pods();
    return podSockets(this.run, pod.status.podIP).app;
  }

  private async each<T>(action: (socket: string) => Promise<T>): Promise<T[]> {
    return Promise.all((await this.pods()).map(pod => action(podSockets(this.run, pod.status.podIP).app)));
  }

  /** Whether a pod belongs to it: by its name, or its controller's, where a ReplicaSet's ends in a hash. */
  private owns(pod: KubeObject): boolean {
    const controller = (pod.metadata.ownerReferences ?? []).find((owner: KubeObject) => owner.controller);
    return pod.metadata.name === this.name || controller?.name === this.name ||
      (controller?.kind === 'ReplicaSet' && controller.name.replace(/-[^-]+$/, '') === this.name);
  }
}

export function isReady(pod: KubeObject): boolean {
  return !pod.metadata.deletionTimestamp && (pod.status.conditions ?? []).some((one: KubeObject) => one.type === 'Ready' && one.status === 'True');
}
