/** The classes that `cdk8s import` generates, for the objects of the benchmark's program. */
import { resolve } from 'path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

type L1 = new (scope: Construct, id: string, props: object) => ApiObject;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const modules = new Map<string, Readonly<Record<string, L1>>>();

/** Kubernetes' own kinds come from cdk8s-plus, all others from imports/. */
export function classOf({ apiVersion, kind }: Manifest): L1 {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const kubernetes = group === '' || !group.includes('.');
  const file = kubernetes ? 'cdk8s-plus-28/lib/imports/k8s' : resolve('lib/imports', group);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const known = modules.get(file) ?? require(file) as Readonly<Record<string, L1>>;
  modules.set(file, known);
  const found = known[kubernetes ? `Kube${kind}` : kind];
  if (found === undefined) {
    throw new Error(`${file} has no class for ${kind}`);
  }
  return found;
}

/** The properties of a class: the manifest without its kind, and the one name that the generator spells otherwise. */
export function propsOf(manifest: Manifest): object {
  return respelt(Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== 'apiVersion' && key !== 'kind'))) as object;
}

function respelt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value) ? value.map(respelt)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key === 'consecutive5xxErrors' ? 'consecutive5XxErrors' : key, respelt(part)]));
}
