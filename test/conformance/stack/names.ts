import { localJson } from './http';
import type { Kubernetes, KubeObject } from './kubernetes';

const DOMAIN = 'cluster.local';

/** Keeps the fabric's name server in step with the Services of the API server, as the cluster's DNS would. */
export class Names {
  private readonly services = new Map<string, KubeObject>();
  private readonly slices = new Map<string, KubeObject>();
  private watches: { stop(): void }[] = [];
  private timer?: NodeJS.Timeout;

  public constructor(private readonly client: Kubernetes, private readonly socket: string) {}

  public start(): void {
    this.watches = [
      this.client.watch('/api/v1/services', (type, object) => this.keep(this.services, type, object)),
      this.client.watch('/apis/discovery.k8s.io/v1/endpointslices', (type, object) => this.keep(this.slices, type, object)),
    ];
  }

  public stop(): void {
    this.watches.forEach(watch => watch.stop());
    clearTimeout(this.timer);
  }

  private keep(into: Map<string, KubeObject>, type: string, object: KubeObject): void {
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (type === 'DELETED') {
      into.delete(key);
    } else {
      into.set(key, object);
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      localJson(this.socket, 'PUT', '/names/cluster', nameTable([...this.services.values()], [...this.slices.values()])).catch((error: Error) =>
        process.stderr.write(`conformance: name server: ${error.message}\n`));
    }, 20);
  }
}

/** Addresses by name: the ClusterIP, or for a headless Service its ready endpoints, each also by its own host name. */
export function nameTable(services: KubeObject[], slices: KubeObject[]): Record<string, string[]> {
  const table: Record<string, string[]> = {};
  for (const service of services) {
    const { name, namespace } = service.metadata;
    const host = `${name}.${namespace}.svc.${DOMAIN}`;
    if (service.spec.clusterIP && service.spec.clusterIP !== 'None') {
      table[host] = [service.spec.clusterIP];
    } else if (service.spec.clusterIP === 'None') {
      table[host] = [];
      const own = slices.filter(slice => slice.metadata.namespace === namespace && slice.metadata.labels?.['kubernetes.io/service-name'] === name);
      for (const endpoint of own.flatMap(slice => slice.endpoints ?? []).filter(one => one.conditions?.ready !== false)) {
        table[host].push(...endpoint.addresses);
        if (endpoint.hostname) {
          table[`${endpoint.hostname}.${host}`] = endpoint.addresses;
        }
      }
    }
  }
  for (const service of services.filter(one => one.spec.type === 'ExternalName')) {
    table[`${service.metadata.name}.${service.metadata.namespace}.svc.${DOMAIN}`] = table[service.spec.externalName] ?? [];
  }
  return table;
}
