import { isAddress } from '../mesh/address';
import { ICallee } from '../mesh/callee';
import { refuse } from '../mesh/invalid';
import { acceptedName } from '../mesh/kubernetes-name';
import { refusedLabel, refusedSubdomain } from '../model/names';
import { PrincipalNode } from '../model/security';

/**
 * Parts of an account's identity.
 */
export interface ServiceAccountOptions {
  /**
   * Trust domain that issued the identity.
   * @default - the mesh's own, and those that it had before
   */
  readonly trustDomain?: string;
}

/**
 * Who sends a request: known by the identity in its certificate, or by its address.
 */
export class Principal {
  /** A service of the program: every account that its versions run as. */
  public static service(service: ICallee): Principal {
    return new Principal({ kind: 'service', service: service.calleeId }, service);
  }

  /** Pods that run as one account, of this program or not: a batch job, an ingress gateway. */
  public static serviceAccount(namespace: string, name: string, options: ServiceAccountOptions = {}): Principal {
    acceptedName('Principal.serviceAccount', 'namespace', namespace, refusedLabel);
    acceptedName('Principal.serviceAccount', 'name', name, refusedSubdomain);
    const { trustDomain } = options;
    if (trustDomain !== undefined) {
      acceptedName('Principal.serviceAccount', 'trustDomain', trustDomain, refusedSubdomain);
    }
    return new Principal({ kind: 'account', namespace, account: name, trustDomain });
  }

  /** Every account of a namespace, those of tomorrow included. */
  public static namespace(name: string): Principal {
    return new Principal({ kind: 'namespace', namespace: acceptedName('Principal.namespace', 'name', name, refusedLabel) });
  }

  /** Every workload that has an identity of the mesh. */
  public static anyWorkload(): Principal {
    return new Principal({ kind: 'workload' });
  }

  /** Whoever reaches the port, without identity, too. A rule with it needs a reason. */
  public static anyone(): Principal {
    return new Principal({ kind: 'anyone' });
  }

  /**
   * Peers by the address of their connection: `10.1.0.0/16`, `10.1.2.3`. Behind a gateway or a load balancer that is its address.
   */
  public static addresses(...blocks: string[]): Principal {
    return new Principal({ kind: 'addresses', blocks: networks('Principal.addresses', blocks), forwarded: false });
  }

  /**
   * Clients by the address that the gateways in front of the mesh report. Only right where the mesh is told how many gateways to trust;
   * otherwise clients may choose their address.
   */
  public static clientAddresses(...blocks: string[]): Principal {
    return new Principal({ kind: 'addresses', blocks: networks('Principal.clientAddresses', blocks), forwarded: true });
  }

  private constructor(private readonly node: PrincipalNode, private readonly calling?: ICallee) {}

  /** @internal */
  public get _service(): ICallee | undefined {
    return this.calling;
  }

  /** @internal */
  public _node(): PrincipalNode {
    return this.node;
  }
}

/** IP addresses and networks, each written as the network that it is. */
export function networks(where: string, blocks: readonly string[], property = 'blocks'): readonly string[] {
  if (blocks.length === 0) {
    refuse(where, property, blocks, 'give at least one; none would mean everybody');
  }
  for (const block of blocks) {
    if (!isAddress(block)) {
      refuse(where, property, block, 'give an IP address or a CIDR block, for instance 10.1.2.3 or 10.1.0.0/16');
    }
    const network = networkOf(block);
    if (network !== undefined && network !== block) {
      refuse(where, property, block, `the network of that size is ${network}; write it, or the one address without a slash`);
    }
  }
  return Object.freeze([...blocks]);
}

/** The IPv4 network that a block lies in, with the bits of hosts cleared. */
function networkOf(block: string): string | undefined {
  const [address, bits] = block.split('/');
  if (bits === undefined || address.includes(':')) {
    return undefined;
  }
  const mask = Number(bits) === 0 ? 0 : (0xffffffff << (32 - Number(bits))) >>> 0;
  const value = address.split('.').reduce((sum, part) => (sum * 256) + Number(part), 0);
  const network = (value & mask) >>> 0;
  return `${[24, 16, 8, 0].map((shift) => (network >>> shift) & 255).join('.')}/${bits}`;
}
