import { cdk8s, javascript, typescript } from 'projen';
import { addEslint } from './projenrc/eslint';
import { addJest } from './projenrc/jest';
import { addScripts } from './projenrc/scripts';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-mesh',
  description: 'Service meshes as typed cdk8s constructs: declare services, calls and wishes; get every mesh resource, or one list of findings.',
  author: 'cdk8s-mesh authors',
  authorAddress: 'https://github.com/cdk8s-mesh',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk8s-mesh/cdk8s-mesh.git',
  keywords: ['cdk8s', 'kubernetes', 'service-mesh', 'istio', 'linkerd', 'gateway-api', 'flagger', 'argo-rollouts'],
  license: 'Apache-2.0',
  copyrightOwner: 'cdk8s-mesh authors',
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '20',

  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  // As low as the peers themselves allow: every cdk8s-plus-28 asks for this cdk8s, and that for this constructs.
  cdk8sVersion: '2.68.12',
  constructsVersion: '10.3.0',
  peerDeps: ['cdk8s-plus-28@^2.0.3'],
  // Inside the package, so that users install nothing more, and loaded only where they are needed.
  bundledDeps: [
    // Lays out the call graph of a report.
    '@dagrejs/dagre@^3',
    // Prometheus' own grammar of PromQL, for queries of the program's own, and the parser that it needs.
    '@prometheus-io/lezer-promql@^0.315.0', '@lezer/common@^1', '@lezer/highlight@^1', '@lezer/lr@^1',
  ],
  devDeps: [
    '@types/node@^20',
    'ajv@^8',
    'axe-core@^4',
    'cdk8s-cli',
    // Workloads of another cdk8s-plus than the peer.
    'cdk8s-plus-33',
    'fast-check',
    'markdown-it',
    'parse5@^7',
    'playwright-core',
    'tsx',
    'yaml',
  ],

  publishToPypi: { distName: 'cdk8s-mesh', module: 'cdk8s_mesh' },
  publishToMaven: { javaPackage: 'io.github.cdk8smesh', mavenGroupId: 'io.github.cdk8smesh', mavenArtifactId: 'cdk8s-mesh' },
  publishToGo: { moduleName: 'github.com/cdk8s-mesh/cdk8s-mesh-go' },

  // jsii compiles src/ and the generated imports/ beside it, so lib/ mirrors both.
  entrypoint: 'lib/src/index.js',
  entrypointTypes: 'lib/src/index.d.ts',
  tsconfig: {
    include: ['src/**/*.ts', 'imports/**/*.ts'],
    // Inlined maps would triple the package, most of it for the generated imports/.
    compilerOptions: { rootDir: '.', outDir: 'lib', inlineSourceMap: false, inlineSources: false },
  },
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    include: ['src', 'imports', 'test', 'examples', 'tools', 'projenrc'].map(dir => `${dir}/**/*.ts`).concat('.projenrc.ts'),
    compilerOptions: {
      rootDir: '.',
      // Tests and examples import the library by its name; type checks then need no earlier compile.
      paths: { 'cdk8s-mesh': ['./src/index.ts'] },
    },
  },

  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx({ typeCheck: false }),
  sampleCode: false,
  integrationTestAutoDiscover: false,
  eslint: false,
  jest: false,
  docgen: false,
  npmignoreEnabled: false,
  github: false,
  buildWorkflow: false,
  release: false,
  depsUpgrade: false,
  pullRequestTemplate: false,
  gitignore: [
    '/.warnings.jsii.js',
    '/.npmignore',
    '*.tsbuildinfo',
    '/.cache/',
    '/examples/*/dist/',
    '!/imports/',
    '!/.projenrc.ts',
  ],
});

project.tsconfigDev.removeInclude('**/*.ts');

// What the tarball holds. Sources, tests and examples stay in the repository.
project.package.addField('files', ['lib/**/*.js', 'lib/**/*.d.ts', '.jsii', '.warnings.jsii.js']);
// The repository's own examples import `cdk8s-mesh` through these, as a user's program does.
project.package.addField('exports', {
  '.': { types: './lib/src/index.d.ts', default: './lib/src/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
  './.warnings.jsii.js': './.warnings.jsii.js',
});
project.package.addField('types', 'lib/src/index.d.ts');

// Without this npm writes the host it installed from into package-lock.json.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// The floor is older than what jsii's own support window allows; the notice would fill every log.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');

for (const generated of ['/imports/**', '/test/schemas/**']) {
  project.gitattributes.addAttributes(generated, 'linguist-generated');
}

addJest(project);
addEslint(project);
addScripts(project);

project.synth();
