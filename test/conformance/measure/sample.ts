import { ProxyView, ProxyViews } from '../../../src/model/proxy-view';
import { pause, stack } from '../stack';
import { CLIENT_NAMESPACE, Shape, scenario } from './scenario';

/** One proxy, as it was told and as it was measured. */
export interface Sample {
  readonly shape: Shape;
  readonly client: string;
  readonly view: ProxyView;
  readonly scoped: boolean;
  /** Bytes of the configuration dump without endpoints. */
  readonly configBytes: number;
  /** Bytes that Envoy's allocator handed out, and that the process occupies. */
  readonly allocatedBytes: number;
  readonly residentBytes: number;
  /** Bytes that the agent beside Envoy occupies. */
  readonly agentBytes: number;
}

/** Starts clients of a mesh of this shape, and looks at their proxies once they have settled. */
export async function samples(shape: Shape, reaches: readonly (number | 'all')[]): Promise<Sample[]> {
  const cluster = stack();
  const { namespaces, manifest, mesh, clients } = scenario(shape, reaches);
  try {
    await cluster.apply(manifest);
    await cluster.ready(CLIENT_NAMESPACE);
    await pause(2000);
    const model = mesh._members.model(0);
    const views = new ProxyViews(model);
    return await Promise.all(clients.map(async ({ name, service }) => {
      const [pod] = (await cluster.meshedPods()).filter((one) => one.metadata.name.startsWith(`${name}-`));
      const envoy = cluster.envoyOf(pod);
      const { allocated, resident, agent } = await envoy.memory();
      return {
        shape, client: name, ...views.of(model.serviceById.get(service.calleeId)!), configBytes: await envoy.configBytes(),
        allocatedBytes: allocated, residentBytes: resident, agentBytes: agent,
      };
    }));
  } finally {
    await cluster.drop(...namespaces);
  }
}
