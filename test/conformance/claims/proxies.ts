import type { Workload } from '../stack';

/** What a client's proxy counts of one endpoint of a service. */
export interface EndpointStats {
  /** Connections opened since its start, and open now. */
  readonly opened: number;
  readonly open: number;
  /** Attempts to open one that failed. */
  readonly failed: number;
  readonly requests: number;
  /** Whether outlier detection leaves it alone for now. */
  readonly ejected: boolean;
}

/** The endpoints, by address and port, that a client's proxy has for a host's port and subset. */
export async function endpoints(client: Workload, host: string, port = 80, subset = ''): Promise<Record<string, EndpointStats>> {
  const page = await (await client.envoy()).page('/clusters');
  const facts: Record<string, Record<string, string>> = {};
  for (const line of page.split('\n')) {
    const [cluster, address, name, value] = line.split('::');
    if (cluster === `outbound|${port}|${subset}|${host}` && /:\d+$/.test(address)) {
      (facts[address] ??= {})[name] = value;
    }
  }
  return Object.fromEntries(Object.entries(facts).map(([address, fact]) => [address, {
    opened: Number(fact.cx_total), open: Number(fact.cx_active), failed: Number(fact.cx_connect_fail), requests: Number(fact.rq_total),
    ejected: fact.health_flags.includes('failed_outlier_check'),
  }]));
}
