import type { RequestSpec } from './behavior';

/** Many requests of one kind, ended by `requests` or `durationMs`, whichever comes first. */
export interface LoadSpec extends RequestSpec {
  readonly requests?: number;
  readonly durationMs?: number;
  /** Requests in flight. @default 1 */
  readonly concurrency?: number;
  /** Requests a second. @default - as fast as the concurrency allows */
  readonly rate?: number;
  /** Open a connection for every request. @default false */
  readonly freshConnections?: boolean;
  /** Sends one of the values in a header, in turn; see {@link LoadReport.by}. */
  readonly vary?: { readonly header: string; readonly values: string[] };
  /** Splits the counts by time. @default - one bucket */
  readonly bucketMs?: number;
}

/** Who answered, how, to which variant, in which span of time. */
export interface LoadCell {
  /** Name of the answering application; empty when a proxy answered, or nobody. */
  readonly server: string;
  readonly version: string;
  readonly pod: string;
  /** HTTP status, `grpc-N`, `tcp-ok`, or `error-dns|refused|reset|closed|timeout|unreachable|other`. */
  readonly status: string;
  readonly variant: string;
  readonly bucket: number;
}

/** What the Go program answers. */
export interface RawReport {
  readonly cells: (LoadCell & { readonly count: number })[];
  readonly requests: number;
  readonly seconds: number;
  readonly latency: { readonly mean: number; readonly p50: number; readonly p90: number; readonly p99: number; readonly max: number };
}

/** Counts of a load. Latencies are milliseconds over all requests, failed ones included. */
export class LoadReport {
  public constructor(private readonly raw: RawReport) {}

  public get requests(): number {
    return this.raw.requests;
  }

  public get seconds(): number {
    return this.raw.seconds;
  }

  public get latency(): RawReport['latency'] {
    return this.raw.latency;
  }

  /** Requests by the version that answered; '' stands for answers of a proxy and for errors. */
  public get byVersion(): Record<string, number> {
    return this.by('version');
  }

  public get byPod(): Record<string, number> {
    return this.by('pod');
  }

  public get byServer(): Record<string, number> {
    return this.by('server');
  }

  public get byStatus(): Record<string, number> {
    return this.by('status');
  }

  /** Requests by one property of the cells, among those that `where` accepts. */
  public by(key: keyof LoadCell, where: (cell: LoadCell) => boolean = () => true): Record<string, number> {
    const result: Record<string, number> = {};
    for (const cell of this.raw.cells.filter(where)) {
      result[cell[key]] = (result[cell[key]] ?? 0) + cell.count;
    }
    return result;
  }

  /** Number of requests whose cell `where` accepts. */
  public count(where: (cell: LoadCell) => boolean): number {
    return this.raw.cells.filter(where).reduce((sum, cell) => sum + cell.count, 0);
  }
}
