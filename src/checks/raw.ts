/** Reads bodies of objects that the program wrote by hand: anything may be missing or of another type. */
import { grouped } from '../model/grouped';
import type { MeshModel, ObjectNode } from '../model/mesh-model';
import { fullyQualified } from '../model/names';
import { onceWhileJudged } from '../model/once';

type Json = Readonly<Record<string, unknown>>;

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function records(value: unknown): readonly Json[] {
  return list(value).map(record);
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function texts(value: unknown): readonly string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Labels and selectors: values that are texts. */
export function labels(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

export function groupOf(object: Pick<ObjectNode, 'apiVersion'>): string {
  const slash = object.apiVersion.indexOf('/');
  return slash < 0 ? '' : object.apiVersion.slice(0, slash);
}

export const ISTIO_NETWORKING = 'networking.istio.io';
export const ISTIO_SECURITY = 'security.istio.io';

/** What the program wrote by itself and is read, by kind. */
const byKind = onceWhileJudged((model) => grouped(model.objects.filter(({ ours, body }) => !ours && body !== undefined), ({ kind }) => kind));

/** Objects of the program itself whose bodies are read, of one kind. */
export function writtenByHand(model: MeshModel, kind: string, group: string): readonly ObjectNode[] {
  return (byKind(model).get(kind) ?? []).filter((object) => groupOf(object) === group);
}

/** Istio's objects of the program itself, with their spec. */
export function handWritten(model: MeshModel, kind: string, group = ISTIO_NETWORKING): readonly { object: ObjectNode; spec: Json }[] {
  return writtenByHand(model, kind, group)
    .map((object) => ({ object, spec: record(object.body?.spec) }));
}

/** A host as Istio reads it: a name without a dot belongs to the namespace of the object that says it. */
export function resolvedHost(model: MeshModel, host: string, namespace: string | undefined): string {
  return host.includes('.') || host.startsWith('*') || namespace === undefined ? host : fullyQualified(host, namespace, model.mesh.clusterDomain);
}

/** Path of the construct that an object was made for. */
export function ownerOf(object: ObjectNode): string {
  return object.origin.slice(0, Math.max(object.origin.lastIndexOf('/'), 0));
}
