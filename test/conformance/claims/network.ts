import { type Cluster, type KubeObject } from '../stack';
import { run } from '../stack/process';
import { Run } from '../stack/run';

/**
 * Makes a pod refuse connections: to its proxy, as a pod that has died does, or from its proxy to the application, as a
 * container that has died does. Connections that are open already break with their next packet.
 */
export async function refuseConnections(cluster: Cluster, pod: KubeObject, to: { readonly proxy?: true; readonly application?: number }): Promise<void> {
  const namespace = new Run(cluster.state.run).namespace(pod.status.podIP);
  const port = to.proxy ? 15006 : to.application;
  const rule = ['-p', 'tcp', '--dport', `${port}`, '-j', 'REJECT', '--reject-with', 'tcp-reset'];
  await run(['ip', 'netns', 'exec', namespace, 'iptables', '-I', 'INPUT', ...rule]);
}
