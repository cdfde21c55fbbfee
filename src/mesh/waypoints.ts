import { refusedServiceName } from '../model/names';
import { acceptedName } from './kubernetes-name';

/**
 * How the waypoints of an ambient mesh are called.
 */
export interface WaypointOptions {
  /**
   * Name of the waypoint in each namespace that has one, and of its account.
   * @default waypoint
   */
  readonly name?: string;
}

/**
 * Whether an ambient mesh has waypoints: proxies that read requests. Without one a service has what the proxy of the node gives: encryption,
 * identities, and rules about connections.
 */
export class Waypoints {
  /**
   * One in each namespace with a service that asks for what only a waypoint can do: a route, a split, retries, a deadline, a circuit breaker,
   * a load balancing of its own, a canary, a rule about requests, a token. Only requests to such services go through it.
   * Throws on a name that Kubernetes refuses.
   */
  public static whereNeeded(options: WaypointOptions = {}): Waypoints {
    const name = options.name ?? DEFAULT_NAME;
    acceptedName('Waypoints.whereNeeded', 'name', name, (text) => text === 'none' ? 'means no waypoint at all to Istio' : refusedServiceName(text));
    return new Waypoints('where-needed', name);
  }

  /** None at all: encryption and identity alone. A service that asks for more is an error that says what it asks for. */
  public static never(): Waypoints {
    return new Waypoints('never', DEFAULT_NAME);
  }

  private constructor(private readonly kind: 'where-needed' | 'never', private readonly waypointName: string) {}

  /** @internal */
  public _node() {
    return { waypoints: this.kind, waypointName: this.waypointName };
  }
}

const DEFAULT_NAME = 'waypoint';
