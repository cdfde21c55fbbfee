/** What becomes of a service once an engine brings its new versions: who writes what, and what the program had said of it before. */
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CanaryNode, ENGINE_FACTS, ownership } from '../model/delivery';
import { refuse } from './invalid';
import { patchedPaths } from './objects';

/** Fields of a Service that an engine owns with its selector. */
const SERVICE_FIELDS = /^\/spec(\/(selector|ports)(\/|$)|$)/;

export class ServiceDelivery {
  private canary?: CanaryNode;
  private readonly released: ApiObject[] = [];

  public constructor(private readonly service: Construct) {}

  /** The canary, and the patches that no object takes any more. */
  public get node(): CanaryNode | undefined {
    return this.canary && Object.freeze({ ...this.canary, lostPatches: Object.freeze(this.lostPatches()) });
  }

  /** The shares of versions that the canary says, where no engine moves them. */
  public get shares(): Readonly<Record<string, number>> | undefined {
    const engine = this.canary?.engine;
    return engine?.id === 'manual' ? Object.freeze({ [engine.stable]: 100 - engine.weight, [engine.canary]: engine.weight }) : undefined;
  }

  public take(canary: CanaryNode, split: Readonly<Record<string, number>> | undefined): void {
    if (this.canary !== undefined) {
      refuse(canary.origin, 'service', canary.service, `its new versions come by ${this.canary.origin} already; give every service one canary`);
    }
    this.refuseSplit(split, canary);
    this.canary = canary;
  }

  /** The canary says which version gets what. */
  public refuseSplit(split: Readonly<Record<string, number>> | undefined, canary = this.canary): void {
    if (split !== undefined && canary !== undefined) {
      refuse(this.service, 'split', split, `${canary.origin} decides which version gets what; leave the split out`);
    }
  }

  public release(objects: readonly ApiObject[]): void {
    this.released.push(...objects);
  }

  private lostPatches(): CanaryNode['lostPatches'] {
    const lost = this.released.filter((object) => patchedPaths(object).length > 0).map(({ kind, name }) => ({ kind, name }));
    const kept = this.service.node.tryFindChild('Service');
    if (!ownership({ delivery: this.canary })?.ownsSelector || !ApiObject.isApiObject(kept)) {
      return lost;
    }
    return [...lost, ...patchedPaths(kept).filter((path) => SERVICE_FIELDS.test(path)).map((path) => ({ kind: 'Service', name: kept.name, path }))];
  }
}

/** Whether the number of pods in the workload's own manifest would undo what an engine does. */
export function leavesOutReplicas(canary: CanaryNode | undefined): boolean {
  return canary !== undefined && ENGINE_FACTS[canary.engine.id].ownsReplicas;
}
