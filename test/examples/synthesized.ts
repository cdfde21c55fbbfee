import { App } from 'cdk8s';
import type { Mesh } from 'cdk8s-mesh';
import type { Manifest } from '../support/schemas';

export type Resource = Manifest & { readonly metadata: any; readonly spec: any };

export interface Synthesized {
  readonly mesh: Mesh;
  /** In the order in which they are applied. */
  readonly manifests: readonly Resource[];
  /** Lines that went to stderr. */
  readonly warnings: readonly string[];
  /** The one resource of that kind and name. */
  readonly find: (kind: string, name: string) => Resource;
}

/** What `cdk8s synth` writes for a program, without the files. */
export function synthesized(build: (app: App) => Mesh): Synthesized {
  const app = new App();
  const mesh = build(app);
  const warnings: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    warnings.push(String(text).trimEnd());
    return true;
  });
  let manifests: Resource[];
  try {
    manifests = app.charts.flatMap((chart): Resource[] => chart.toJson());
  } finally {
    stderr.mockRestore();
  }
  const find = (kind: string, name: string): Resource => {
    const found = manifests.filter((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    if (found.length !== 1) {
      throw new Error(`${found.length} resources are ${kind}/${name}; there are ${manifests.map((one) => `${one.kind}/${one.metadata.name}`).join(', ')}`);
    }
    return found[0];
  };
  return { mesh, manifests, warnings, find };
}
