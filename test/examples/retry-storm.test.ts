/** The storm fails with its path and its figure, as the README shows; the mended program stays within the limit. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App } from 'cdk8s';
import { build } from '../../examples/retry-storm/app';
import { buildStorm } from '../../examples/retry-storm/storm';
import { Amplification } from '../../src/model/amplification';

const README = readFileSync(join(__dirname, '../../examples/retry-storm/README.md'), 'utf8');

test('three hops of five attempts each are refused with the path and 125, and nothing is written', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'storm-'));
  try {
    const app = new App({ outdir });
    buildStorm(app);
    const shown = README.split('\n').find((line) => line.startsWith('[retry-storm/front] MESH201'))!;
    expect(shown).toContain('may become 125 requests to shop/ledger');
    expect(() => app.synth()).toThrow(new Error(`Validation failed with the following errors:\n  ${shown}`));
    expect(readdirSync(outdir)).toEqual([]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});

test('the mended program makes five of one at the most', () => {
  const mesh = build(new App());
  expect(new Amplification(mesh._members.model(0)).worst('shop/ledger')).toMatchObject({ entry: 'shop/front', requests: 5, healthy: 1 });
  expect(mesh.findings).toEqual([]);
});
