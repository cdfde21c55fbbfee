import { Cluster, LoadCell, LoadReport, type KubeObject, Workload } from '../stack';
import { DELIVERED, type Delivered } from './canary-program';

/**
 * Requests a second. A bad version has the first share only, which lasts longer, and a share of 5 % takes fewer requests to measure.
 */
const RATES: Record<Delivered, number> = { orders: 1100, ledger: 350, search: 350 };
const CONCURRENCY = 24;
const BUCKET_MS = 500;
/** What a proxy needs to learn of a new weight, and a moment for the requests under way. */
const SETTLING_MS = 1500;
/** An engine that finds its share overwritten brings it back within this time. */
export const UNDONE_WITHIN_MS = 2000;

/** A span of time in which one share was in the configuration. */
interface Span {
  readonly weight: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Watches which shares an engine gives to new versions, while a client calls all services. */
export class CanaryWatch {
  private readonly changes: Record<Delivered, { readonly weight: number; readonly atMs: number }[]> = { orders: [], ledger: [], search: [] };
  private readonly watch: { stop(): void };
  private readonly startedMs = Date.now();
  private readonly loads: Promise<LoadReport>[];

  /**
   * @param routes API of the engine's routes, and their kind in the plural
   * @param weightOf reads the share of the new version off a route
   */
  public constructor(
    cluster: Cluster, private readonly client: Workload,
    [api, plural]: readonly [string, string], weightOf: (route: KubeObject) => number | undefined,
  ) {
    const { namespace } = client;
    this.watch = cluster.kubernetes.watch(`/apis/${api}/namespaces/${namespace}/${plural}`, (type, object) => {
      const changes = this.changes[object.metadata.name as Delivered];
      const weight = type === 'DELETED' ? undefined : weightOf(object);
      if (weight !== undefined && weight !== changes.at(-1)?.weight) {
        changes.push({ weight, atMs: Date.now() });
      }
    });
    this.loads = DELIVERED.map(name => client.load({
      url: `http://${name}.${namespace}/`, durationMs: 580_000, rate: RATES[name], concurrency: CONCURRENCY, bucketMs: BUCKET_MS,
    }));
  }

  /** The shares of a new version so far, in order. */
  public weights(name: Delivered): number[] {
    return this.changes[name].map(({ weight }) => weight);
  }

  /** How long the share was another one before it became what it is. */
  public goneMs(name: Delivered): number {
    const [gone, back] = this.changes[name].slice(-2);
    return back.atMs - gone.atMs;
  }

  /** Ends the loads, and gives what they saw. */
  public async end(): Promise<Record<Delivered, Seen>> {
    const endMs = Date.now();
    await this.client.stopLoads();
    this.watch.stop();
    const reports = await Promise.all(this.loads);
    return Object.fromEntries(DELIVERED.map((name, index) => {
      const changes = this.changes[name];
      const spans = changes.map(({ weight, atMs }, at): Span => ({ weight, fromMs: atMs, toMs: changes[at + 1]?.atMs ?? endMs }));
      return [name, new Seen(reports[index], spans, this.startedMs)];
    })) as Record<Delivered, Seen>;
  }

  /** For the end of a test that failed on its way. */
  public async abandon(): Promise<void> {
    this.watch.stop();
    await this.client.stopLoads().catch(() => undefined);
    await Promise.allSettled(this.loads);
  }
}

/** What a load saw of a canary. */
export class Seen {
  public constructor(public readonly report: LoadReport, private readonly spans: readonly Span[], private readonly startedMs: number) {}

  /** Shares in order, without those that somebody undid at once. */
  public get weights(): number[] {
    const kept = this.spans.filter((span, index) => index === this.spans.length - 1 || span.toMs - span.fromMs >= UNDONE_WITHIN_MS)
      .map(({ weight }) => weight);
    return kept.filter((weight, index) => weight !== kept[index - 1]);
  }

  /** From the first request that may have met the new version to the last. */
  public get exposedMs(): number {
    const exposed = this.spans.filter(({ weight }) => weight > 0);
    return exposed.at(-1)!.toMs - exposed[0].fromMs;
  }

  /** Answers of one version, and all answers of the application, while a share was in force everywhere. */
  public shareOf(version: string, weight: number): { readonly hits: number; readonly all: number } {
    const spans = this.spans.filter((span) => span.weight === weight);
    const inside = ({ bucket }: LoadCell) => {
      const fromMs = this.startedMs + bucket * BUCKET_MS;
      return spans.some((span) => fromMs >= span.fromMs + SETTLING_MS && fromMs + BUCKET_MS <= span.toMs);
    };
    return {
      hits: this.report.count((cell) => inside(cell) && cell.version === version),
      all: this.report.count((cell) => inside(cell) && cell.version !== ''),
    };
  }

  /** Requests that got no good answer, but for those that a version failed by itself, by status. */
  public lostBeside(version: string): Record<string, number> {
    return this.report.by('status', (cell) => cell.status !== '200' && cell.version !== version);
  }

  /** Requests that got no good answer, by status. */
  public get failed(): Record<string, number> {
    return this.report.by('status', ({ status }) => status !== '200');
  }
}
