import { Duration } from 'cdk8s';
import { millis, refuse } from '../mesh/invalid';
import { isAmbient } from '../model/data-plane';
import { MetricSourceNode } from '../model/delivery';
import { MeshNode } from '../model/mesh-model';
import { ProviderId } from '../model/provider';
import { url } from './url';

/**
 * How Prometheus is reached, and what it knows of pods.
 */
export interface MetricSourceOptions {
  /**
   * URL of Prometheus, as the engine reaches it.
   * @default - http://prometheus.istio-system:9090, with the mesh's own system namespace: where Istio's addon puts it. For Linkerd's telemetry
   * http://prometheus.linkerd-viz:9090, where its viz extension puts it
   */
  readonly prometheus?: string;
  /**
   * How often Prometheus scrapes the pods.
   * @default Duration.seconds(15)
   */
  readonly scrapedEvery?: Duration;
  /**
   * Label with the name of the pod that a series was scraped from.
   * @default pod
   */
  readonly podLabel?: string;
  /**
   * Label with its namespace.
   * @default namespace
   */
  readonly namespaceLabel?: string;
}

/**
 * Whose metrics the gates read. What the program asks by itself (`Gate.promql`) is read from the same Prometheus.
 */
export class MetricSource {
  /**
   * Istio's own telemetry, as the server's proxy reports it: `istio_requests_total` with `reporter="destination"`, or with `reporter="waypoint"`
   * where pods have no proxy of their own.
   */
  public static istio(options: MetricSourceOptions = {}): MetricSource {
    return new MetricSource('istio', options);
  }

  /**
   * Envoy's own statistics of the inbound side, for meshes whose telemetry is off. The pods are given the annotation that makes the proxy keep
   * them. They know no status of gRPC.
   */
  public static envoy(options: MetricSourceOptions = {}): MetricSource {
    return new MetricSource('envoy', options);
  }

  /** Linkerd's own telemetry: `response_total` with `direction="inbound"`. */
  public static linkerd(options: MetricSourceOptions = {}): MetricSource {
    return new MetricSource('linkerd', options);
  }

  /** @internal */
  public static _ofMesh(provider: ProviderId): MetricSource {
    return provider === 'linkerd' ? MetricSource.linkerd() : MetricSource.istio();
  }

  private constructor(private readonly kind: MetricSourceNode['kind'], private readonly options: MetricSourceOptions) {
    const where = `MetricSource.${kind}`;
    if (options.prometheus !== undefined) {
      url(where, 'prometheus', options.prometheus);
    }
    for (const property of ['podLabel', 'namespaceLabel'] as const) {
      const label = options[property];
      if (label !== undefined && !/^[A-Za-z_]\w*$/.test(label)) {
        refuse(where, property, label, 'give the name of a label in Prometheus: letters, digits and underscores');
      }
    }
    if (options.scrapedEvery !== undefined) {
      millis(where, 'scrapedEvery', options.scrapedEvery);
    }
  }

  /** @internal */
  public _node(mesh: Pick<MeshNode, 'systemNamespace' | 'provider' | 'ambient'>, namespace?: string): MetricSourceNode {
    const { prometheus, scrapedEvery, podLabel, namespaceLabel } = this.options;
    return Object.freeze({
      kind: this.kind,
      ...this.kind === 'istio' && isAmbient(mesh, namespace) && { fromWaypoints: true },
      address: prometheus ?? `http://prometheus.${this.kind === 'linkerd' ? 'linkerd-viz' : mesh.systemNamespace}:9090`,
      scrapedEveryMs: (scrapedEvery ?? Duration.seconds(15)).toMilliseconds(),
      podLabel: podLabel ?? 'pod',
      namespaceLabel: namespaceLabel ?? 'namespace',
    });
  }
}
