/** Every example, as `npm run synth` writes it, against istioctl, the API server and the proxies. */
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { claim, claimEqual, type KubeObject, stack } from './stack';

/** Where `npm run synth` writes, one folder an example. */
const DIST = 'dist';

const examples = readdirSync('examples').filter(name => existsSync(join('examples', name, 'cdk8s.yaml'))).sort();
const cluster = stack();

/**
 * Istio says this of every EnvoyFilter, whatever it holds. Zero trust needs one: Istio has no other API that refuses ambiguous paths at some
 * services and leaves the mesh alone.
 */
const ANY_ENVOY_FILTER = /EnvoyFilter[ /].*exposes internal implementation details/;
const HEADING = /^"[^"]*" has warnings:$/;

test.each(examples)('%s was synthesized', name => {
  claim(`${name}: npm run synth wrote manifests`, 'at least 1 file', manifests(name), manifests(name).length > 0);
});

describe.each(examples.filter(name => manifests(name).length > 0))('%s', name => {
  const files = manifests(name);
  const namespaces = namespacesOf(files);

  afterAll(() => cluster.drop(...namespaces));

  test('istioctl analyze', async () => {
    const messages = await cluster.istioctl.analyze(files);
    claimEqual(`${name}: istioctl analyze has no message`, [],
      messages.map(({ code, level, message, origin }) => `${code} ${level} ${origin}: ${message}`).filter(line => !ANY_ENVOY_FILTER.test(line)));
  });

  test('istioctl validate', async () => {
    const { accepted, complaints } = await cluster.istioctl.validate(files);
    claimEqual(`${name}: istioctl validate accepts it without warning`, { accepted: true, complaints: [] },
      { accepted, complaints: complaints.filter(line => !ANY_ENVOY_FILTER.test(line) && !HEADING.test(line)) });
  });

  test('API server and proxies', async () => {
    // Namespaces that the manifests use but leave to others.
    for (const namespace of namespaces) {
      await cluster.kubernetes.apply(`/api/v1/namespaces/${namespace}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    }
    const refused: string[] = [];
    for (const file of files) {
      const { code, stderr } = await cluster.tryApply(readFileSync(file, 'utf8'), '--force-conflicts');
      if (code !== 0) {
        refused.push(stderr.trim());
      }
    }
    claimEqual(`${name}: the API server accepts ${objects(files).length} objects`, [], refused);
    await cluster.ready(...namespaces);
    claimEqual(`${name}: resources that its proxies reject`, [], await cluster.rejections());
  });
});

function manifests(example: string): string[] {
  const dir = join(DIST, example);
  const files = existsSync(dir) ? readdirSync(dir, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter(file => file.endsWith('.yaml')).sort().map(file => join(dir, file));
}

function objects(files: string[]): KubeObject[] {
  return files.flatMap(file => parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS() as KubeObject)).filter(Boolean);
}

function namespacesOf(files: string[]): string[] {
  const all = objects(files);
  const named = all.map(object => object.metadata.namespace as string | undefined);
  const created = all.filter(object => object.kind === 'Namespace').map(object => object.metadata.name as string);
  return [...new Set([...named, ...created])].filter((name): name is string => name !== undefined && !['default', 'istio-system'].includes(name));
}
