/** What becomes of every example on every mesh. */
import { existsSync, readdirSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { Finding, Mesh, MeshProvider, Severity } from 'cdk8s-mesh';
import { type Target, TARGETS } from './targets';

const EXAMPLES = join(__dirname, '..', '..', 'examples');

export const EXAMPLE_NAMES = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'cdk8s.yaml'))).sort();

type Build = (app: App, provider?: MeshProvider) => Mesh;

export function buildOf(example: string): Build {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(join(EXAMPLES, example, 'app')) as { build: Build }).build;
}

export interface Cell {
  readonly example: string;
  readonly target: Target;
  /** Errors and warnings; an example with errors is not written. */
  readonly findings: readonly Finding[];
}

export function matrix(): readonly Cell[] {
  return EXAMPLE_NAMES.flatMap((example) => TARGETS.map((target): Cell => {
    const { findings } = buildOf(example)(new App(), target.provider());
    return { example, target, findings: findings.filter(({ severity }) => severity !== Severity.INFO) };
  }));
}

/** `MESH801 consistent-hash` for what a mesh cannot do, else the code alone; each once, with how often. */
export function said(findings: readonly Finding[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { code, message } of findings) {
    const capability = /^.* can(?:not)? do ([a-z0-9-]+)/.exec(message)?.[1];
    const text = capability === undefined ? code : `${code} ${capability}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => count === 1 ? text : `${text} ×${count}`);
}
