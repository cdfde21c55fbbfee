import type { KubeObject } from './kubernetes';

/** What a container sees of its pod and node. */
export interface PodFacts {
  readonly pod: KubeObject;
  readonly address: string;
  readonly hostAddress: string;
  /** Cores and bytes a container without a limit may use. */
  readonly node: { readonly cpu: number; readonly memory: number };
}

/** A container's environment, resolved as the kubelet does: fields, resources and $(NAME) references. */
export function environment(container: KubeObject, facts: PodFacts): Record<string, string> {
  const result: Record<string, string> = {};
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) {
      result[name] = field(valueFrom.fieldRef.fieldPath, facts);
    } else if (valueFrom?.resourceFieldRef) {
      result[name] = `${resource(container, valueFrom.resourceFieldRef, facts)}`;
    } else if (valueFrom && !Object.values(valueFrom).every((source: any) => source.optional)) {
      throw new Error(`container ${container.name}: environment variable ${name} comes from ${Object.keys(valueFrom).join()}, which the harness does not play`);
    } else {
      result[name] = expand(value ?? '', result);
    }
  }
  return result;
}

/** A container's arguments with $(NAME) references resolved. */
export function argumentsOf(container: KubeObject, env: Record<string, string>): string[] {
  return (container.args ?? []).map((arg: string) => expand(arg, env));
}

/** The lines of a downward API file: `key="value"`, quoted as Go's %q does. */
export function downwardFile(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {}).sort().map(([key, value]) => `${key}=${JSON.stringify(value)}`).join('\n');
}

/** Bytes or cores of a Kubernetes quantity. */
export function quantity(text: string): number {
  const match = /^([0-9.]+)(m|k|Ki|M|Mi|G|Gi|T|Ti)?$/.exec(text);
  if (!match) {
    throw new Error(`'${text}' is not a quantity that the harness reads`);
  }
  const factors: Record<string, number> = { m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
  return Number(match[1]) * (match[2] ? factors[match[2]] : 1);
}

function field(path: string, { pod, address, hostAddress }: PodFacts): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) {
    return pod.metadata[keyed[1]]?.[keyed[2]] ?? '';
  }
  const fields: Record<string, string> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName': pod.spec.serviceAccountName,
    'status.podIP': address,
    'status.hostIP': hostAddress,
  };
  if (fields[path] === undefined) {
    throw new Error(`pod field ${path} is not one that the harness plays`);
  }
  return fields[path];
}

function resource(container: KubeObject, ref: { resource: string; divisor?: string }, facts: PodFacts): number {
  const [kind, name] = ref.resource.split('.');
  const given = container.resources?.[kind]?.[name];
  const amount = given === undefined ? facts.node[name as 'cpu' | 'memory'] : quantity(`${given}`);
  return Math.ceil(amount / (quantity(ref.divisor ?? '1') || 1));
}

function expand(text: string, env: Record<string, string>): string {
  return text.replace(/\$\(([A-Za-z0-9_.-]+)\)/g, (reference, name: string) => env[name] ?? reference);
}
