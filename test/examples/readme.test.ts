/** What README.md shows is what happens. */
import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Severity } from 'cdk8s-mesh';
import { ModuleKind, transpileModule } from 'typescript';
import { run as runSnippet } from '../../tools/findings/run';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const PROGRAM = blocks('ts')[0];

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\\n\`\`\`$`, 'gm'))].map(([, text]) => text);
}

/** Runs a program as `cdk8s synth` does, and gives the manifests as they stand in its file. */
function run(program: string): string[] {
  const out = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-readme-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = out;
  try {
    const { outputText } = transpileModule(program, { compilerOptions: { module: ModuleKind.CommonJS } });
    new Function('require', 'exports', outputText)(require, {});
    return readFileSync(join(out, 'shop.k8s.yaml'), 'utf8').trimEnd().split('\n---\n');
  } finally {
    if (before === undefined) {
      delete process.env.CDK8S_OUTDIR;
    } else {
      process.env.CDK8S_OUTDIR = before;
    }
    rmSync(out, { recursive: true });
  }
}

test('the program has some 20 lines', () => {
  expect(PROGRAM.split('\n').length).toBeLessThanOrEqual(22);
});

test('it writes as many resources as it says, and these among them', () => {
  const written = run(PROGRAM);
  expect(README).toContain(`It writes ${written.length} resources`);
  const shown = blocks('yaml')[0].split('\n---\n');
  expect(shown).toHaveLength(3);
  for (const manifest of shown) {
    expect(written).toContain(manifest);
  }
});

test('the mistake ends in the finding that is shown', () => {
  const mistaken = PROGRAM.replace('{ v1: 90, v2: 10 }', '{ v1: 90, canary: 10 }');
  expect(mistaken).not.toBe(PROGRAM);
  expect(README).toContain('{ v1: 90, canary: 10 }');
  let message = '';
  try {
    run(mistaken);
  } catch (error) {
    ({ message } = error as Error);
  }
  expect(message).toBe(blocks('text')[0]);
});

test('zero trust and the canary are taken as they are shown', () => {
  const { findings } = runSnippet(`
const pods = new kplus.Deployment(chart, 'pods', { metadata: { name: 'orders' }, select: false, containers: [{ image: 'shop/orders:1.0', portNumber: 8080 }] });
pods.podMetadata.addLabel('app', 'orders');
pods.select(kplus.LabelSelector.of({ labels: { app: 'orders' } }));
const orders = new MeshService(chart, 'orders', { mesh, workload: pods, ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(orders);
${blocks('ts')[1]}`);
  expect(findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
});
