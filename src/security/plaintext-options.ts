import { ExceptionOptions } from './exception';
import { MtlsMode } from './mtls-mode';

/**
 * Why and for whom a port takes plain connections.
 */
export interface PlaintextOptions extends ExceptionOptions {
  /**
   * Networks that plain connections may come from.
   * @default - every one
   */
  readonly addresses?: string[];
  /**
   * Whether callers of the mesh still prove their identity there.
   * @default - MtlsMode.PERMISSIVE; MtlsMode.DISABLED where the server speaks first, since a proxy that waits for the client's first bytes
   * to tell the two kinds apart would wait for ever
   */
  readonly mode?: MtlsMode;
}
