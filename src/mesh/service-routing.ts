/** Whom a service calls, and which other namespaces its rules concern: some meshes need an object there, or a permission for it. */
import { CallNode, ServiceDeclaration } from '../model/mesh-model';
import { hasPolicy } from '../model/outline';
import { RouteOptions } from '../traffic/route';
import { ICallee } from './callee';

/** A callee that has rules: an external service has none. */
interface Routed {
  readonly _routing?: ServiceRouting;
}

/** The service whose calls and routes these are. */
interface RoutedService {
  /** There is one more consumer, or one more call of one. */
  _grown(by: 'consumers'): void;
}

interface Consumer {
  readonly namespace: string;
  readonly calls: CallNode[];
}

export class ServiceRouting {
  private readonly callees: string[] = [];
  private readonly consumers: Consumer[] = [];
  private readonly routedFrom: string[] = [];
  /** The same consumers and namespaces, to be found at once: a hub has many, and each of their calls asks. Most services have none. */
  private consumerOf?: Map<string, Consumer>;
  private leading?: Set<string>;
  /** What its routes lead to, beside itself. */
  private targets?: Set<ServiceRouting>;

  public constructor(private readonly service: RoutedService, private readonly namespace: string | undefined) {}

  /** Live lists, which grow with the program. */
  public get declaration(): Pick<ServiceDeclaration, 'callees' | 'consumers' | 'routedFrom'> {
    return { callees: this.callees, consumers: this.consumers, routedFrom: this.routedFrom };
  }

  /** A call of this service, the first one to its callee or one more. A call with a policy of its own may need rules in this namespace. */
  public calls(callee: ICallee, call: CallNode, first: boolean): void {
    if (first) {
      this.callees.push(callee.calleeId);
    }
    if (hasPolicy(call)) {
      (callee as Routed)._routing?.consumedFrom(this.namespace, call);
    }
  }

  /** A route of this service, which leads to others. */
  public follows({ backends = [], mirrors = [] }: RouteOptions): void {
    for (const target of [...backends.map((backend) => backend._target), ...mirrors.map(({ service }) => service)]) {
      const routing = (target as Routed | undefined)?._routing;
      if (routing !== undefined && routing !== this) {
        (this.targets ??= new Set()).add(routing);
        [this.namespace, ...this.consumers.map(({ namespace }) => namespace)].forEach((namespace) => routing.reachedFrom(namespace));
      }
    }
  }

  private consumedFrom(namespace: string | undefined, call: CallNode): void {
    if (namespace === undefined || namespace === this.namespace) {
      return;
    }
    this.consumerOf ??= new Map();
    const known = this.consumerOf.get(namespace);
    if (known === undefined) {
      const consumer = { namespace, calls: [call] };
      this.consumerOf.set(namespace, consumer);
      this.consumers.push(consumer);
    } else {
      known.calls.push(call);
    }
    [this, ...this.targets ?? []].forEach((target) => target.reachedFrom(namespace));
    this.service._grown('consumers');
  }

  private reachedFrom(namespace: string | undefined): void {
    this.leading ??= new Set();
    if (namespace !== undefined && namespace !== this.namespace && !this.leading.has(namespace)) {
      this.leading.add(namespace);
      this.routedFrom.push(namespace);
      this.service._grown('consumers');
    }
  }
}
