/**
 * An ApiObject whose body is rendered from the model. What it writes is, to the byte, what any ApiObject would write; it only takes a
 * shorter way there, since it knows that its body holds nothing to resolve.
 */
import { ApiObject, ApiObjectProps, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { MeshModel } from '../model/mesh-model';
import { Json } from './json';
import { isPlain, isUsual, patchesOf, sorted } from './plain-data';
import type { Registry } from './registry';

/** Renders one body, from the model of the moment. */
export abstract class Body {
  /** @see Registry.render */
  public round = 0;

  /** What cdk8s asks of whatever is to be resolved. */
  public resolve(): object {
    return this.render(this.registry.render(this));
  }

  protected abstract readonly registry: Registry;

  protected abstract render(model: MeshModel): object;
}

/** What cdk8s keeps of an object's metadata. */
interface Metadata {
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly labels?: Json;
  readonly annotations?: Json;
  readonly finalizers?: unknown[];
  readonly ownerReferences?: unknown[];
  readonly _additionalAttributes?: Json;
}

const USUAL_METADATA = new Set(['name', 'namespace', 'labels', 'annotations']);

export class MeshObject extends ApiObject {
  /** @param props with the body, too, for whoever takes the long way */
  public constructor(scope: Construct, id: string, props: ApiObjectProps, private readonly body?: Body) {
    super(scope, id, props);
  }

  public override toJson(): unknown {
    const patches = patchesOf(this);
    const metadata = patches && isUsual(this) ? usualMetadata(this) : undefined;
    if (patches === undefined || metadata === undefined) {
      return super.toJson() as unknown;
    }
    const spec = this.spec();
    if (!isPlain(spec)) {
      // This rendering did not count.
      this.body!.round = 0;
      return super.toJson() as unknown;
    }
    const json: Json = { apiVersion: this.apiVersion, kind: this.kind, metadata };
    if (spec !== undefined) {
      json.spec = sorted(spec);
    }
    return patches.length === 0 ? json : this.patched(json, patches);
  }

  private spec(): object | undefined {
    try {
      return this.body?.resolve();
    } catch (error) {
      throw this.failure(error);
    }
  }

  private patched(json: Json, patches: readonly JsonPatch[]): unknown {
    try {
      const { apiVersion, kind, metadata, ...rest } = JsonPatch.apply(json, ...patches) as Json;
      return Object.fromEntries(Object.entries({ apiVersion, kind, metadata, ...rest }).filter(([, value]) => value !== undefined));
    } catch (error) {
      throw this.failure(error);
    }
  }

  /** In the words of cdk8s. */
  private failure(error: unknown): Error {
    return new Error(`Failed serializing construct at path '${this.node.path}' with name '${this.name}': ${String(error)}`);
  }
}

/** The metadata where it holds nothing but texts under the usual names. */
function usualMetadata(object: ApiObject): Json | undefined {
  const { name, namespace, labels, annotations, finalizers, ownerReferences, _additionalAttributes: more } = object.metadata as unknown as Metadata;
  if (more === undefined || finalizers?.length !== 0 || ownerReferences?.length !== 0 || !Object.keys(more).every((key) => USUAL_METADATA.has(key))
    || typeof name !== 'string' || (namespace !== undefined && typeof namespace !== 'string') || !areTexts(labels) || !areTexts(annotations)) {
    return undefined;
  }
  const metadata: Json = {};
  if (Object.keys(annotations).length > 0) {
    metadata.annotations = sorted(annotations);
  }
  if (Object.keys(labels).length > 0) {
    metadata.labels = sorted(labels);
  }
  metadata.name = name;
  if (namespace !== undefined) {
    metadata.namespace = namespace;
  }
  return metadata;
}

function areTexts(texts: Json | undefined): texts is Readonly<Record<string, string>> {
  return texts !== undefined && Object.values(texts).every((text) => typeof text === 'string');
}
