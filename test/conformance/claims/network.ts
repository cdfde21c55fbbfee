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

/** Makes a pod's proxy silent to other pods: their packets are lost, as those to a machine that is gone. */
export async function dropConnections(cluster: Cluster, pod: KubeObject): Promise<void> {
  await run(['ip', 'netns', 'exec', namespaceOf(cluster, pod), 'iptables', '-I', 'INPUT', '-p', 'tcp', '--dport', '15006', '-j', 'DROP']);
}

/** What the kernel says of a pod's open connections to an address, one line each, with their timers. */
export async function sockets(cluster: Cluster, pod: KubeObject, address: string): Promise<string[]> {
  const lines = await run(['ip', 'netns', 'exec', namespaceOf(cluster, pod), 'ss', '--tcp', '--numeric', '--options', '--no-header', 'dst', address]);
  return lines.split('\n').filter(line => line !== '');
}

/** Makes what arrives at a port of a pod arrive at another one: applications do not run as root, so they cannot listen below 1024. */
export async function redirectPort(cluster: Cluster, pod: KubeObject, from: number, to: number): Promise<void> {
  const rule = ['-p', 'tcp', '--dport', `${from}`, '-j', 'REDIRECT', '--to-ports', `${to}`];
  await run(['ip', 'netns', 'exec', namespaceOf(cluster, pod), 'iptables', '-t', 'nat', '-A', 'PREROUTING', ...rule]);
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
