/** What a report is about: the judged model, and figures that several sections show. */
import { Amplification, AmplificationPath } from '../model/amplification';
import { Finding, Severity } from '../model/finding';
import type { Judgement } from '../model/judged-mesh';
import type { ExternalNode, MeshModel, ServiceNode } from '../model/mesh-model';
import { serviceTime, ServiceTime } from '../model/timing';
import type { Piece, Tone } from './tree';

export interface LongestWait extends ServiceTime {
  /** The route whose requests wait so long; undefined where all do. */
  readonly during?: string;
}

export const SEVERITIES = [Severity.ERROR, Severity.WARNING, Severity.INFO] as const;

export const TONES: Readonly<Record<Severity, Tone>> = { [Severity.ERROR]: 'error', [Severity.WARNING]: 'warning', [Severity.INFO]: 'info' };

export class Subject {
  public readonly model: MeshModel;
  public readonly findings: Judgement['findings'];
  public readonly suppressed: Judgement['suppressed'];
  public readonly amplification: Amplification;
  private readonly oneNamespace: boolean;
  private readonly worst = new Map<string, AmplificationPath | undefined>();
  private readonly waits = new Map<string, LongestWait>();
  private readonly byService: ReadonlyMap<string, readonly number[]>;
  private hit?: readonly AmplificationPath[];

  public constructor(judgement: Judgement) {
    this.model = judgement.model;
    this.findings = judgement.findings;
    this.suppressed = judgement.suppressed;
    this.amplification = new Amplification(this.model);
    this.oneNamespace = new Set([...this.model.services, ...this.model.externals].map(({ namespace }) => namespace)).size < 2;
    this.byService = this.blame();
  }

  /** For every entry point the service that one request to it may hit hardest. */
  public get hardest(): readonly AmplificationPath[] {
    return this.hit ??= this.amplification.hardest();
  }

  /** The entry point that a service or external service has most to fear from; undefined where it is itself one, or nobody calls it. */
  public worstFor(id: string): AmplificationPath | undefined {
    if (!this.worst.has(id)) {
      this.worst.set(id, this.amplification.worst(id));
    }
    return this.worst.get(id);
  }

  /** Requests that arrive at worst for one request to one entry point; 1 at an entry point that nobody else calls. */
  public requestsTo(id: string): number {
    return this.worstFor(id)?.requests ?? 1;
  }

  /** Longest that a request to the service may spend waiting, for the worst of the routes that calls are declared for. */
  public longestWait(service: ServiceNode): LongestWait {
    const known = this.waits.get(service.id);
    if (known !== undefined) {
      return known;
    }
    const routes = new Set((this.model.callsFrom.get(service.id) ?? []).map((call) => call.during));
    const times = [undefined, ...routes].map((during): LongestWait => ({ ...serviceTime(this.model, service, during), during }));
    const longest = times.reduce((a, b) => b.totalMs > a.totalMs ? b : a);
    this.waits.set(service.id, longest);
    return longest;
  }

  /** Indices of the findings about a service or external service: on its construct, on something below it, or on one of its workloads. */
  public findingsAbout(id: string): readonly number[] {
    return this.byService.get(id) ?? [];
  }

  /** Name of a service: without its namespace where all have the same. */
  public label(id: string): string {
    return this.oneNamespace ? id.slice(id.indexOf('/') + 1) : id;
  }

  /** Its name as a link to what the report says of it. */
  public link(id: string): Piece {
    return this.model.serviceById.has(id) || this.model.externalById.has(id)
      ? { link: this.label(id), to: serviceAnchor(id) } : this.label(id);
  }

  private blame(): Map<string, number[]> {
    const owners = new Map<string, string>();
    for (const one of [...this.model.services, ...this.model.externals]) {
      versionsOf(one).forEach(({ workload }) => workload && owners.set(workload.origin, one.id));
      owners.set(one.origin, one.id);
    }
    const blamed = new Map<string, number[]>();
    this.findings.forEach(({ construct }, index) => {
      const owner = ownerOf(construct, owners);
      if (owner !== undefined) {
        blamed.set(owner, [...blamed.get(owner) ?? [], index]);
      }
    });
    return blamed;
  }
}

function versionsOf(one: ServiceNode | ExternalNode): ServiceNode['versions'] {
  return 'versions' in one ? one.versions : [];
}

/** The nearest service above the construct. */
function ownerOf(construct: string, owners: ReadonlyMap<string, string>): string | undefined {
  for (let path = construct; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
    const owner = owners.get(path);
    if (owner !== undefined) {
      return owner;
    }
  }
  return undefined;
}

export function serviceAnchor(id: string): string {
  return `service-${id}`;
}

export function findingAnchor(index: number): string {
  return `finding-${index + 1}`;
}

export function countBySeverity(findings: readonly Pick<Finding, 'severity'>[]): Readonly<Record<Severity, number>> {
  const counts = { [Severity.ERROR]: 0, [Severity.WARNING]: 0, [Severity.INFO]: 0 };
  findings.forEach(({ severity }) => counts[severity]++);
  return counts;
}
