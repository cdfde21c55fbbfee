import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { API_ADDRESS, ApiServer } from './apiserver';
import { atExit } from './at-exit';
import { Fabric, FABRIC_ADDRESS, networkNamespaces, removeRun } from './fabric';
import { local } from './http';
import { installation, ISTIOD, istiodReady, relaysOf, startIstiod, useEnvoy } from './istiod';
import { Kubelet } from './kubelet';
import type { Kubernetes, KubeObject } from './kubernetes';
import { Names } from './names';
import { Running, until } from './process';
import { Run } from './run';
import { BROKEN_STACK, STATE_VARIABLE, type StackState } from './state';
import { artifacts, type Artifacts, binaries, CACHE, cached, envoyBinary, hash } from './tools';

/** The whole stack, owned by the process that started it. */
export class Stack {
  /**
   * Builds what is missing, cleans up after runs whose owner has gone, and starts everything. What was started is stopped again
   * when something fails, and at the latest when the process exits.
   */
  public static async start(): Promise<Stack> {
    // Also what only some suites start: building takes longer than a test may.
    binaries('flagger');
    binaries('argo-rollouts');
    const tools = { kubernetes: binaries('kubernetes'), istio: binaries('istio'), app: binaries('app'), envoy: envoyBinary(), artifacts: artifacts() };
    for (const abandoned of Run.abandoned(networkNamespaces())) {
      process.stderr.write(`conformance: removing what run ${abandoned.id} left behind\n`);
      removeRun(abandoned);
    }
    const stack = new Stack(Run.begin(), tools);
    atExit(() => stack.stop());
    try {
      await stack.start();
    } catch (error) {
      stack.stop();
      throw error;
    }
    return stack;
  }

  private readonly fabric: Fabric;
  private readonly seconds: Record<string, number> = {};
  private kubelet?: Kubelet;
  private names?: Names;
  private health?: NodeJS.Timeout;
  private stopped = false;

  private constructor(
    private readonly run: Run,
    private readonly tools: { kubernetes: string; istio: string; app: string; envoy: string; artifacts: Artifacts },
  ) {
    this.fabric = new Fabric(run);
  }

  /** Stops every process and removes every namespace and file of the run. It may be called more than once. */
  public stop(): void {
    if (!this.stopped) {
      this.stopped = true;
      clearInterval(this.health);
      this.kubelet?.stop();
      this.names?.stop();
      removeRun(this.run);
    }
  }

  private async start(): Promise<void> {
    const began = Date.now();
    const program = this.publish();
    await this.phase('fabric', () => this.startFabric(program.app));
    const api = await this.startApiServer();
    await useEnvoy(api.client, program.envoy);
    const istiod = await this.phase('istiod', () => this.startIstiod(api));
    const behaviors = this.run.path('behaviors.json');
    writeFileSync(behaviors, '{}');
    this.names = new Names(api.client, this.run.path('fabric.sock'));
    this.names.start();
    this.kubelet = new Kubelet({
      owner: this.run, fabric: this.fabric, client: api.client, app: program.app, pilotAgent: program.pilotAgent,
      bootstrap: this.tools.artifacts.bootstrap,
    }, behaviors);
    this.kubelet.start();
    this.watchOver([...api.programs, istiod]);
    this.seconds.all = (Date.now() - began) / 1000;
    const state: StackState = {
      run: this.run.id, api: api.access, istioctl: join(this.tools.istio, 'istioctl'), behaviors, startSeconds: this.seconds,
    };
    process.env[STATE_VARIABLE] = this.run.path('state.json');
    writeFileSync(this.run.path('state.json'), JSON.stringify(state));
  }

  /**
   * An API server that holds every CRD and the installation of Istio. They are the same in every run and take long to apply, so
   * the first run keeps a copy of its data.
   */
  private async startApiServer(): Promise<ApiServer> {
    const { kubernetes, artifacts: files } = this.tools;
    const istio = installation(files);
    const name = `etcd-established-${hash(kubernetes, files.istio, istio)}`;
    const kept = join(CACHE, name);
    const data = existsSync(kept) ? kept : undefined;
    const api = await this.phase('API server', () => ApiServer.start(this.run, this.fabric.namespace, kubernetes, data));
    if (!data) {
      await this.phase('CRDs', () => applyAll(api.client, files.crds.map(file => readFileSync(file, 'utf8'))));
      await this.phase('installation', () => applyAll(api.client, [istio]));
      await established(api.client);
      cached(name, dir => api.copyData(dir));
    }
    return api;
  }

  private async startIstiod({ access, client }: ApiServer): Promise<Running> {
    const material = { owner: this.run, namespace: this.fabric.namespace, binaries: this.tools.istio, kubeconfig: access.kubeconfig, client };
    const program = startIstiod(material, ISTIOD);
    await istiodReady(material, ISTIOD, program);
    return program;
  }

  /** A program of the control plane that ends makes every later wait of a test fail with its log. */
  private watchOver(programs: Running[]): void {
    this.health = setInterval(() => {
      try {
        programs.forEach(program => program.mustLive());
      } catch (error) {
        clearInterval(this.health);
        process.stderr.write(`conformance: ${(error as Error).message}\n`);
        writeFileSync(this.run.path(BROKEN_STACK), (error as Error).message);
      }
    }, 500);
  }

  /** Copies what pods run to where their users may read it: the cache may lie in a home directory that is closed to them. */
  private publish(): { app: string; pilotAgent: string; envoy: string } {
    mkdirSync(this.run.path('bin'));
    const sources = { app: join(this.tools.app, 'app'), pilotAgent: join(this.tools.istio, 'pilot-agent'), envoy: this.tools.envoy };
    return Object.fromEntries(Object.entries(sources).map(([name, source]) => {
      const target = this.run.path('bin', name);
      copyFileSync(source, target);
      return [name, target];
    })) as { app: string; pilotAgent: string; envoy: string };
  }

  private async startFabric(app: string): Promise<void> {
    await this.fabric.create();
    const config = this.run.path('fabric.json');
    const socket = this.run.path('fabric.sock');
    writeFileSync(config, JSON.stringify({
      admin: socket, dns: `${FABRIC_ADDRESS}:53`,
      relays: [
        { unix: this.run.path('apiserver.sock'), tcp: API_ADDRESS },
        ...relaysOf(ISTIOD).map(({ socket: name, tcp }) => ({ unix: this.run.path(name), tcp })),
      ],
    }));
    const fabric = new Running({ namespace: this.fabric.namespace, argv: [app, config], log: this.run.path('fabric.log') });
    await until('the fabric is up', 10_000, async () => {
      fabric.mustLive();
      return (await local(socket, 'GET', '/identity')).status === 200;
    });
  }

  private async phase<T>(name: string, action: () => Promise<T>): Promise<T> {
    const began = Date.now();
    const result = await action();
    this.seconds[name] = (Date.now() - began) / 1000;
    return result;
  }
}

/** A copy of definitions that are not served yet would never serve them: nothing changes them any more. */
async function established(client: Kubernetes): Promise<void> {
  await until('every kind is served', 30_000, async () => {
    const definitions = await client.items('/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
    return definitions.every(({ status }) => status?.conditions?.some((one: KubeObject) => one.type === 'Established' && one.status === 'True'));
  }, 200);
}

/** Applies manifests side by side. An object whose kind is still being defined is tried again. */
async function applyAll(client: Kubernetes, manifests: string[]): Promise<void> {
  await Promise.all(manifests.map(manifest => until('manifests are applied', 30_000, async () => {
    const result = await client.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], manifest);
    if (result.code !== 0) {
      throw new Error(result.stderr);
    }
    return true;
  }, 200)));
}
