import { checkPrerequisites } from './prerequisites';
import { Stack } from './stack';

/** Jest's global setup: starts the stack in Jest's own process, which then plays scheduler and kubelet for all test files. */
export default async function setup(): Promise<void> {
  checkPrerequisites();
  // Jest would end at once, and leave everything running.
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
    process.once(signal, () => process.exit(code));
  }
  const stack = await Stack.start();
  (globalThis as { conformanceStack?: Stack }).conformanceStack = stack;
}
