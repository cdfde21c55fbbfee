import { Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import { refuse } from '../mesh/invalid';
import { BudgetsNode, DEFAULT_REQUEST_AMPLIFICATION } from '../model/budgets';

/**
 * Limits that a program sets itself; going beyond one is a finding.
 */
export interface Budgets {
  /**
   * How many requests may reach one service for one request to an entry point, at worst: the sum over all call paths of the product of
   * calls and attempts. Only paths on which something retries are judged.
   * @default 8 - what three hops make that retry once each; beyond it a failing service gets an order of magnitude more load than it was
   * sized for
   */
  readonly requestAmplification?: number;
  /**
   * Memory of all proxies together.
   * @default - no limit
   */
  readonly proxyMemory?: Size;
  /**
   * CPU of all proxies together, in cores. Only services that declare `requestsPerSecond` count.
   * @default - no limit
   */
  readonly proxyCores?: number;
  /**
   * Memory of all proxies of one namespace, by its name.
   * @default - no limit
   */
  readonly namespaceProxyMemory?: { [namespace: string]: Size };
}

export function budgetsNode(where: IConstruct, budgets: Budgets = {}): BudgetsNode {
  const positive = (property: string, value: number, shown: unknown = value): number =>
    value > 0 ? value : refuse(where, `budgets.${property}`, shown, 'give more than 0');
  const bytes = (property: string, size: Size): number => positive(property, size.toKibibytes() * 1024, `${size.toKibibytes()}Ki`);
  return Object.freeze({
    requestAmplification: positive('requestAmplification', budgets.requestAmplification ?? DEFAULT_REQUEST_AMPLIFICATION),
    proxyMemoryBytes: budgets.proxyMemory && bytes('proxyMemory', budgets.proxyMemory),
    proxyCores: budgets.proxyCores === undefined ? undefined : positive('proxyCores', budgets.proxyCores),
    namespaceMemoryBytes: Object.freeze(Object.fromEntries(Object.entries(budgets.namespaceProxyMemory ?? {})
      .map(([namespace, size]) => [namespace, bytes(`namespaceProxyMemory.${namespace}`, size)]))),
  });
}
