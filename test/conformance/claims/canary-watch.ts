import { Cluster, LoadCell, LoadReport, type KubeObject, Workload } from '../stack';

/** Requests come to the mesh at this rate, from this many at a time. */
const RATE = 320;
const CONCURRENCY = 16;
const BUCKET_MS = 500;
/** What a proxy needs to learn of a new weight, and a moment for the requests under way. */
const SETTLING_MS = 1500;

/** A span of time in which one share was in the configuration. */
export interface Span {
  readonly weight: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Watches which share an engine gives to the new version, while a load goes on. */
export class CanaryWatch {
  private readonly changes: { readonly weight: number; readonly atMs: number }[] = [];
  private readonly watch: { stop(): void };
  private readonly startedMs = Date.now();
  private readonly load: Promise<LoadReport>;

  /** @param weightOf reads the share of the new version off the VirtualService */
  public constructor(
    cluster: Cluster, namespace: string, private readonly client: Workload, url: string, weightOf: (virtualService: KubeObject) => number | undefined,
  ) {
    this.watch = cluster.kubernetes.watch(`/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices`, (type, object) => {
      const weight = type === 'DELETED' || object.metadata.name !== 'orders' ? undefined : weightOf(object);
      if (weight !== undefined && weight !== this.changes.at(-1)?.weight) {
        this.changes.push({ weight, atMs: Date.now() });
      }
    });
    this.load = client.load({ url, durationMs: 580_000, rate: RATE, concurrency: CONCURRENCY, bucketMs: BUCKET_MS });
  }

  /** The shares so far, in order. */
  public get weights(): number[] {
    return this.changes.map(({ weight }) => weight);
  }

  /** Ends the load, and gives what it saw. */
  public async end(): Promise<Seen> {
    const endMs = Date.now();
    await this.client.stopLoads();
    this.watch.stop();
    const spans = this.changes.map(({ weight, atMs }, index): Span => ({ weight, fromMs: atMs, toMs: this.changes[index + 1]?.atMs ?? endMs }));
    return new Seen(await this.load, spans, this.startedMs);
  }

  /** For the end of a test that failed on its way. */
  public async abandon(): Promise<void> {
    this.watch.stop();
    await this.client.stopLoads().catch(() => undefined);
    await this.load.catch(() => undefined);
  }
}

/** What a load saw of a canary. */
export class Seen {
  public constructor(public readonly report: LoadReport, public readonly spans: readonly Span[], private readonly startedMs: number) {}

  /** Answers of one version, and all answers of the application, while a share was in force everywhere. */
  public shareOf(version: string, span: Span): { readonly hits: number; readonly all: number } {
    const inside = ({ bucket }: LoadCell) => {
      const fromMs = this.startedMs + bucket * BUCKET_MS;
      return fromMs >= span.fromMs + SETTLING_MS && fromMs + BUCKET_MS <= span.toMs;
    };
    return {
      hits: this.report.count((cell) => inside(cell) && cell.version === version),
      all: this.report.count((cell) => inside(cell) && cell.version !== ''),
    };
  }

  /** Requests that got no good answer, by status. */
  public get failed(): Record<string, number> {
    return this.report.by('status', ({ status }) => status !== '200');
  }

  /** When they were sent: a moment to the number of them. */
  public get failures(): Record<string, number> {
    const buckets = this.report.by('bucket', ({ status }) => status !== '200');
    return Object.fromEntries(Object.entries(buckets).map(([bucket, count]) => [new Date(this.startedMs + Number(bucket) * BUCKET_MS).toISOString(), count]));
  }
}
