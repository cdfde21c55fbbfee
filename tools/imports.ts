/**
 * Regenerates imports/ (typed L1 of every CRD that the library emits, by the real `cdk8s import`) and test/schemas/
 * (the same facts as JSON schemas). Sources are the Go modules that versions.json pins. A source that fails is named
 * and leaves its files as they are; the others still regenerate, and the exit code is 1.
 */
import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { stringify } from 'yaml';
import { type Crd, crdsOf } from './imports/crds';
import { sorted, writeJson, writeText } from './imports/files';
import { toJsonSchema } from './imports/json-schema';
import { kubernetesProvenance, kubernetesSchemas } from './imports/kubernetes';
import { CRD_SOURCES, type CrdSource } from './imports/sources';

const IMPORTS = 'imports';
const SCHEMAS = 'test/schemas';
const FACTS_ONLY = 'one served version a kind, descriptions and status removed';

function generate(source: CrdSource): void {
  const crds = crdsOf(source);
  writeTypes(source, crds);
  for (const group of new Set(crds.map(crd => crd.group))) {
    rmSync(join(SCHEMAS, group), { recursive: true, force: true });
  }
  for (const crd of crds) {
    writeJson(join(SCHEMAS, crd.group, `${crd.kind}.json`), crdSchema(source, crd));
  }
  console.log(`${source.name}: ${crds.map(crd => `${crd.kind} ${crd.version}`).join(', ')}`);
}

/** What `cdk8s import` makes of the stripped CRDs, one file a group, with our header. */
function writeTypes(source: CrdSource, crds: readonly Crd[]): void {
  const dir = mkdtempSync(join(tmpdir(), 'cdk8s-import-'));
  try {
    writeFileSync(join(dir, 'crds.yaml'), crds.map(crd => stringify(sorted(manifest(crd)))).join('---\n'));
    execFileSync(resolve('node_modules/.bin/cdk8s'), ['import', 'crds.yaml', '--language', 'typescript', '--output', 'out', '--no-save', '--no-check-upgrade'], {
      cwd: dir, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
    });
    for (const group of new Set(crds.map(crd => crd.group))) {
      const text = readFileSync(join(dir, 'out', `${group}.ts`), 'utf8');
      writeText(join(IMPORTS, `${group}.ts`), `// npm run imports: ${source.provenance}; ${FACTS_ONLY}\n${text}`);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function manifest(crd: Crd) {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${crd.plural}.${crd.group}` },
    spec: {
      group: crd.group,
      names: { kind: crd.kind, plural: crd.plural },
      scope: crd.scope,
      versions: [{ name: crd.version, served: true, storage: true, schema: { openAPIV3Schema: crd.schema } }],
    },
  };
}

function crdSchema(source: CrdSource, crd: Crd) {
  const schema = toJsonSchema(crd.schema);
  return {
    ...schema,
    $schema: 'http://json-schema.org/draft-07/schema#',
    $comment: `npm run imports: ${source.provenance}; ${FACTS_ONLY}`,
    required: ['apiVersion', 'kind', 'metadata', ...(crd.schema.required ?? [])].filter((key, i, all) => all.indexOf(key) === i),
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string', enum: [`${crd.group}/${crd.version}`] },
      kind: { type: 'string', enum: [crd.kind] },
      metadata: { type: 'object' },
    },
  };
}

function generateKubernetes(): void {
  const schemas = kubernetesSchemas();
  for (const { group, kind, schema } of schemas) {
    writeJson(join(SCHEMAS, group || 'core', `${kind}.json`), {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $comment: `npm run imports: ${kubernetesProvenance()}; ${FACTS_ONLY}`,
      ...schema,
    });
  }
  console.log(`kubernetes: ${schemas.map(({ kind }) => kind).join(', ')}`);
}

/** Files of groups that no source names any more. */
function removeStale(): void {
  const groups = CRD_SOURCES.flatMap(source => Object.keys(source.kinds));
  for (const file of existsSync(IMPORTS) ? readdirSync(IMPORTS) : []) {
    if (!groups.includes(file.replace(/\.ts$/, ''))) {
      rmSync(join(IMPORTS, file), { recursive: true });
    }
  }
}

const failures: string[] = [];
const attempt = (name: string, run: () => void) => {
  try {
    run();
  } catch (e) {
    failures.push(name);
    console.error(`${name}: FAILED, its files stay as they are: ${(e as Error).message}`);
  }
};

removeStale();
for (const source of CRD_SOURCES) {
  attempt(source.name, () => generate(source));
}
attempt('kubernetes', generateKubernetes);
if (failures.length > 0) {
  console.error(`not regenerated: ${failures.join(', ')}`);
  process.exitCode = 1;
}
