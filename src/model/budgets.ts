/** Limits that a program sets itself. */
export interface BudgetsNode {
  /** Requests that may reach one service for one request to an entry point, at worst. */
  readonly requestAmplification: number;
  /** Memory of all proxies together, in bytes. */
  readonly proxyMemoryBytes?: number;
  /** CPU of all proxies together, in cores. */
  readonly proxyCores?: number;
  /** Memory of all proxies of one namespace, in bytes. */
  readonly namespaceMemoryBytes: Readonly<Record<string, number>>;
}

/**
 * Eight is what three hops make that retry once each. Beyond it a failing service gets an order of magnitude more load than it was sized
 * for, at the very moment when it cannot bear it.
 */
export const DEFAULT_REQUEST_AMPLIFICATION = 8;
