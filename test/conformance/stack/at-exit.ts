/** Signals that end a process, and the exit codes that say so. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs `stop` when this process exits, by itself or by a signal that can be caught. It must not wait for anything. */
export function atExit(stop: () => void): void {
  process.once('exit', stop);
  // Without a listener a signal ends the process before any exit listener runs.
  for (const [signal, code] of Object.entries(SIGNALS)) {
    process.once(signal, () => process.exit(code));
  }
}
