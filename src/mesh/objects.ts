/** The ApiObjects of a mesh: created at once under the construct that owns them, their bodies rendered at the end. */
import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Resource } from '../model/contracts';
import { MeshModel, MeshNode } from '../model/mesh-model';
import { Body, MeshObject } from './mesh-object';
import { patchesOf } from './plain-data';
import type { Registry } from './registry';

export interface Owner<Declaration, Node> {
  readonly construct: Construct;
  readonly declaration: Declaration;
  readonly namespace?: string;
  readonly mesh: MeshNode;
  readonly registry: Registry;
  /** The owner's node in the finished model. */
  node(model: MeshModel): Node;
}

/**
 * Creates what the declaration now asks for and is not there yet, in the order of the list.
 * Answers the resources of which more may come when the declaration grows.
 */
export function materialize<Declaration extends { readonly name: string }, Node>(
  resources: readonly Resource<Declaration, Node>[], owner: Owner<Declaration, Node>,
): readonly Resource<Declaration, Node>[] {
  let created = false;
  const growing = resources.filter((resource) => {
    if (resource.late !== undefined) {
      return false;
    }
    if (!resource.exists(owner.declaration, owner.mesh)) {
      return true;
    }
    for (const key of keysOf(resource, owner)) {
      created = materializeOne(resource, owner, key) || created;
    }
    return resource.each !== undefined || resource.further !== undefined;
  });
  if (created) {
    resources.forEach(({ id, afterEach }) => afterEach !== undefined && putBehind(owner.construct, id, afterEach));
  }
  return growing;
}

/** Each object of one resource is applied after all of another, whichever was declared first. */
function putBehind({ node }: Construct, id: string, earlier: string): void {
  const of = (prefix: string) => node.children.filter((child) => child.node.id === prefix || child.node.id.startsWith(`${prefix}-`));
  const first = of(earlier);
  if (first.length > 0) {
    of(id).forEach((object) => object.node.addDependency(...first));
  }
}

/** Takes away what the declaration no longer asks for, since something else writes it now. */
export function release<Declaration extends { readonly name: string }, Node>(
  resources: readonly Resource<Declaration, Node>[], owner: Owner<Declaration, Node>,
): readonly ApiObject[] {
  // Two resources may write an object of one id, each under conditions of its own.
  const written = new Set(resources.filter((resource) => resource.exists(owner.declaration, owner.mesh)).map(({ id }) => id));
  return resources.filter(({ id }) => !written.has(id)).flatMap((resource) => {
    const ids = owner.construct.node.children.map(({ node }) => node.id).filter((id) => id === resource.id || id.startsWith(`${resource.id}-`));
    return ids.flatMap((id) => {
      const object = owner.construct.node.findChild(id);
      const taken = ApiObject.isApiObject(object) && isOurs(object) && object.kind === resource.kind;
      return taken && owner.construct.node.tryRemoveChild(id) ? [object] : [];
    });
  });
}

/**
 * Makes what only the finished model tells that it has to be there, and takes away what it no longer tells; true where anything changed. Their
 * order is that of the resources and keys, however often the program asked for findings on its way.
 */
export function settle<Declaration extends { readonly name: string }, Node>(
  resources: readonly Resource<Declaration, Node>[], owner: Owner<Declaration, Node>, model: MeshModel,
): boolean {
  const { construct, declaration, mesh } = owner;
  const late = resources.filter((resource) => resource.late !== undefined);
  if (late.length === 0) {
    return false;
  }
  const wanted = late.flatMap((resource) => (resource.exists(declaration, mesh) ? resource.late!(owner.node(model), model) : [])
    .map((key) => ({ resource, key, id: `${resource.id}-${key}` })));
  const prefixes = late.map(({ id }) => `${id}-`);
  const there = construct.node.children.filter((child) => ApiObject.isApiObject(child) && isOurs(child)).map(({ node }) => node.id)
    .filter((id) => prefixes.some((prefix) => id.startsWith(prefix)));
  const kept = there.findIndex((id, index) => id !== wanted[index]?.id);
  const same = kept < 0 ? there.length : kept;
  there.slice(same).forEach((id) => construct.node.tryRemoveChild(id));
  wanted.slice(same).forEach(({ resource, key }) => materializeOne(resource, owner, key));
  return same < there.length || same < wanted.length;
}

/** The paths that the program patched in an object; empty where it patched none. */
export function patchedPaths(object: ApiObject): readonly string[] {
  return (patchesOf(object) ?? []).map((patch) => String((patch._toJson() as { path?: string }).path ?? ''));
}

function keysOf<Declaration, Node>(
  resource: Resource<Declaration, Node>, { declaration, mesh }: Owner<Declaration, Node>,
): readonly (string | undefined)[] {
  return resource.each?.(declaration, mesh) ?? [undefined, ...resource.further?.(declaration, mesh) ?? []];
}

/** True where it was not there yet. */
function materializeOne<Declaration extends { readonly name: string }, Node>(
  resource: Resource<Declaration, Node>, owner: Owner<Declaration, Node>, key: string | undefined,
): boolean {
  const { construct, declaration, mesh, registry } = owner;
  const id = keyed(resource.id, key);
  if (construct.node.tryFindChild(id) !== undefined) {
    return false;
  }
  const body = resource.spec && new ResourceBody(resource, owner, key);
  const object = new MeshObject(construct, id, {
    apiVersion: resource.apiVersion,
    kind: resource.kind,
    metadata: {
      name: keyed(resource.nameOf?.(declaration, mesh) ?? declaration.name, key),
      namespace: resource.clusterScoped ? undefined : resource.namespaceOf?.(declaration, mesh, key) ?? owner.namespace,
      labels: joined(resource.labels?.(declaration, mesh), lateValues(resource.lateLabels, owner, key)),
      annotations: joined(resource.annotations?.(declaration, mesh, key), lateValues(resource.lateAnnotations, owner, key)),
    },
    spec: body,
  }, body);
  if (resource.clusterScoped && object.metadata.namespace !== undefined) {
    // cdk8s gives every object the namespace of its chart, whatever its kind.
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  const earlier = resource.after === undefined ? undefined : construct.node.tryFindChild(keyed(resource.after, key));
  if (earlier !== undefined) {
    registry.order.note(object, earlier as ApiObject);
  }
  return true;
}

class ResourceBody<Declaration, Node> extends Body {
  public constructor(
    private readonly resource: Resource<Declaration, Node>, private readonly owner: Owner<Declaration, Node>, private readonly key?: string,
  ) {
    super();
  }

  protected get registry(): Registry {
    return this.owner.registry;
  }

  protected render(model: MeshModel): object {
    return this.resource.spec!(this.owner.node(model), model, this.key);
  }
}

function keyed(text: string, key: string | undefined): string {
  return key === undefined ? text : `${text}-${key}`;
}

function joined(early: Record<string, string> | undefined, late: Record<string, string> | undefined): Record<string, string> | undefined {
  return late === undefined ? early : { ...early, ...late };
}

/** cdk8s leaves out what turns out to be undefined. */
function lateValues<Declaration, Node>(
  values: Resource<Declaration, Node>['lateLabels'], owner: Owner<Declaration, Node>, objectKey: string | undefined,
): Record<string, string> | undefined {
  return values && Object.fromEntries(Object.entries(values).map(([name, value]) => {
    const asker = { round: 0 };
    return [name, Lazy.any({
      produce: () => {
        const model = owner.registry.render(asker);
        return value(owner.node(model), model, objectKey);
      },
    }) as string];
  }));
}

/** Whether this library wrote the object. */
export function isOurs(object: ApiObject): boolean {
  return object.constructor === MeshObject;
}
