import { execFileSync } from 'child_process';
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { run } from './process';
import type { Run } from './run';

/** Address of everything in the fabric: API server, istiod, name server, and every pod's gateway. */
export const FABRIC_ADDRESS = '10.201.0.1';
export const SERVICE_RANGE = '10.96.0.0/16';

/** `ip netns exec` shows the files of this folder's NAME/ as /etc/ to what it starts. */
const ETC = '/etc/netns';

/**
 * The network: a namespace of its own for the control plane, one for each pod, joined by routed veth pairs, so that
 * every packet between pods passes the fabric's routing (and kube-proxy's rules there). Nothing is added to the host's
 * own namespace.
 */
export class Fabric {
  public readonly namespace: string;
  private next = 2;

  public constructor(private readonly owner: Run) {
    this.namespace = owner.namespace('fabric');
  }

  public async create(): Promise<void> {
    const name = this.namespace;
    this.writeEtc(name, 'default');
    await run(['ip', 'netns', 'add', name]);
    await run(['ip', '-n', name, '-batch', '-'], { input: `link set lo up\naddr add ${FABRIC_ADDRESS}/32 dev lo\n` });
    await run(['ip', 'netns', 'exec', name, 'sysctl', '-q', '-w', 'net.ipv4.ip_forward=1']);
  }

  /** The next free address for a pod. */
  public address(): string {
    const n = this.next++;
    return `10.201.${n >> 8}.${n & 255}`;
  }

  /** Makes a pod's namespace, reachable at `address`, and returns its name. */
  public async attach(address: string, podNamespace: string): Promise<string> {
    const name = this.owner.namespace(address);
    const link = `v${address.split('.').slice(2).join('-')}`;
    this.writeEtc(name, podNamespace);
    await run(['ip', 'netns', 'add', name]);
    await run(['ip', '-n', this.namespace, '-batch', '-'], {
      input: [
        `link add ${link} type veth peer name eth0 netns ${name}`,
        `link set ${link} up`,
        `route add ${address}/32 dev ${link} src ${FABRIC_ADDRESS}`,
      ].join('\n'),
    });
    await run(['ip', '-n', name, '-batch', '-'], {
      input: [
        'link set lo up',
        `addr add ${address}/32 dev eth0`,
        'link set eth0 up',
        `route add default via ${FABRIC_ADDRESS} dev eth0 onlink`,
      ].join('\n'),
    });
    // As container runtimes do: an application listens on port 80 without being root.
    await run(['ip', 'netns', 'exec', name, 'sysctl', '-q', '-w', 'net.ipv4.ip_unprivileged_port_start=0']);
    return name;
  }

  private writeEtc(name: string, podNamespace: string): void {
    mkdirSync(join(ETC, name), { recursive: true });
    writeFileSync(join(ETC, name, 'resolv.conf'),
      `nameserver ${FABRIC_ADDRESS}\nsearch ${podNamespace}.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n`);
    writeFileSync(join(ETC, name, 'hosts'), '127.0.0.1 localhost\n');
  }
}

/** Names of all network namespaces of this machine that have one. */
export function networkNamespaces(): string[] {
  return ip('netns', 'list').split('\n').map(line => line.split(' ')[0]).filter(name => name !== '');
}

/** Kills every process in a namespace and removes it, with its links and its files. Works while a process exits, too. */
export function removeNamespace(name: string): void {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const pids = ip('netns', 'pids', name).split('\n').filter(pid => pid !== '');
    if (pids.length === 0) {
      break;
    }
    if (Date.now() > deadline) {
      throw new Error(`processes ${pids.join(', ')} in network namespace ${name} do not end`);
    }
    for (const pid of pids) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
  }
  ip('netns', 'delete', name);
  rmSync(join(ETC, name), { recursive: true, force: true });
}

/** Removes every namespace of a run, then its files. */
export function removeRun(owner: Run): void {
  networkNamespaces().filter(name => owner.owns(name)).forEach(removeNamespace);
  owner.remove();
}

function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}
