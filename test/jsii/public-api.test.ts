import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ApiType, Member, publicApi, structProperties } from './public-api';

// The compiler's own lists of words, with the warning about which it is silenced; its package does not export them.
const { isReservedName } = jest.requireActual<{ isReservedName: (name: string) => string[] | undefined }>(
  join(dirname(require.resolve('jsii/package.json')), 'lib/reserved-words.js'),
);

/** Kubernetes' own word, which C# escapes, as in cdk8s; and a predeclared function of Go, which exports the field as Append. */
const UNAVOIDABLE = ['namespace', 'append'];

const RULES: Record<string, (api: readonly ApiType[]) => string[]> = {
  'every type says what it is': (api) => api.filter(({ doc }) => doc === '').map(({ name }) => name),

  'every member says what it is': (api) => members(api).filter(({ doc }) => doc === '').map(({ path }) => path),

  'every optional property says what happens without it': (api) => structs(api).flatMap((struct) => struct.members)
    .filter((member) => member.optional && (member.default === undefined || member.default === '' || member.default === '-')).map(({ path }) => path),

  'no required property has a default': (api) => structs(api).flatMap((struct) => struct.members)
    .filter((member) => !member.optional && member.default !== undefined).map(({ path }) => path),

  'a default is a value, or a sentence behind a hyphen': (api) => structs(api).flatMap((struct) => struct.members)
    .filter(({ default: text }) => text !== undefined && !text.startsWith('- ') && /^[a-z]+ [a-z]/.test(text)).map(({ path, default: text }) => `${path}: ${text}`),

  'properties are read-only': (api) => members(api).filter(({ kind, readonly }) => kind === 'property' && !readonly).map(({ path }) => path),

  'structs have no methods, and other interfaces begin with I': (api) => structs(api)
    .filter((struct) => struct.members.some(({ kind }) => kind === 'method')).map(({ name }) => name),

  // Python turns the properties of a last struct into keyword arguments beside the positional ones. A construct's own scope is always given by
  // position, and jsii calls it `scope_` where it meets such a property.
  'no parameter is called like a property of the options behind it': (api) => members(api).flatMap(({ path, parameters }) => {
    const last = parameters[parameters.length - 1];
    const properties = last === undefined ? [] : structProperties(api, last.type).map(({ name }) => name);
    return parameters.slice(0, -1).filter(({ name, type }) => properties.includes(name) && type !== 'Construct').map(({ name }) => `${path}(${name})`);
  }),

  'no name is a reserved word of a language': (api) => members(api).flatMap(({ path, kind, name, parameters }) => {
    const names = [...(kind === 'property' || kind === 'method' ? [name] : []), ...parameters.map((parameter) => parameter.name)];
    return names.filter((one) => !UNAVOIDABLE.includes(one) && isReservedName(one) !== undefined).map((one) => `${path}: ${one}`);
  }),

  'nothing is called getX': (api) => members(api).filter(({ kind, name }) => kind === 'method' && /^get[A-Z]/.test(name)).map(({ path }) => path),

  'no name begins with an underscore': (api) => members(api).filter(({ name }) => name.startsWith('_')).map(({ path }) => path),
};

const structs = (api: readonly ApiType[]) => api.filter(({ kind, name }) => kind === 'interface' && !/^I[A-Z]/.test(name));
const members = (api: readonly ApiType[]): Member[] => api.flatMap((type) => type.members);

const API = publicApi();

test('the whole public API is looked at', () => {
  const names = API.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['Mesh', 'MeshService', 'CallOptions', 'Retry', 'FindingCode', 'Finding', 'ICallee']));
  expect(new Set(names).size).toBe(names.length);
  const orders = API.find(({ name }) => name === 'MeshService')!;
  expect(orders.members.map(({ name }) => name)).toEqual(expect.arrayContaining(['constructor', 'fromService', 'calls', 'addVersion', 'split', 'addRoute']));
  expect(structProperties(API, 'MeshServiceProps').map(({ name }) => name)).toEqual(expect.arrayContaining(['name', 'mesh', 'retry']));
});

test.each(Object.keys(RULES))('%s', (rule) => {
  expect(RULES[rule](API)).toEqual([]);
});

describe('each rule fires', () => {
  const BROKEN = `
export interface Options {
  readonly bare?: string;
  /**
   * Said.
   */
  readonly silent?: string;
  /**
   * Said.
   * @default -
   */
  readonly hyphen?: string;
  /**
   * Said.
   * @default nothing at all
   */
  readonly sentence?: string;
  /**
   * Said.
   * @default 1
   */
  readonly required: number;
  /** Said. */
  writable: number;
  /** Said. */
  from(): void;
}
/** Said. */
export class Thing {
  /** Said. */
  public static of(silent: string, options: Options): Thing { throw new Error(silent + String(options)); }
  /** Said. */
  public getSize(lambda: number): number { return lambda; }
  /** Said. */
  public _hidden(): void {}
  /** @internal */
  public internal(): void {}
  private secret(): void {}
}
`;

  const dir = mkdtempSync(join(tmpdir(), 'public-api-'));
  writeFileSync(join(dir, 'broken.ts'), BROKEN);
  writeFileSync(join(dir, 'index.ts'), `export { Thing } from './broken';\nexport type { Options } from './broken';\n`);
  const api = publicApi(join(dir, 'index.ts'));
  rmSync(dir, { recursive: true });

  test.each([
    ['every type says what it is', ['Options']],
    ['every member says what it is', ['Options.bare']],
    ['every optional property says what happens without it', ['Options.bare', 'Options.silent', 'Options.hyphen']],
    ['no required property has a default', ['Options.required']],
    ['a default is a value, or a sentence behind a hyphen', ['Options.sentence: nothing at all']],
    ['properties are read-only', ['Options.writable']],
    ['structs have no methods, and other interfaces begin with I', ['Options']],
    ['no parameter is called like a property of the options behind it', ['Thing.of(silent)']],
    ['no name is a reserved word of a language', ['Thing.getSize: lambda', 'Options.from: from']],
    ['nothing is called getX', ['Thing.getSize']],
    ['no name begins with an underscore', ['Thing._hidden']],
  ])('%s', (rule, offenders) => {
    expect(RULES[rule](api)).toEqual(offenders);
  });
});
