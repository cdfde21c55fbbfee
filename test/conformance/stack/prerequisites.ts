import { spawnSync } from 'child_process';
import { existsSync } from 'fs';

/** A program that no package manager of this repository can bring. */
interface Prerequisite {
  readonly command: string;
  readonly args: string[];
  readonly install: string;
}

const PROGRAMS: Prerequisite[] = [
  { command: 'go', args: ['version'], install: 'install Go 1.26 or later' },
  { command: 'python3', args: ['-m', 'pip', '--version'], install: 'apt-get install python3-pip (or any Python 3.10 with pip)' },
  { command: 'etcd', args: ['--version'], install: 'apt-get install etcd-server' },
  { command: 'ip', args: ['-V'], install: 'apt-get install iproute2' },
  { command: 'iptables', args: ['--version'], install: 'apt-get install iptables' },
  { command: 'nsenter', args: ['--version'], install: 'apt-get install util-linux' },
  { command: 'setpriv', args: ['--version'], install: 'apt-get install util-linux' },
  { command: 'prometheus', args: ['--version'], install: 'apt-get install prometheus' },
];

/**
 * Checks that this machine can run the stack.
 * @throws one error that names every missing part and how to get it
 */
export function checkPrerequisites(): void {
  const missing: string[] = [];
  if (process.platform !== 'linux') {
    missing.push(`Linux, for network namespaces (this is ${process.platform})`);
  } else {
    if (process.getuid?.() !== 0) {
      missing.push('root, for network namespaces and iptables: run it with sudo');
    }
    if (!existsSync('/proc/self/ns/net')) {
      missing.push('a kernel with network namespaces');
    }
  }
  for (const { command, args, install } of PROGRAMS) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status !== 0) {
      missing.push(`${command}: ${install}`);
    }
  }
  if (missing.length > 0) {
    throw new Error(`The conformance suite cannot run here; these parts are missing:\n${missing.map(part => `  - ${part}`).join('\n')}`);
  }
}
