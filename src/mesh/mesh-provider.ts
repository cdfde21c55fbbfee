import { refusedLabel } from '../model/names';
import { PROVIDER_FACTS, ProviderId } from '../model/provider';
import { GatewayChannel } from './gateway-channel';
import { refuse } from './invalid';
import { acceptedName } from './kubernetes-name';

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

  /** Linkerd, with a proxy beside every pod. What it has no word for is refused with what to use instead. */
  public static linkerd(options: LinkerdOptions = {}): MeshProvider {
    return new MeshProvider('linkerd', { ...options, channel: options.channel ?? GatewayChannel.STANDARD });
  }

  private readonly release: string;

  private constructor(private readonly id: ProviderId, private readonly options: GatewayApiOptions) {
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
    };
  }
}
