import { local, localJson } from './http';
import { podSockets, residentBytes } from './pod';
import type { Run } from './run';

/** A proxy's administration interface. */
export class Envoy {
  private readonly socket: string;

  public constructor(private readonly run: Run, private readonly address: string, public readonly name: string) {
    this.socket = podSockets(run, address).envoy;
  }

  /** The whole configuration dump, endpoints included, or only the entries that a query such as `resource=dynamic_listeners` names. */
  public configDump(query = 'include_eds'): Promise<{ configs?: any[] }> {
    return localJson(this.socket, 'GET', `/config_dump?${query}`);
  }

  /** Size in bytes of the configuration dump, endpoints excluded. */
  public async configBytes(): Promise<number> {
    return Buffer.byteLength((await local(this.socket, 'GET', '/config_dump')).text);
  }

  /** Names of the clusters that istiod gave it. */
  public async clusterNames(): Promise<string[]> {
    const { configs = [] } = await this.configDump('resource=dynamic_active_clusters');
    return configs.map(config => config.cluster.name).sort();
  }

  /** Counters and gauges whose name matches a regular expression. Istio's bootstrap keeps few; annotate the pod for more. */
  public async stats(filter: string): Promise<Record<string, number>> {
    const { stats } = await localJson<{ stats: { name: string; value: number }[] }>(
      this.socket, 'GET', `/stats?format=json&filter=${encodeURIComponent(filter)}`);
    return Object.fromEntries(stats.filter(stat => typeof stat.value === 'number').map(({ name, value }) => [name, value]));
  }

  /** Memory in bytes: what Envoy's allocator handed out, what Envoy occupies, and what the agent beside it does. */
  public async memory(): Promise<{ allocated: number; resident: number; agent: number }> {
    const { allocated } = await localJson<{ allocated: string }>(this.socket, 'GET', '/memory');
    const [resident, agent] = await Promise.all((['envoy', 'pilotAgent'] as const).map((program) => residentBytes(this.run, this.address, program)));
    return { allocated: Number(allocated), resident, agent };
  }

  /** Resources that it holds back because it found an update wrong, each with its reason. Empty is good. */
  public async rejected(): Promise<string[]> {
    const { configs = [] } = await this.configDump();
    const found: string[] = [];
    const visit = (value: any): void => {
      if (Array.isArray(value)) {
        value.forEach(visit);
      } else if (value && typeof value === 'object') {
        if (value.error_state) {
          found.push(`${value.name ?? value.error_state.failed_configuration?.name ?? ''}: ${value.error_state.details}`);
        }
        Object.values(value).forEach(visit);
      }
    };
    visit(configs);
    return found;
  }

  /** Answer of any other page, such as `/clusters`. */
  public async page(path: string): Promise<string> {
    return (await local(this.socket, 'GET', path)).text;
  }
}
