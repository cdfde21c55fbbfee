import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import type { Behavior } from './behavior';
import { argumentsOf, downwardFile, environment, type PodFacts } from './container';
import { type Fabric, FABRIC_ADDRESS, removeNamespace } from './fabric';
import { local, localJson } from './http';
import type { Kubernetes, KubeObject } from './kubernetes';
import { isProxy } from './pod-status';
import { logTail, run, Running, until } from './process';
import type { Run } from './run';

/** User and group of the proxy; iptables lets its traffic pass. */
const PROXY_USER = 1337;
/** User and group of the application: any other. */
const APP_USER = 1000;
const NODE = { cpu: 2, memory: 8 * 2 ** 30 };
/** A pod that has not become ready by then never will. */
const READY_WITHIN_MS = 60_000;
/** pilot-agent drains 5 s before it ends. */
const STOP_WITHIN_MS = 8_000;

/** What pods are made of; the same for all of a run. */
export interface PodMaterial {
  readonly owner: Run;
  readonly fabric: Fabric;
  readonly client: Kubernetes;
  readonly app: string;
  readonly pilotAgent: string;
  readonly bootstrap: string;
}

/** A pod was stopped before it was ready. */
export class PodStopped extends Error {}

/** A pod as processes in a network namespace of its own. */
export class RunningPod {
  public readonly address: string;
  /** Folder of the pod's files, named by its address; see {@link podSockets}. */
  private readonly dir: string;
  private namespace?: string;
  private sidecar?: Running;
  private app?: Running;
  private readonly containers: KubeObject[];
  private starting?: Promise<void>;
  private stopping?: Promise<void>;

  public constructor(private readonly material: PodMaterial, private readonly pod: KubeObject) {
    this.address = material.fabric.address();
    this.dir = material.owner.path(this.address);
    this.containers = [...pod.spec.initContainers ?? [], ...pod.spec.containers];
  }

  /**
   * Starts the namespace, runs the init containers, the proxy and the application, in the order of a kubelet.
   * @throws when one of them fails, with the end of its log
   * @throws PodStopped when it is stopped meanwhile
   */
  public start(ports: number[], behavior: Behavior): Promise<void> {
    this.starting = this.launch(ports, behavior);
    return this.starting;
  }

  /** Makes the application listen on further ports. One that is only starting is told as soon as it answers. */
  public async listen(ports: number[]): Promise<void> {
    await this.starting?.catch(() => undefined);
    if (this.app?.alive && !this.stopping) {
      await localJson(podSockets(this.material.owner, this.address).app, 'PUT', '/ports', ports);
    }
  }

  /** How the application ended, in a pod that runs to completion; undefined while it runs. */
  public get exitCode(): number | undefined {
    return this.isJob ? this.app?.exitCode : undefined;
  }

  /** Whether its proxy is an ordinary container, which no kubelet stops when the application has ended. */
  public get keepsProxy(): boolean {
    return this.pod.spec.containers.some(isProxy);
  }

  private get isJob(): boolean {
    return this.pod.spec.restartPolicy !== 'Always';
  }

  /** Why the pod can no longer work: a process of it ended by itself. */
  public failure(): string | undefined {
    if (this.stopping) {
      return undefined;
    }
    try {
      this.sidecar?.mustLive();
      if (this.exitCode === undefined) {
        this.app?.mustLive();
      }
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Ends the pod: the proxy drains while the application still answers, unless `atOnce`, which also cuts a draining short. */
  public async stop(atOnce: boolean): Promise<void> {
    if (atOnce && this.stopping) {
      await this.sidecar?.stop();
    }
    this.stopping ??= this.end(atOnce);
    await this.stopping;
  }

  private async end(atOnce: boolean): Promise<void> {
    await this.sidecar?.stop(atOnce ? 0 : STOP_WITHIN_MS);
    await this.app?.stop();
    await this.starting?.catch(() => undefined);
    await Promise.all([this.sidecar?.stop(), this.app?.stop()]);
    if (this.namespace) {
      removeNamespace(this.namespace);
    }
  }

  private async launch(ports: number[], behavior: Behavior): Promise<void> {
    const { metadata } = this.pod;
    this.mustGoOn();
    mkdirSync(this.dir);
    this.namespace = await this.material.fabric.attach(this.address, metadata.namespace);
    for (const init of this.containers.filter(container => isProxy(container) && container.args?.[0] === 'istio-iptables')) {
      await run(['ip', 'netns', 'exec', this.namespace, this.material.pilotAgent, ...init.args]);
    }
    const proxy = this.containers.find(container => isProxy(container) && container.args?.[0] === 'proxy');
    if (proxy) {
      await this.startProxy(proxy);
      if (this.isJob && (!this.keepsProxy || proxy.lifecycle?.postStart)) {
        // A sidecar's probe holds the application back, or a container's hook. One that serves need not wait: nobody asks it before the whole
        // pod is ready.
        await run(['ip', 'netns', 'exec', this.namespace, this.material.pilotAgent, 'wait', '--timeoutSeconds', `${READY_WITHIN_MS / 1000}`]);
      }
    }
    this.mustGoOn();
    this.startApp(ports, behavior);
    await until(`pod ${metadata.namespace}/${metadata.name} is ready`, READY_WITHIN_MS, () => this.isDecided(proxy !== undefined), 100)
      .catch((error: Error) => {
        throw new Error([error.message, logTail(join(this.dir, 'app.log')), proxy ? logTail(join(this.dir, 'proxy.log')) : ''].join('\n'));
      });
    this.mustGoOn();
    const failure = this.failure();
    if (failure) {
      throw new Error(failure);
    }
  }

  private mustGoOn(): void {
    if (this.stopping) {
      throw new PodStopped();
    }
  }

  /** Whether there is nothing to wait for: it is ready, or never will be. */
  private async isDecided(meshed: boolean): Promise<boolean> {
    if (this.failure() || this.stopping || this.exitCode !== undefined) {
      return true;
    }
    const { app, status } = podSockets(this.material.owner, this.address);
    const answers = await Promise.all([local(app, 'GET', '/identity'), ...meshed ? [local(status, 'GET', '/healthz/ready')] : []]);
    return answers.every(answer => answer.status === 200);
  }

  private startApp(ports: number[], behavior: Behavior): void {
    const { metadata } = this.pod;
    const sockets = podSockets(this.material.owner, this.address);
    const [main] = this.containers.filter(container => !isProxy(container));
    const config = join(this.dir, 'app.json');
    writeFileSync(config, JSON.stringify({
      admin: sockets.app,
      identity: {
        name: metadata.labels?.app ?? metadata.labels?.['app.kubernetes.io/name'] ?? main?.name ?? metadata.name,
        version: metadata.labels?.version ?? metadata.labels?.['app.kubernetes.io/version'] ?? main?.image.split(':')[1] ?? '',
        pod: metadata.name, namespace: metadata.namespace,
      },
      ports, behavior, once: this.isJob,
      relays: [{ unix: sockets.envoy, tcp: '127.0.0.1:15000' }, { unix: sockets.status, tcp: '127.0.0.1:15021' }],
    }));
    chownSync(this.dir, APP_USER, APP_USER);
    this.app = new Running({
      namespace: this.namespace!, argv: [this.material.app, config], user: APP_USER, log: join(this.dir, 'app.log'),
      env: { GOMEMLIMIT: '64MiB' },
    });
  }

  private async startProxy(container: KubeObject): Promise<void> {
    const root = join(this.dir, 'proxy');
    const facts: PodFacts = { pod: this.pod, address: this.address, hostAddress: FABRIC_ADDRESS, node: NODE };
    const env = environment(container, facts);
    await this.mount(root);
    this.mustGoOn();
    this.sidecar = new Running({
      namespace: this.namespace!, cwd: root, user: PROXY_USER, log: join(this.dir, 'proxy.log'), env,
      argv: [this.material.pilotAgent, ...argumentsOf(container, env)],
    });
  }

  /** The files of the proxy's volumes, below its working directory: pilot-agent looks for them by relative paths. */
  private async mount(root: string): Promise<void> {
    const { client, bootstrap } = this.material;
    const { metadata, spec } = this.pod;
    const account = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`;
    const token = await client.post(account, {
      apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['istio-ca'], expirationSeconds: 43200 },
    });
    const rootCertificate = await until(`istiod writes its root certificate into ${metadata.namespace}`, 20_000, async () =>
      (await client.get(`/api/v1/namespaces/${metadata.namespace}/configmaps/istio-ca-root-cert`)).data['root-cert.pem'] as string);
    const files: Record<string, string> = {
      'var/run/secrets/tokens/istio-token': token.status.token,
      'var/run/secrets/istio/root-cert.pem': rootCertificate,
      'etc/istio/pod/labels': downwardFile(metadata.labels),
      'etc/istio/pod/annotations': downwardFile(metadata.annotations),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    for (const path of ['etc/istio/proxy', 'var/lib/istio/data', 'var/lib/istio/envoy', 'var/run/secrets/workload-spiffe-uds', 'var/run/secrets/credential-uds']) {
      mkdirSync(join(root, path), { recursive: true });
    }
    writeFileSync(join(root, 'var/lib/istio/envoy/envoy_bootstrap_tmpl.json'), upstreamBootstrap(readFileSync(bootstrap, 'utf8')));
    own(root);
  }
}

/** The template without the extension of Istio's own Envoy that looks workloads up: a waypoint's agent asks for it whatever is configured. */
function upstreamBootstrap(template: string): string {
  return template.replaceAll('{{- if .metadata_discovery }}', '{{- if false }}');
}

function own(path: string): void {
  chownSync(path, PROXY_USER, PROXY_USER);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      own(child);
    } else {
      chownSync(child, PROXY_USER, PROXY_USER);
    }
  }
}

/** Sockets of the pod with an address. They exist only while it runs. */
export function podSockets(owner: Run, address: string): { app: string; envoy: string; status: string } {
  const dir = owner.path(address);
  return { app: join(dir, 'app.sock'), envoy: join(dir, 'envoy.sock'), status: join(dir, 'status.sock') };
}

/** Resident memory in bytes of one of the proxy's two processes in the pod with an address. */
export async function residentBytes(owner: Run, address: string, program: 'envoy' | 'pilotAgent'): Promise<number> {
  const pids = (await run(['ip', 'netns', 'pids', owner.namespace(address)])).split('\n').filter(pid => pid !== '');
  for (const pid of pids) {
    if (existsSync(`/proc/${pid}/comm`) && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program) {
      return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
    }
  }
  throw new Error(`no ${program} runs in the pod at ${address}`);
}
