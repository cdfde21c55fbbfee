import { MeshModel, MeshNode, ServiceDeclaration, ServiceNode } from '../model/mesh-model';
import { Owner } from './objects';
import type { Registry } from './registry';
import type { MeshService } from './service';

/** What the objects of a service ask of it, whenever they do: one for all of them. */
export class ServiceOwner implements Owner<ServiceDeclaration, ServiceNode> {
  public constructor(public readonly construct: MeshService) {}

  public get declaration(): ServiceDeclaration {
    return this.construct._declaration;
  }

  public get namespace(): string | undefined {
    return this.construct._declaration.namespace;
  }

  public get mesh(): MeshNode {
    return this.construct.mesh._node;
  }

  public get registry(): Registry {
    return this.construct.mesh._registry;
  }

  public node(model: MeshModel): ServiceNode {
    return model.serviceById.get(this.construct.calleeId)!;
  }
}
