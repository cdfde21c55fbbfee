import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import type { Mesh } from 'cdk8s-mesh';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { build } from '../../examples/zero-trust/app';
import { accessMatrix } from '../../src/model/access-matrix';
import { findingLine, Severity } from '../../src/model/finding';
import { synthesized } from './synthesized';

const FOLDER = join(__dirname, '../../examples/zero-trust');
const SOURCE = readFileSync(join(FOLDER, 'app.ts'), 'utf8');
const README = readFileSync(join(FOLDER, 'README.md'), 'utf8');

/** The example at another stage: its one edit is made for it. */
function at(stage: string): Mesh {
  const edited = SOURCE.replace(/const STAGE = [^;]*;/, `const STAGE = MtlsMigration.${stage};`);
  expect(edited).toContain(`MtlsMigration.${stage};`);
  const { outputText } = transpileModule(edited, { compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS } });
  const module = {} as { build: (app: App) => Mesh };
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  new Function('require', 'exports', outputText)((name: string) => require(name.startsWith('.') ? join(FOLDER, name) : name) as unknown, module);
  return module.build(new App());
}

const heavy = (mesh: Mesh) => mesh.findings.filter(({ severity }) => severity !== Severity.INFO);

test.each(['permissive()', 'permissiveWithProof()', 'strictFor(\'shop\')'])('%s has nothing against it', (stage) => {
  expect(heavy(at(stage))).toEqual([]);
});

test('the last stage is refused while invoices has no proxy, in the words of the README', () => {
  const [finding, ...more] = heavy(at('strict()'));
  expect(more).toEqual([]);
  const [shown] = /`(\[archive\/archive\][^`]*)`/.exec(README.replace(/\n> /g, ' '))!.slice(1);
  expect(`[${finding.construct}] ${findingLine(finding)}`.startsWith(shown.replace(/ …$/, ''))).toBe(true);
});

test('stages that the README lists are those of the program', () => {
  const listed = [...README.matchAll(/^\| `MtlsMigration\.(\w+)\(/gm)].map(([, name]) => name);
  const [comment] = /\/\*\*[^]*?\*\//.exec(SOURCE)!;
  expect([...comment.matchAll(/`(\w+)\(/g)].map(([, name]) => name)).toEqual(listed);
});

test('who may call whom', () => {
  const { mesh } = synthesized(build);
  const matrix = accessMatrix(mesh._judgement().model);
  const allowed = matrix.callers.flatMap((caller) => matrix.callees.flatMap((callee) => matrix.cells(caller, callee)))
    .filter(({ verdict }) => verdict === 'allowed').map(({ caller, callee, port }) => `${caller} → ${callee}:${port}`);
  expect(allowed).toEqual(['shop/web → shop/orders:80', 'shop/orders → shop/ledger:5432', 'shop/ledger → shop/ledger:5432']);
  expect(matrix.outside.map(({ caller, callee, port }) => `${caller} → ${callee}:${port}`)).toEqual([
    'account istio-ingress/gateway → shop/web:80', 'account batch/nightly → shop/orders:80', 'anyone, without identity → shop/orders:9090',
  ]);
});

test('proxies of the shop let nothing out but what is declared', () => {
  const { manifests } = synthesized(build);
  const sidecars = manifests.filter(({ kind, metadata }) => kind === 'Sidecar' && metadata.namespace === 'shop');
  expect(sidecars.map(({ metadata }) => metadata.name).sort()).toEqual(['ledger', 'orders', 'web']);
  expect(sidecars.every(({ spec }) => spec.outboundTrafficPolicy.mode === 'REGISTRY_ONLY')).toBe(true);
  expect(sidecars.filter(({ spec }) => JSON.stringify(spec).includes('api.stripe.com')).map(({ metadata }) => metadata.name)).toEqual(['orders']);
});
