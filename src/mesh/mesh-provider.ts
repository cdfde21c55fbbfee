import type { AmbientNode } from '../model/ambient';
import { refusedLabel } from '../model/names';
import { PROVIDER_FACTS, ProviderId } from '../model/provider';
import { GatewayChannel } from './gateway-channel';
import { refuse } from './invalid';
import { acceptedName } from './kubernetes-name';
import { Waypoints } from './waypoints';

/**
 * What is known of an Istio installation.
 */
export interface IstioOptions {
  /**
   * Version of Istio that reads the output, `major.minor`: `1.30` or `1.31`.
   * @default 1.31 - the newest whose API was checked
   */
  readonly release?: string;
  /**
   * Revision of the control plane whose proxies are injected, as in `istioctl install --revision`.
   * @default - the default revision
   */
  readonly revision?: string;
  /**
   * Namespace of the control plane.
   * @default istio-system
   */
  readonly systemNamespace?: string;
}

/**
 * What is known of an installation of Gateway API, and of the Istio that reads it.
 */
export interface GatewayApiOptions {
  /**
   * Release of Gateway API whose definitions the cluster has, `major.minor`: `1.5` or `1.6`.
   * @default 1.5 - the one whose definitions the output was checked against
   */
  readonly release?: string;
  /**
   * Which of that release's definitions the cluster has.
   * @default GatewayChannel.STANDARD - nothing is written that may still change
   */
  readonly channel?: GatewayChannel;
  /**
   * Revision of the control plane whose proxies are injected, as in `istioctl install --revision`.
   * @default - the default revision
   */
  readonly revision?: string;
  /**
   * Namespace of the control plane.
   * @default istio-system
   */
  readonly systemNamespace?: string;
}

/**
 * What is known of an Istio installation in ambient mode.
 */
export interface IstioAmbientOptions {
  /**
   * Version of Istio that reads the output, `major.minor`: `1.30` or `1.31`.
   * @default 1.31 - the newest whose API was checked
   */
  readonly release?: string;
  /**
   * Which definitions of Gateway API the cluster has: waypoints are told of routes by them, and only the experimental ones can say retries.
   * @default GatewayChannel.STANDARD - nothing is written that may still change
   */
  readonly channel?: GatewayChannel;
  /**
   * Revision of the control plane that runs the waypoints and injects the sidecars that are left, as in `istioctl install --revision`.
   * @default - the default revision
   */
  readonly revision?: string;
  /**
   * Namespace of the control plane.
   * @default istio-system
   */
  readonly systemNamespace?: string;
  /**
   * Whether there are proxies that read requests.
   * @default Waypoints.whereNeeded()
   */
  readonly waypoints?: Waypoints;
  /**
   * Namespaces whose pods still have sidecars, on the way from `MeshProvider.istio` to ambient mode: they are written as before. Take them
   * out of this list one at a time, those that are called before those that call.
   * @default - none
   */
  readonly sidecarNamespaces?: string[];
}

/**
 * What is known of a Linkerd installation.
 */
export interface LinkerdOptions {
  /**
   * Release of Linkerd that reads the output, `major.minor`: `2.18`, `2.19` or `2.20`.
   * @default 2.20 - the newest whose API was checked
   */
  readonly release?: string;
  /**
   * Which definitions of Gateway API the cluster has. Linkerd reads routes of TCP and TLS connections in their experimental versions alone.
   * @default GatewayChannel.STANDARD - nothing is written that may still change
   */
  readonly channel?: GatewayChannel;
  /**
   * Namespace of the control plane. It is a part of every identity.
   * @default linkerd
   */
  readonly systemNamespace?: string;
}

/**
 * The mesh that a program is written out for.
 */
export class MeshProvider {
  /** Istio with a proxy beside every pod. */
  public static istio(options: IstioOptions = {}): MeshProvider {
    return new MeshProvider('istio', options);
  }

  /**
   * Gateway API on Services (GAMMA) and Kubernetes' own resources alone, read by Istio's sidecars of 1.31. What Gateway API has no word for is
   * refused with what to use instead.
   */
  public static gatewayApi(options: GatewayApiOptions = {}): MeshProvider {
    return new MeshProvider('gateway-api', { ...options, channel: options.channel ?? GatewayChannel.STANDARD });
  }

  /**
   * Istio in ambient mode: one proxy a node for encryption, identity and rules about connections, and a waypoint in front of each service that
   * needs a proxy which reads requests. No pod gets a proxy.
   * Throws on an unknown release and on a name that Kubernetes refuses.
   */
  public static istioAmbient(options: IstioAmbientOptions = {}): MeshProvider {
    const sidecarNamespaces = Object.freeze([...options.sidecarNamespaces ?? []]);
    sidecarNamespaces.forEach((name) => acceptedName('MeshProvider.istioAmbient', 'sidecarNamespaces', name, refusedLabel));
    const ambient = Object.freeze({ ...(options.waypoints ?? Waypoints.whereNeeded())._node(), sidecarNamespaces });
    const { release, revision, systemNamespace, channel = GatewayChannel.STANDARD } = options;
    return new MeshProvider('istio-ambient', { release, revision, systemNamespace, channel }, ambient);
  }

  /** Linkerd, with a proxy beside every pod. What it has no word for is refused with what to use instead. */
  public static linkerd(options: LinkerdOptions = {}): MeshProvider {
    return new MeshProvider('linkerd', { ...options, channel: options.channel ?? GatewayChannel.STANDARD });
  }

  private readonly release: string;

  private constructor(private readonly id: ProviderId, private readonly options: GatewayApiOptions, private readonly ambient?: AmbientNode) {
    const { versions, defaultVersion, label, factory } = PROVIDER_FACTS[id];
    const { release, revision, systemNamespace } = options;
    const where = `MeshProvider.${factory}`;
    for (const [property, name] of [['revision', revision], ['systemNamespace', systemNamespace]] as const) {
      if (name !== undefined) {
        acceptedName(where, property, name, refusedLabel);
      }
    }
    this.release = release ?? defaultVersion;
    if (!versions.includes(this.release)) {
      refuse(where, 'release', release, `give one of ${versions.join(', ')}, the versions of ${label} that this library was checked with`);
    }
  }

  /** @internal */
  public _node() {
    return {
      provider: this.id,
      providerVersion: this.release,
      revision: this.options.revision,
      systemNamespace: this.options.systemNamespace ?? PROVIDER_FACTS[this.id].systemNamespace,
      gatewayChannel: this.options.channel,
      ...this.ambient && { ambient: this.ambient },
    };
  }
}
