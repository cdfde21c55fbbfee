import { execFile, spawn } from 'child_process';
import { chmodSync, closeSync, existsSync, openSync, readFileSync } from 'fs';

/** A long-running program in a network namespace. */
export interface Program {
  readonly namespace: string;
  readonly argv: string[];
  /** The whole environment, beside PATH. */
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  /** User and group id, without any capability. @default - root */
  readonly user?: number;
  /** File that standard output and error are appended to. */
  readonly log: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A started {@link Program}. */
export class Running {
  public readonly pid: number;
  public readonly exited: Promise<void>;
  private ended = false;
  private code?: number;

  public constructor(private readonly program: Program) {
    const { namespace, argv, user } = program;
    const log = openSync(program.log, 'a');
    // A program that writes to /dev/stdout opens this file again, as its own user.
    chmodSync(program.log, 0o666);
    const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--inh-caps=-all'];
    const child = spawn('ip', ['netns', 'exec', namespace, ...as, ...argv], {
      cwd: program.cwd, env: { PATH, ...program.env }, stdio: ['ignore', log, log],
      // A group of its own: Ctrl-C then reaches the owner alone, which stops everything in order.
      detached: true,
    });
    closeSync(log);
    this.pid = child.pid ?? 0;
    this.exited = new Promise(resolve => child.once('close', code => {
      this.ended = true;
      // Killed by a signal: as a shell says it, 128 and more.
      this.code = code ?? 128;
      resolve();
    }));
    child.once('error', () => (this.ended = true));
    child.unref();
  }

  public get alive(): boolean {
    return !this.ended;
  }

  /** Undefined while it runs. */
  public get exitCode(): number | undefined {
    return this.code;
  }

  /** Ends the program's group: at once, or after a SIGTERM to the program itself, as a kubelet sends it, and at most `graceMs` for it to finish. */
  public async stop(graceMs = 0): Promise<void> {
    if (graceMs > 0 && this.alive) {
      this.signal(this.pid, 'SIGTERM');
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([this.exited, new Promise(resolve => (timer = setTimeout(resolve, graceMs)))]);
      // Jest would wait for it.
      clearTimeout(timer);
    }
    if (this.alive) {
      this.signal(-this.pid, 'SIGKILL');
      await this.exited;
    }
  }

  /** @throws when the program has ended, with the end of its log */
  public mustLive(): void {
    if (!this.alive) {
      throw new Error(`${this.program.argv[0]} ended:\n${logTail(this.program.log)}`);
    }
  }

  /** @param pid of a process, or of a group, negated */
  private signal(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended between the check and the signal.
    }
  }
}

/** The last lines of a log, for an error message. */
export function logTail(file: string, lines = 25): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '(no log)';
}

/** What a command printed. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code. */
export function output(argv: string[], options: { input?: string; env?: Record<string, string>; cwd?: string } = {}): Promise<Output> {
  return new Promise(resolve => {
    const child = execFile(argv[0], argv.slice(1), {
      cwd: options.cwd, env: { PATH: `${PATH}:${process.env.PATH}`, HOME: process.env.HOME, ...options.env }, maxBuffer: 1 << 28,
    }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) || 1 : 0, stdout, stderr: stderr || (error && !stdout ? error.message : '') });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/**
 * Runs a command.
 * @throws when it fails, with what it printed
 */
export async function run(argv: string[], options: { input?: string; env?: Record<string, string> } = {}): Promise<string> {
  const result = await output(argv, options);
  if (result.code !== 0) {
    throw new Error(`${argv.join(' ')}\nexit code ${result.code}: ${result.stderr}${result.stdout}`);
  }
  return result.stdout;
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** An error that waiting does not mend. */
export class Hopeless extends Error {}

/**
 * Polls until `probe` gives something other than undefined or false, and returns it. An error of the probe counts as "not yet",
 * unless it is {@link Hopeless}.
 * @throws after `timeoutMs`, with `what` and the probe's last error
 */
export async function until<T>(what: string, timeoutMs: number, probe: () => Promise<T | undefined | false>, everyMs = 50): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const result = await probe();
      if (result !== undefined && result !== false) {
        return result;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (last instanceof Hopeless) {
      throw new Error(`${what}: ${last.message}`);
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s${last instanceof Error ? `: ${last.message}` : ''}`);
    }
    await pause(everyMs);
  }
}
