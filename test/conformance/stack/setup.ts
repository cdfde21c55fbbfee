import { checkPrerequisites } from './prerequisites';
import { Stack } from './stack';

/** Jest's global setup: starts the stack in Jest's own process, which then plays scheduler and kubelet for all test files. */
export default async function setup(): Promise<void> {
  checkPrerequisites();
  const stack = await Stack.start();
  (globalThis as { conformanceStack?: Stack }).conformanceStack = stack;
}
