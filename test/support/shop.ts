/** The smallest programs, which tests complete. */
import { ApiObject, App, AppProps, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Adoption, Mesh, MeshPort, MeshProps, MeshProvider, MeshService, MeshServiceProps } from '../../src';

export interface Shop {
  readonly app: App;
  /** The chart `shop` of the namespace `shop`. */
  readonly chart: Chart;
  /** The mesh `shop/mesh`. */
  readonly mesh: Mesh;
}

/** An assessment under which everything is allowed, so that it adds no finding. */
export const FULL_MESH = Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true, hardToDebugLatency: true });

export function shop(props: Partial<MeshProps> = {}, appProps: AppProps = {}): Shop {
  const app = new App(appProps);
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  return { app, chart, mesh: new Mesh(chart, 'mesh', { provider: MeshProvider.istio(), adoption: FULL_MESH, ...props }) };
}

export interface PodOptions {
  readonly kind?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly selector?: Record<string, string>;
  readonly port?: number;
  readonly spec?: Record<string, unknown>;
  /** Fields of the workload's own spec. */
  readonly workload?: Record<string, unknown>;
}

/** A raw workload of one container. Where nothing is said its pod template has no metadata at all. */
export function workload(scope: Construct, id: string, options: PodOptions = {}): ApiObject {
  const { kind = 'Deployment', labels, annotations } = options;
  const metadata = labels === undefined && annotations === undefined ? undefined : { labels, annotations };
  const template = {
    metadata, spec: { containers: [{ name: id, image: `example.com/${id}:1`, ports: [{ containerPort: options.port ?? 8080 }] }], ...options.spec },
  };
  const batch = kind === 'Job' || kind === 'CronJob';
  const spec = kind === 'Pod' ? template.spec
    : kind === 'CronJob' ? { schedule: '* * * * *', jobTemplate: { spec: { template } }, ...options.workload }
      : { ...(!batch && { selector: { matchLabels: options.selector ?? { 'example.com/workload': id } } }), template, ...options.workload };
  return new ApiObject(scope, id, {
    apiVersion: kind === 'Pod' ? 'v1' : batch ? 'batch/v1' : 'apps/v1', kind, metadata: { name: id, ...(kind === 'Pod' && metadata) }, spec,
  });
}

/** A service with a raw Deployment of its own, which listens on HTTP 8080. */
export function service({ chart, mesh }: Pick<Shop, 'chart' | 'mesh'>, id: string, props: Partial<MeshServiceProps> = {}): MeshService {
  const own = props.podLabels === undefined && props.workload === undefined ? { workload: workload(chart, `${id}-pods`) } : {};
  return new MeshService(chart, id, { mesh, ports: [MeshPort.http(8080)], ...own, ...props });
}
