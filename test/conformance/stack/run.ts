import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const RUNS = join(tmpdir(), 'cdk8s-mesh');

/** Every network namespace of this harness has a name of this form: cdk8smesh-RUN-WHAT. */
const PREFIX = 'cdk8smesh';

/**
 * One run of the suite: its folder, and the names that it gives to things outside that folder. Its id is the process
 * id of its owner, so a later run can tell whether the owner of what it finds is still there.
 */
export class Run {
  /** The run of this process. Its folder is made empty. */
  public static begin(): Run {
    const run = new Run(`${process.pid}`);
    run.remove();
    mkdirSync(run.dir, { recursive: true });
    writeFileSync(run.path('owner'), startOf(process.pid) ?? '');
    return run;
  }

  /** Runs on this machine whose owner has gone, and which therefore nobody else will clean up. */
  public static abandoned(namespaces: string[]): Run[] {
    const ids = new Set(existsSync(RUNS) ? readdirSync(RUNS) : []);
    for (const name of namespaces) {
      const [prefix, id] = name.split('-');
      if (prefix === PREFIX) {
        ids.add(id);
      }
    }
    return [...ids].map(id => new Run(id)).filter(run => !run.isOwned());
  }

  public readonly dir: string;

  public constructor(public readonly id: string) {
    this.dir = join(RUNS, id);
  }

  public path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /** Name of the network namespace for `what`, such as `fabric` or a pod's address. */
  public namespace(what: string): string {
    return `${PREFIX}-${this.id}-${what}`;
  }

  public owns(namespace: string): boolean {
    return namespace.startsWith(this.namespace(''));
  }

  /** Folder in memory, for etcd: it syncs every write to its disk. */
  public get memory(): string {
    return join(existsSync('/dev/shm') ? '/dev/shm' : this.dir, `${PREFIX}-${this.id}`);
  }

  public remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
    rmSync(this.memory, { recursive: true, force: true });
  }

  /** Whether the owner lives; a process that got its id later does not count. */
  private isOwned(): boolean {
    const started = startOf(Number(this.id));
    return started !== undefined && existsSync(this.path('owner')) && readFileSync(this.path('owner'), 'utf8') === started;
  }
}

/** When a process started, in clock ticks since boot; undefined when there is none. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
