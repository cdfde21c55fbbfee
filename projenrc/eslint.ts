import { type cdk8s, TextFile } from 'projen';
import { COMPOSITION_ROOT, commonZones, compositionRootZone, vocabularyZone } from './layout';

/** Longest file, not counting blank lines and comments. */
const MAX_LINES = 300;

const IGNORED = ['lib/', 'dist/', 'imports/', 'coverage/', '.cache/', 'test/schemas/', '**/node_modules/', '**/*.js', '**/*.mjs', '**/*.d.ts'];

const STYLE = {
  '@stylistic/indent': ['error', 2, { SwitchCase: 1, ignoredNodes: ['TemplateLiteral *'] }],
  '@stylistic/quotes': ['error', 'single', { avoidEscape: true, allowTemplateLiterals: 'always' }],
  '@stylistic/semi': ['error', 'always'],
  '@stylistic/comma-dangle': ['error', 'always-multiline'],
  '@stylistic/comma-spacing': 'error',
  '@stylistic/eol-last': 'error',
  '@stylistic/key-spacing': 'error',
  '@stylistic/keyword-spacing': 'error',
  '@stylistic/max-len': ['error', {
    code: 150, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true,
  }],
  '@stylistic/member-delimiter-style': 'error',
  '@stylistic/no-multi-spaces': 'error',
  '@stylistic/no-multiple-empty-lines': ['error', { max: 1, maxBOF: 0, maxEOF: 0 }],
  '@stylistic/no-trailing-spaces': 'error',
  '@stylistic/object-curly-spacing': ['error', 'always'],
  '@stylistic/space-before-blocks': 'error',
  '@stylistic/type-annotation-spacing': 'error',
};

const CORRECTNESS = {
  'eqeqeq': ['error', 'always', { null: 'ignore' }],
  'no-shadow': 'off',
  'no-console': 'error',
  'prefer-const': 'error',
  '@typescript-eslint/no-shadow': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/switch-exhaustiveness-check': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/only-throw-error': 'error',
};

const IMPORTS = {
  'import/no-cycle': 'error',
  'import/no-self-import': 'error',
  'import/no-duplicates': 'error',
  'import/order': ['error', {
    alphabetize: { order: 'asc', caseInsensitive: true },
    // The library's own name is a package like others, whether lib/ has been compiled or not.
    pathGroups: [{ pattern: 'cdk8s-mesh', group: 'external' }],
    pathGroupsExcludedImportTypes: [],
    distinctGroup: false,
  }],
};

const zones = (...list: unknown[]) => ['error', { zones: list }];

const BLOCKS = [
  {
    files: ['**/*.ts'],
    rules: {
      ...STYLE,
      ...CORRECTNESS,
      ...IMPORTS,
      'max-lines': ['error', { max: MAX_LINES, skipBlankLines: true, skipComments: true }],
      'import/no-restricted-paths': zones(...commonZones(), vocabularyZone()),
    },
  },
  { files: [COMPOSITION_ROOT], rules: { 'import/no-restricted-paths': zones(...commonZones(), compositionRootZone()) } },
  {
    files: ['src/model/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', {
        patterns: [{ group: ['cdk8s', 'cdk8s-plus-*', 'constructs'], message: 'The model is plain data.' }],
      }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { '@typescript-eslint/explicit-member-accessibility': 'error' },
  },
  {
    // Tests, tools and examples may print and may hold loose values from YAML and JSON.
    files: ['test/**/*.ts', 'tools/**/*.ts', 'examples/**/*.ts', 'projenrc/**/*.ts', '.projenrc.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  { files: ['test/**/*.ts', 'tools/**/*.ts'], rules: { 'max-lines': 'off' } },
];

/** Flat config: plugins are objects, so the rules stand as JSON between a few imports. */
export function addEslint(project: cdk8s.ConstructLibraryCdk8s): void {
  project.addDevDeps(
    'eslint@^10', '@eslint/js@^10', 'typescript-eslint@^8', 'eslint-plugin-import-x@^4', '@stylistic/eslint-plugin@^5',
  );

  const file = new TextFile(project, 'eslint.config.mjs', { marker: true });
  file.addLine(`// ${file.marker}`);
  file.addLine(`import js from '@eslint/js';
import stylistic from '@stylistic/eslint-plugin';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const blocks = ${JSON.stringify(BLOCKS, undefined, 2)};

export default tseslint.config(
  { ignores: ${JSON.stringify(IGNORED)} },
  js.configs.recommended,
  tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@stylistic': stylistic, 'import': importX },
    languageOptions: { parserOptions: { project: './tsconfig.dev.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: true },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })],
    },
  },
  ...blocks,
);`);

  const typecheck = project.addTask('typecheck', {
    description: 'Type-check sources, tests, tools and examples without writing anything',
    exec: 'tsc --noEmit -p tsconfig.dev.json',
  });
  const lint = project.addTask('lint', { description: 'Type-check everything, then ESLint; pass --fix to mend' });
  lint.spawn(typecheck);
  lint.exec('eslint . --max-warnings 0', { receiveArgs: true });
}
