import { mkdirSync, renameSync, writeFileSync } from 'fs';
import { join } from 'path';
import { stringify } from 'yaml';
import type { Cluster } from './cluster';
import { FABRIC_ADDRESS } from './fabric';
import { local, localJson } from './http';
import type { KubeObject } from './kubernetes';
import { run, Running, until } from './process';
import { Run } from './run';
import { binaries } from './tools';

/** Progressive delivery engines that the stack runs. */
export type Engine = 'flagger' | 'argo-rollouts';

/** Where pods and engines find Prometheus: a Service, as in a cluster. */
export const PROMETHEUS_URL = 'http://prometheus.istio-system:9090';

const SCRAPE_EVERY = '2s';
const TARGETS_EVERY_MS = 1000;
const HEALTH: Record<Engine, { port: number; path: string }> = {
  'flagger': { port: 18081, path: '/healthz' },
  'argo-rollouts': { port: 18091, path: '/healthz' },
};

/** Delivery engines, and the Prometheus that they ask, beside the control plane. A suite starts them and stops them at its end. */
export class Delivery {
  /** Starts Prometheus and the engines, and waits until they are healthy. */
  public static async start(cluster: Cluster, engines: Engine[]): Promise<Delivery> {
    const delivery = new Delivery(cluster);
    try {
      await delivery.startPrometheus();
      await Promise.all(engines.map(engine => delivery.startEngine(engine)));
    } catch (error) {
      await delivery.stop();
      throw error;
    }
    return delivery;
  }

  private readonly run: Run;
  private readonly running: Running[] = [];
  private timer?: NodeJS.Timeout;

  private constructor(private readonly cluster: Cluster) {
    this.run = new Run(cluster.state.run);
  }

  /** Samples of an instant query: labels and value. */
  public async query(promql: string): Promise<{ metric: Record<string, string>; value: number }[]> {
    const { data } = await localJson<{ data: { result: { metric: Record<string, string>; value: [number, string] }[] } }>(
      this.socket('prometheus'), 'GET', `/api/v1/query?query=${encodeURIComponent(promql)}`);
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  public async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.running.map(one => one.stop(2000)));
  }

  private async startPrometheus(): Promise<void> {
    const dir = this.run.path('prometheus');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'prometheus.yml'), stringify({
      global: { scrape_interval: SCRAPE_EVERY, evaluation_interval: SCRAPE_EVERY },
      scrape_configs: [{
        job_name: 'envoy', metrics_path: '/stats/prometheus', params: { usedonly: [''] },
        // Debian's build has no Kubernetes discovery.
        file_sd_configs: [{ files: [join(dir, 'targets.json')], refresh_interval: '1s' }],
      }],
    }));
    await this.writeTargets(dir);
    this.timer = setInterval(() => void this.writeTargets(dir).catch(() => undefined), TARGETS_EVERY_MS);
    const prometheus = this.launch('prometheus', ['/usr/bin/env', 'prometheus',
      '--config.file', join(dir, 'prometheus.yml'), '--storage.tsdb.path', join(dir, 'data'), '--web.listen-address', ':9090']);
    await this.cluster.apply(SERVICE);
    // Engines run in the fabric itself, whose only routes are those to pods.
    const { spec } = await this.cluster.kubernetes.get('/api/v1/namespaces/istio-system/services/prometheus');
    await run(['ip', '-n', this.cluster.state.api.namespace, 'route', 'replace', `${spec.clusterIP}/32`, 'dev', 'lo', 'src', FABRIC_ADDRESS]);
    await this.healthy('prometheus', prometheus, 9090, '/-/ready');
  }

  /** One target a proxy, with the labels that queries select by. */
  private async writeTargets(dir: string): Promise<void> {
    const targets = (await this.cluster.meshedPods()).map((pod: KubeObject) => ({
      targets: [`${pod.status.podIP}:15090`],
      labels: {
        namespace: pod.metadata.namespace, pod: pod.metadata.name,
        app: pod.metadata.labels?.app ?? '', version: pod.metadata.labels?.version ?? '',
        rollouts_pod_template_hash: pod.metadata.labels?.['rollouts-pod-template-hash'] ?? '',
      },
    }));
    writeFileSync(join(dir, 'targets.json.new'), JSON.stringify(targets));
    renameSync(join(dir, 'targets.json.new'), join(dir, 'targets.json'));
  }

  private async startEngine(engine: Engine): Promise<void> {
    const { kubeconfig } = this.cluster.state.api;
    const dir = binaries(engine);
    const { port, path } = HEALTH[engine];
    const argv: Record<Engine, string[]> = {
      'flagger': [join(dir, 'flagger'), `-kubeconfig=${kubeconfig}`, '-mesh-provider=istio', `-metrics-server=${PROMETHEUS_URL}`,
        // The shortest analysis interval that Flagger takes is 10 s; this is how often it looks for canaries.
        '-control-loop-interval=5s', `-port=${port}`, '-log-level=info'],
      'argo-rollouts': [join(dir, 'rollouts-controller'), '--kubeconfig', kubeconfig, '--leader-elect=false', '--istio-api-version=v1',
        '--metricsPort=18090', `--healthzPort=${port}`],
    };
    await this.healthy(engine, this.launch(engine, argv[engine]), port, path);
  }

  private launch(name: string, argv: string[]): Running {
    const program = new Running({ namespace: this.cluster.state.api.namespace, argv, log: this.run.path(`${name}.log`) });
    this.running.push(program);
    return program;
  }

  private async healthy(name: string, program: Running, port: number, path: string): Promise<void> {
    await localJson(this.run.path('fabric.sock'), 'POST', '/relays', { unix: this.socket(name), tcp: `127.0.0.1:${port}` });
    await until(`${name} is healthy`, 60_000, async () => {
      program.mustLive();
      return (await local(this.socket(name), 'GET', path)).status === 200;
    }, 100);
  }

  private socket(name: string): string {
    return this.run.path(`${name}.sock`);
  }
}

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: prometheus, namespace: istio-system}
spec: {ports: [{name: http, port: 9090}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: prometheus-conformance
  namespace: istio-system
  labels: {kubernetes.io/service-name: prometheus, endpointslice.kubernetes.io/managed-by: conformance}
addressType: IPv4
endpoints: [{addresses: [${FABRIC_ADDRESS}], conditions: {ready: true}}]
ports: [{name: http, port: 9090, protocol: TCP}]
`;
