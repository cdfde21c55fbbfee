import { readFileSync } from 'fs';
import { type Behavior, behaviorOf } from './behavior';
import { ApiError, type Kubernetes, type KubeObject } from './kubernetes';
import { nodeFor } from './nodes';
import { type PodMaterial, PodStopped, RunningPod } from './pod';
import { podStatus, type PodStage } from './pod-status';
import { Semaphore } from './semaphore';

/** Pods being started at one time: starting is bound by processor time. */
const PARALLEL_STARTS = 4;

/**
 * Scheduler and kubelet: binds every pod to the first node that its nodeSelector accepts, starts it as processes, keeps its
 * status, and ends it when it is deleted.
 */
export class Kubelet {
  private readonly pods = new Map<string, { pod: KubeObject; running: RunningPod; over: boolean }>();
  private readonly slots = new Semaphore(PARALLEL_STARTS);
  private watches: { stop(): void }[] = [];
  private health?: NodeJS.Timeout;

  public constructor(private readonly material: PodMaterial, private readonly behaviors: string) {}

  public start(): void {
    this.watches = [
      this.client.watch('/api/v1/pods', (type, pod) => void this.onPod(type, pod)),
      this.client.watch('/api/v1/services', (_type, service) => void this.onService(service.metadata.namespace)),
    ];
    this.health = setInterval(() => void this.checkLives(), 1000);
  }

  /** Stops following the API server; the pods are for the caller to remove. */
  public stop(): void {
    this.watches.forEach(watch => watch.stop());
    clearInterval(this.health);
  }

  private get client(): Kubernetes {
    return this.material.client;
  }

  private async onPod(type: string, pod: KubeObject): Promise<void> {
    const { uid } = pod.metadata;
    try {
      if (type === 'DELETED') {
        await this.end(uid, true);
      } else if (pod.metadata.deletionTimestamp) {
        await this.end(uid, pod.metadata.deletionGracePeriodSeconds === 0);
        await this.client.delete(pathOf(pod), { gracePeriodSeconds: 0, preconditions: { uid } });
      } else if (!pod.spec.nodeName) {
        await this.bind(pod);
      } else if (!this.pods.has(uid) && pod.status.phase === 'Pending') {
        await this.begin(pod);
      }
    } catch (error) {
      // Deleted, or bound by an earlier event, in the meantime.
      const outdated = error instanceof PodStopped ||
        (error instanceof ApiError && ([404, 409].includes(error.code) || error.message.includes('being terminated')));
      if (!outdated) {
        process.stderr.write(`conformance: pod ${pod.metadata.namespace}/${pod.metadata.name}: ${(error as Error).message}\n`);
      }
    }
  }

  private async bind(pod: KubeObject): Promise<void> {
    await this.client.post(`${pathOf(pod)}/binding`, {
      apiVersion: 'v1', kind: 'Binding', metadata: { name: pod.metadata.name }, target: { apiVersion: 'v1', kind: 'Node', name: nodeFor(pod) },
    });
  }

  private async begin(pod: KubeObject): Promise<void> {
    const entry = { pod, running: new RunningPod(this.material, pod), over: false };
    this.pods.set(pod.metadata.uid, entry);
    await this.slots.run(async () => {
      // istiod knows a proxy by the address in the pod's status, so that comes first.
      await this.report(pod, entry.running.address, { is: 'starting' });
      try {
        await entry.running.start(await this.portsOf(pod), this.behaviorFor(pod));
        await entry.running.listen(await this.portsOf(pod));
        await this.report(pod, entry.running.address, { is: 'ready' });
      } catch (error) {
        entry.over = true;
        await this.report(pod, entry.running.address, { is: 'failed', message: (error as Error).message });
        throw error;
      }
    });
  }

  private async end(uid: string, atOnce: boolean): Promise<void> {
    const entry = this.pods.get(uid);
    if (entry) {
      await entry.running.stop(atOnce);
      this.pods.delete(uid);
    }
  }

  /** A Service may come after the pods that it selects, and with it a port that they have to listen on. */
  private async onService(namespace: string): Promise<void> {
    const concerned = [...this.pods.values()].filter(({ pod, over }) => pod.metadata.namespace === namespace && !over);
    await Promise.all(concerned.map(async ({ pod, running }) => {
      try {
        await running.listen(await this.portsOf(pod));
      } catch (error) {
        process.stderr.write(`conformance: pod ${namespace}/${pod.metadata.name}: ${(error as Error).message}\n`);
      }
    }));
  }

  /** A process that ended by itself makes its pod not ready, once; the application of a job ends it. */
  private async checkLives(): Promise<void> {
    for (const entry of [...this.pods.values()].filter(one => !one.over)) {
      const { pod, running } = entry;
      const reason = running.failure();
      if (running.exitCode !== undefined) {
        entry.over = true;
        await this.complete(pod, running, running.exitCode).catch(() => undefined);
      } else if (reason) {
        entry.over = true;
        process.stderr.write(`conformance: pod ${pod.metadata.namespace}/${pod.metadata.name}: ${reason}\n`);
        await this.report(pod, running.address, { is: 'failed', message: reason }).catch(() => undefined);
      }
    }
  }

  /** Ends a pod whose application has ended: a sidecar container is stopped then, an ordinary container beside it goes on. */
  private async complete(pod: KubeObject, running: RunningPod, exitCode: number): Promise<void> {
    const proxyRuns = running.keepsProxy;
    if (!proxyRuns) {
      await running.stop(false);
    }
    await this.report(pod, running.address, { is: 'done', exitCode, proxyRuns });
  }

  /** Ports the application listens on: its own, and those that Services send to it. A gateway's are its proxy's. */
  private async portsOf(pod: KubeObject): Promise<number[]> {
    const applications = pod.spec.containers.filter((container: KubeObject) => container.name !== 'istio-proxy');
    if (applications.length === 0) {
      return [];
    }
    const own = applications.flatMap((container: KubeObject) => container.ports ?? []);
    const ports = new Set<number>(own.map((port: KubeObject) => port.containerPort));
    for (const service of await this.client.items(`/api/v1/namespaces/${pod.metadata.namespace}/services`)) {
      const selector = Object.entries(service.spec.selector ?? {});
      if (selector.length === 0 || !selector.every(([key, value]) => pod.metadata.labels?.[key] === value)) {
        continue;
      }
      for (const { port, targetPort } of service.spec.ports ?? []) {
        const target = targetPort ?? port;
        ports.add(typeof target === 'number' ? target : own.find((one: KubeObject) => one.name === target)?.containerPort ?? port);
      }
    }
    return [...ports];
  }

  private behaviorFor(pod: KubeObject): Behavior {
    const images = pod.spec.containers.map((container: KubeObject) => container.image);
    return behaviorOf(readFileSync(this.behaviors, 'utf8'), images);
  }

  private report(pod: KubeObject, address: string, stage: PodStage): Promise<KubeObject> {
    return this.client.merge(`${pathOf(pod)}/status`, { status: podStatus(pod, address, stage) });
  }
}

function pathOf(pod: KubeObject): string {
  return `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}`;
}
