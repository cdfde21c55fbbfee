/** Whom a service calls, and which other namespaces its rules concern: some meshes need an object there, or a permission for it. */
import { CallNode, ConsumerDeclaration, ServiceDeclaration } from '../model/mesh-model';
import { RouteOptions } from '../traffic/route';
import { ICallee } from './callee';

/** A callee that has rules: an external service has none. */
interface Routed {
  readonly _routing?: ServiceRouting;
}

export class ServiceRouting {
  private readonly callees: string[] = [];
  private readonly calleeIds = new Set<string>();
  private readonly consuming = new Map<string, CallNode[]>();
  private readonly leading = new Set<string>();
  private readonly targets = new Set<ServiceRouting>([this]);

  public constructor(private readonly ownNamespace: () => string | undefined, private readonly changed: () => void) {}

  public get declaration(): Pick<ServiceDeclaration, 'callees' | 'consumers' | 'routedFrom'> {
    const consumers = [...this.consuming].map(([namespace, calls]): ConsumerDeclaration => ({ namespace, calls }));
    return { callees: this.callees, consumers, routedFrom: [...this.leading] };
  }

  /** A call of this service. One with a policy of its own may need rules in this namespace. */
  public calls(callee: ICallee, call: CallNode): void {
    if (!this.calleeIds.has(callee.calleeId)) {
      this.calleeIds.add(callee.calleeId);
      this.callees.push(callee.calleeId);
    }
    if (call.retry !== undefined || call.deadline !== undefined) {
      (callee as Routed)._routing?.consumedFrom(this.namespace, call);
    }
  }

  /** A route of this service, which leads to others. */
  public follows({ backends = [], mirrors = [] }: RouteOptions): void {
    for (const target of [...backends.map((backend) => backend._target), ...mirrors.map(({ service }) => service)]) {
      const routing = (target as Routed | undefined)?._routing;
      if (routing !== undefined) {
        this.targets.add(routing);
        [this.namespace, ...this.consuming.keys()].forEach((namespace) => routing.reachedFrom(namespace));
      }
    }
  }

  private get namespace(): string | undefined {
    return this.ownNamespace();
  }

  private consumedFrom(namespace: string | undefined, call: CallNode): void {
    if (namespace === undefined || namespace === this.namespace) {
      return;
    }
    this.consuming.set(namespace, [...this.consuming.get(namespace) ?? [], call]);
    this.targets.forEach((target) => target.reachedFrom(namespace));
    this.changed();
  }

  private reachedFrom(namespace: string | undefined): void {
    if (namespace !== undefined && namespace !== this.namespace && !this.leading.has(namespace)) {
      this.leading.add(namespace);
      this.changed();
    }
  }
}
