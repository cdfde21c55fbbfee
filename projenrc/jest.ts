import { type cdk8s, JsonFile } from 'projen';

/** Suites with a runner of their own; `npm test` leaves them out. */
const OTHER_SUITES = ['conformance', 'browser', 'bindings', 'bench', 'fuzz'];

const COMMON = {
  testEnvironment: 'node',
  testTimeout: 30_000,
  // Types are checked by `npm run typecheck`; here they are only stripped, which keeps the suite fast.
  transform: {
    '\\.ts$': ['@swc/jest', {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
      module: { type: 'commonjs' },
    }],
  },
  moduleNameMapper: { '^cdk8s-mesh$': '<rootDir>/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/', '<rootDir>/.cache/'],
};

export function addJest(project: cdk8s.ConstructLibraryCdk8s): void {
  project.addDevDeps('jest@^30', '@types/jest@^30', '@swc/core@1.16.18', '@swc/jest');
  // Both are binaries: pinned to releases that have one for every platform, else npm writes a lockfile that `npm ci` refuses.
  project.package.addPackageResolutions('unrs-resolver@1.12.2');
  project.gitignore.exclude('/coverage/', '/test-reports/');

  new JsonFile(project, 'jest.config.json', {
    obj: {
      ...COMMON,
      roots: ['<rootDir>/test'],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: OTHER_SUITES.map(suite => `<rootDir>/test/${suite}/`),
    },
  });
  new JsonFile(project, 'jest.browser.json', {
    obj: { ...COMMON, roots: ['<rootDir>/test/browser'], testMatch: ['**/*.test.ts'], testTimeout: 120_000, maxWorkers: 1 },
  });
  new JsonFile(project, 'jest.conformance.json', {
    obj: {
      ...COMMON,
      roots: ['<rootDir>/test/conformance'],
      testMatch: ['**/*.test.ts'],
      testTimeout: 300_000,
      maxWorkers: 1,
      globalSetup: '<rootDir>/test/conformance/stack/setup.ts',
      globalTeardown: '<rootDir>/test/conformance/stack/teardown.ts',
      reporters: ['default', '<rootDir>/test/conformance/stack/reporter.js'],
    },
  });

  // --ci: a missing snapshot is a failure on every machine; `npm test -- -u` writes it.
  project.testTask.reset('jest --ci', { receiveArgs: true });
  project.addTask('browser', {
    description: 'Open reports in a real Chromium: geometry, accessibility, keyboard, no network (needs Chromium)',
    exec: 'jest --ci --config jest.browser.json',
    receiveArgs: true,
  });
  project.addTask('conformance', {
    description: 'Judge the synthesized manifests by the real control planes and proxies; takes a pattern of test files',
    exec: 'jest --ci --config jest.conformance.json --runInBand',
    receiveArgs: true,
  });
}
