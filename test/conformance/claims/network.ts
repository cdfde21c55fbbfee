import { readFileSync } from 'fs';
import type { Cluster, KubeObject } from '../stack';
import { run, Running } from '../stack/process';
import { Run } from '../stack/run';

const namespaceOf = (cluster: Cluster, pod: KubeObject) => new Run(cluster.state.run).namespace(pod.status.podIP);

/**
 * Makes a pod refuse connections: to its proxy, as a pod that has died does, or from its proxy to the application, as a
 * container that has died does. Connections that are open already break with their next packet.
 */
export async function refuseConnections(
  cluster: Cluster, pod: KubeObject, to: { readonly proxy?: true; readonly application?: number },
): Promise<void> {
  const port = to.proxy ? 15006 : to.application;
  const rule = ['-p', 'tcp', '--dport', `${port}`, '-j', 'REJECT', '--reject-with', 'tcp-reset'];
  await run(['ip', 'netns', 'exec', namespaceOf(cluster, pod), 'iptables', '-I', 'INPUT', ...rule]);
}

/** Starts one more program in a pod; it ends with the pod at the latest. */
export function startIn(cluster: Cluster, pod: KubeObject, argv: string[], log: string): Running {
  return new Running({ namespace: namespaceOf(cluster, pod), argv, log });
}

/** Makes the proxy of a pod take an authority for one of those that its image brings. */
export async function trustInProxy(cluster: Cluster, pod: KubeObject, certificate: string): Promise<void> {
  const pids = (await run(['ip', 'netns', 'pids', namespaceOf(cluster, pod)])).split('\n').filter(pid => pid !== '');
  const agent = pids.find(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] === 'proxy');
  await run(['nsenter', `--mount=/proc/${agent}/ns/mnt`, 'mount', '--bind', certificate, '/etc/ssl/certs/ca-certificates.crt']);
}
