import { refusedLabel } from '../model/names';
import { PROVIDER_FACTS, ProviderId } from '../model/provider';
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
 * The mesh that a program is written out for.
 */
export class MeshProvider {
  /** Istio with a proxy beside every pod. */
  public static istio(options: IstioOptions = {}): MeshProvider {
    return new MeshProvider('istio', options.release, options.revision, options.systemNamespace);
  }

  private readonly release: string;

  private constructor(
    private readonly id: ProviderId, release: string | undefined, private readonly revision: string | undefined,
    private readonly systemNamespace: string | undefined,
  ) {
    const { versions, label } = PROVIDER_FACTS[id];
    const where = `MeshProvider.${id}`;
    for (const [property, name] of [['revision', revision], ['systemNamespace', systemNamespace]] as const) {
      if (name !== undefined) {
        acceptedName(where, property, name, refusedLabel);
      }
    }
    this.release = release ?? versions[versions.length - 1];
    if (!versions.includes(this.release)) {
      refuse(where, 'release', release, `give one of ${versions.join(', ')}, the versions of ${label} that this library was checked with`);
    }
  }

  /** @internal */
  public _node() {
    return {
      provider: this.id,
      providerVersion: this.release,
      revision: this.revision,
      systemNamespace: this.systemNamespace ?? PROVIDER_FACTS[this.id].systemNamespace,
    };
  }
}
