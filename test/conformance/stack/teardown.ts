import type { Stack } from './stack';

/** Jest's global teardown: stops all that the setup started. */
export default function teardown(): void {
  (globalThis as { conformanceStack?: Stack }).conformanceStack?.stop();
}
