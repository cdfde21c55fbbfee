import { local } from './http';
import type { Run } from './run';

/** What an istiod says about its proxies. */
export class ControlPlane {
  /** @param name of the istiod whose sockets are asked */
  public constructor(private readonly run: Run, private readonly name = 'istiod') {}

  /** Updates that proxies rejected since istiod's start, by type of resource. Empty is good. */
  public async rejects(): Promise<Record<string, number>> {
    const result: Record<string, number> = {};
    for (const [labels, value] of await this.metric('pilot_total_xds_rejects')) {
      result[/type="([^"]*)"/.exec(labels)?.[1] ?? ''] = value;
    }
    return result;
  }

  /** Samples of one of istiod's metrics: labels as written, and the value. */
  public async metric(name: string): Promise<[string, number][]> {
    const { text } = await local(this.run.path(`${this.name}-monitoring.sock`), 'GET', '/metrics');
    return text.split('\n').filter(line => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .map(line => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]);
  }

  /** Whether every connected proxy has acknowledged all that istiod sent it. */
  public async isSynced(): Promise<boolean> {
    const proxies: Record<string, string>[] = JSON.parse((await this.debug('/debug/syncz')));
    const pending = proxies.filter(proxy => ['cluster', 'listener', 'route', 'endpoint'].some(type =>
      proxy[`${type}_sent`] && proxy[`${type}_sent`] !== proxy[`${type}_acked`]));
    return pending.length === 0;
  }

  /** A page of istiod's debug interface. */
  public async debug(path: string): Promise<string> {
    return (await local(this.run.path(`${this.name}.sock`), 'GET', path)).text;
  }
}
