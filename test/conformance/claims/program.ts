import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import {
  Adoption, EgressScope, FindingCode, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, Severity, type MeshProps, type MeshServiceProps,
} from '../../../src';
import type { Cluster } from '../stack';

/** What a pod of a program carries beside its name. */
export interface PodOptions {
  /** @default 1 */
  readonly replicas?: number;
  /** Decides the behavior that the pod starts with. @default NAME:1 */
  readonly image?: string;
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
  readonly nodeSelector?: Record<string, string>;
  /** @default - those of the service's ports */
  readonly containerPorts?: number[];
}

export interface ServiceSpec extends Partial<Omit<MeshServiceProps, 'mesh' | 'workload' | 'replicas'>> {
  readonly pods?: PodOptions;
  /** Versions to pods; the first one is the service's own. @default - one version, v1 */
  readonly versions?: Record<string, PodOptions>;
}

/** Annotations of a pod whose proxy has one worker thread: each of them may open a connection, whatever the limit is. */
export const ONE_WORKER = { 'sidecar.istio.io/proxyCPULimit': '1' };

/** The port on which all services of the claims serve HTTP. */
export const HTTP = MeshPort.http(8080, { port: 80 });

/**
 * A program of one namespace. It is written with the library as a user writes it; this class only saves the repetition of
 * Deployments, and makes a finding that nobody expected an error.
 */
export class Program {
  public readonly app = new App();
  public readonly chart: Chart;
  public readonly mesh: Mesh;

  public constructor(public readonly namespace: string, props: Partial<MeshProps> = {}) {
    this.chart = new Chart(this.app, namespace, { namespace });
    this.mesh = new Mesh(this.chart, 'mesh', {
      provider: MeshProvider.istio(),
      adoption: Adoption.assess({ services: 40, regulatedEncryption: true, hardToDebugLatency: true }),
      ...props,
    });
    new MeshNamespace(this.chart, namespace, { mesh: this.mesh });
  }

  /** Findings of these kinds are what the program is about. */
  public accept(reason: string, ...codes: FindingCode[]): this {
    codes.forEach(code => this.mesh.suppress(code, { reason }));
    return this;
  }

  /** A service with its pods, by default on port 80 over HTTP. */
  public service(name: string, { pods = {}, versions, ports = [HTTP], ...props }: ServiceSpec = {}): MeshService {
    const [[first, firstPods], ...others] = Object.entries(versions ?? { v1: pods });
    const containerPorts = ports.map(port => port.containerPort);
    const deployment = (version: string, options: PodOptions) =>
      this.deployment(versions === undefined ? name : `${name}-${version}`, { containerPorts, ...options });
    const service = new MeshService(this.chart, name, {
      egress: EgressScope.declared(), ...props, ports, mesh: this.mesh, version: first, workload: deployment(first, firstPods),
    });
    for (const [version, options] of others) {
      service.addVersion(version, { workload: deployment(version, options) });
    }
    return service;
  }

  /** A service that only calls others; its first pod sends the load of a test. */
  public client(name: string, pods: PodOptions = {}, props: ServiceSpec = {}): MeshService {
    return this.service(name, { ...props, ports: [], pods });
  }

  public deployment(name: string, { replicas = 1, ...pods }: PodOptions = {}): k8s.KubeDeployment {
    return new k8s.KubeDeployment(this.chart, `${name}-deployment`, {
      metadata: { name },
      spec: { replicas, selector: { matchLabels: { pods: name } }, template: podTemplate(name, pods) },
    });
  }

  /**
   * The manifest.
   * @throws when the program has an error or a warning that is not accepted
   */
  public yaml(): string {
    const unexpected = this.mesh.findings.filter(({ severity }) => severity !== Severity.INFO);
    if (unexpected.length > 0) {
      throw new Error(unexpected.map(({ code, construct, message, fix }) => `${code} at ${construct}: ${message}. ${fix}.`).join('\n'));
    }
    return this.app.synthYaml();
  }

  /** Applies it and waits until its pods are ready and every proxy has its configuration. */
  public async start(cluster: Cluster): Promise<void> {
    await cluster.apply(this.yaml());
    await cluster.ready(this.namespace);
  }
}

export function podTemplate(name: string, options: Omit<PodOptions, 'replicas'> = {}): k8s.PodTemplateSpec {
  const { image = `${name}:1`, annotations, labels, nodeSelector, containerPorts = [] } = options;
  return {
    metadata: { labels: { pods: name, ...labels }, annotations },
    spec: { nodeSelector, containers: [{ name: 'app', image, ports: containerPorts.map(containerPort => ({ containerPort })) }] },
  };
}
