/**
 * No ztunnel runs on this stack. What it does for the pods of a caller, a gateway of the caller's own account does here: it takes plain connections,
 * and carries them, with that account's identity and in a tunnel, to the waypoint of the service that they are for. It reads no request.
 */
import { stringify } from 'yaml';
import { AMBIENT_REVISION, type Cluster, type KubeObject, until } from '../stack';

const API = 'gateway.networking.k8s.io/v1';
const FIRST_PORT = 20_000;

/** A port of a service, as a caller of another namespace sees it. */
export interface Target {
  readonly namespace: string;
  readonly service: string;
  readonly port: number;
}

/** The proxy of the node of a caller, for some targets. */
export class NodeProxy {
  public constructor(private readonly namespace: string, private readonly account: string, private readonly targets: readonly Target[]) {}

  /** Where the caller connects to instead of the target; the request names the target's host in its header. */
  public authority(service: string, port: number): string {
    const index = this.targets.findIndex(target => target.service === service && target.port === port);
    if (index < 0) {
      throw new Error(`${this.account} has no way to ${service}:${port}`);
    }
    return `${this.name}.${this.namespace}:${FIRST_PORT + index}`;
  }

  public yaml(): string {
    return [this.gateway(), this.service(), this.servers(), this.routes(), this.policy(), ...this.targets.map((target, index) => this.rule(target, index))].map(one => stringify(one)).join('---\n');
  }

  private get name(): string {
    return `${this.account}-node`;
  }

  /** Of this object istiod makes the proxy. Its listener is not used: TCPRoutes are of a version that these definitions do not have. */
  private gateway(): KubeObject {
    return {
      apiVersion: API, kind: 'Gateway',
      metadata: {
        name: this.name, namespace: this.namespace, labels: { 'istio.io/rev': AMBIENT_REVISION },
        annotations: {
          'gateway.istio.io/name-override': `${this.name}-proxy`, 'gateway.istio.io/service-account': this.account, 'networking.istio.io/service-type': 'ClusterIP',
        },
      },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'unused', port: 8080, protocol: 'HTTP' }] },
    };
  }

  private service(): KubeObject {
    return {
      apiVersion: 'v1', kind: 'Service', metadata: { name: this.name, namespace: this.namespace },
      spec: { selector: this.selector, ports: this.ports.map(port => ({ name: `tcp-${port}`, port })) },
    };
  }

  private servers(): KubeObject {
    return {
      apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: this.name, namespace: this.namespace },
      spec: {
        selector: this.selector, servers: this.ports.map(number => ({ hosts: ['*'], port: { name: `tcp-${number}`, number, protocol: 'TCP' } })),
      },
    };
  }

  private routes(): KubeObject {
    return {
      apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: this.name, namespace: this.namespace },
      spec: {
        hosts: ['*'], gateways: [this.name],
        tcp: this.targets.map((target, index) => ({
          match: [{ port: FIRST_PORT + index }], route: [{ destination: { host: hostOf(target), port: { number: target.port } } }],
        })),
      },
    };
  }

  /** A gateway is a pod of its namespace, whose policies would close it. */
  private policy(): KubeObject {
    return {
      apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: this.name, namespace: this.namespace },
      spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: this.name }], action: 'ALLOW', rules: [{}] },
    };
  }

  /** A gateway keeps the limits of the services that it leads to, and balances between their endpoints. The proxy of a node does not. */
  private rule(target: Target, index: number): KubeObject {
    return {
      apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: `${this.name}-${index}`, namespace: this.namespace },
      spec: {
        host: hostOf(target), workloadSelector: { matchLabels: this.selector },
        trafficPolicy: { connectionPool: { tcp: { maxConnections: 10_000 } }, loadBalancer: { simple: 'LEAST_REQUEST' } },
      },
    };
  }

  private get selector(): Record<string, string> {
    return { 'gateway.networking.k8s.io/gateway-name': this.name };
  }

  private get ports(): number[] {
    return this.targets.map((_, index) => FIRST_PORT + index);
  }
}

function hostOf({ namespace, service }: Target): string {
  return service.includes('.') ? service : `${service}.${namespace}.svc.cluster.local`;
}

/** Waits until istiod has made the proxies of all Gateways of some namespaces, and they and all other pods are ready. */
export async function gatewaysReady(cluster: Cluster, ...namespaces: string[]): Promise<void> {
  for (const namespace of namespaces) {
    await until(`istiod makes the proxies of the Gateways of ${namespace}`, 30_000, async () => {
      const gateways = await cluster.kubernetes.items(`/apis/${API}/namespaces/${namespace}/gateways`);
      const made = (await cluster.kubernetes.items(`/apis/apps/v1/namespaces/${namespace}/deployments`))
        .map(({ metadata }) => metadata.labels?.['gateway.networking.k8s.io/gateway-name']);
      const missing = gateways.map(({ metadata }) => metadata.name).filter(name => !made.includes(name));
      if (missing.length > 0) {
        throw new Error(missing.join(', '));
      }
      return true;
    }, 200);
  }
  await cluster.ready(...namespaces);
}
