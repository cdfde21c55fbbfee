/** Runs the programs of the findings reference, in the scope that the reference promises. */
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import * as library from '../../src';
import type { Finding } from '../../src/model/finding';

export interface Ran {
  readonly app: cdk8s.App;
  /** Those of every mesh of the program. */
  readonly findings: readonly Finding[];
}

export function run(snippet: string): Ran {
  const app = new cdk8s.App();
  const chart = new cdk8s.Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new library.Mesh(chart, 'mesh', {
    provider: library.MeshProvider.istio(),
    // The pages stay the same whenever they are written.
    asOf: '2026-01-01',
    adoption: library.Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
  });
  const deployment = (name: string, ...ports: number[]) => new kplus.Deployment(chart, `${name}-pods`, {
    metadata: { name },
    containers: [{
      image: `registry.example.com/${name}:1.0`,
      ports: (ports.length === 0 ? [8080] : ports).map((number) => ({ name: `port-${number}`, number })),
    }],
  });
  const scope: Record<string, unknown> = { ...cdk8s, ...library, kplus, app, chart, mesh, deployment };
  const { outputText } = transpileModule(snippet, { compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.None } });
  new Function(...Object.keys(scope), outputText)(...Object.values(scope));
  const meshes = app.node.findAll().filter((construct) => construct instanceof library.Mesh).filter(({ services }) => services.length > 0);
  return { app, findings: (meshes.length === 0 ? [mesh] : meshes).flatMap((each) => each.findings) };
}
