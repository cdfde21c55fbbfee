/** The public API as the sources say it: what src/index.ts exports, with the members, parameters and comments of each. */
import { readFileSync } from 'fs';
import { dirname, join, resolve } from 'path';
import ts from 'typescript';

export interface Parameter {
  readonly name: string;
  /** Name of its type, as written. */
  readonly type: string;
}

export interface Member {
  /** `Type.member`; for a constructor the type alone. */
  readonly path: string;
  readonly name: string;
  readonly kind: 'property' | 'method' | 'constructor' | 'enum-member';
  readonly doc: string;
  readonly optional: boolean;
  readonly readonly: boolean;
  /** Text of `@default`. */
  readonly default?: string;
  readonly parameters: readonly Parameter[];
}

export interface ApiType {
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly doc: string;
  readonly bases: readonly string[];
  readonly members: readonly Member[];
}

const ROOT = resolve(__dirname, '../..');

/** @param entry path of the entry point */
export function publicApi(entry = join(ROOT, 'src/index.ts')): ApiType[] {
  return exportsOf(entry).map(({ name, file }) => {
    const declaration = declarationsOf(file).get(name);
    if (declaration === undefined) {
      throw new Error(`${file} does not declare ${name}`);
    }
    return describe(declaration);
  });
}

/** Properties of a struct with those that it inherits, wherever they are declared. */
export function structProperties(api: readonly ApiType[], name: string): readonly Member[] {
  const type = api.find((one) => one.name === name && one.kind === 'interface');
  return type === undefined ? [] : [...type.members, ...type.bases.flatMap((base) => structProperties(api, base))];
}

function source(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
}

/** Exported names and the files that declare them; a file that only hands a name on is looked through. */
function exportsOf(file: string): { name: string; file: string }[] {
  return source(file).statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) {
      return [];
    }
    const from = join(dirname(file), `${(statement.moduleSpecifier as ts.StringLiteral).text}.ts`);
    return statement.exportClause.elements.map(({ name }) => {
      const further = exportsOf(from).find((one) => one.name === name.text);
      return further ?? { name: name.text, file: from };
    });
  });
}

type Declaration = ts.ClassDeclaration | ts.InterfaceDeclaration | ts.EnumDeclaration;

function declarationsOf(file: string): Map<string, Declaration> {
  return new Map(source(file).statements.flatMap((statement) => (
    (ts.isClassDeclaration(statement) || ts.isInterfaceDeclaration(statement) || ts.isEnumDeclaration(statement)) && statement.name !== undefined
      ? [[statement.name.text, statement] as const] : []
  )));
}

function describe(declaration: Declaration): ApiType {
  const name = declaration.name!.text;
  const clauses = ts.isEnumDeclaration(declaration) ? [] : declaration.heritageClauses ?? [];
  const bases = clauses.flatMap(({ types }) => types.map((type) => type.getText()));
  const members = (declaration.members as ts.NodeArray<ts.Node>).filter((member) => isPublic(member)).map((member) => describeMember(name, member));
  const kind = ts.isClassDeclaration(declaration) ? 'class' : ts.isEnumDeclaration(declaration) ? 'enum' : 'interface';
  return { name, kind, doc: docOf(declaration), bases, members };
}

function isPublic(member: ts.Node): boolean {
  const hidden = ts.canHaveModifiers(member) && (ts.getModifiers(member) ?? [])
    .some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword || kind === ts.SyntaxKind.ProtectedKeyword);
  const named = ts.isPropertySignature(member) || ts.isMethodSignature(member) || ts.isPropertyDeclaration(member) || ts.isMethodDeclaration(member)
    || ts.isConstructorDeclaration(member) || ts.isAccessor(member) || ts.isEnumMember(member);
  return named && !hidden && !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
}

function describeMember(type: string, member: ts.Node): Member {
  const constructs = ts.isConstructorDeclaration(member);
  const name = constructs ? 'constructor' : (member as ts.NamedDeclaration).name!.getText();
  const callable = constructs || ts.isMethodDeclaration(member) || ts.isMethodSignature(member);
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default');
  return {
    path: constructs ? type : `${type}.${name}`,
    name,
    kind: constructs ? 'constructor' : callable ? 'method' : ts.isEnumMember(member) ? 'enum-member' : 'property',
    doc: docOf(member),
    optional: (member as { questionToken?: ts.Node }).questionToken !== undefined,
    readonly: ts.isGetAccessor(member) || (ts.canHaveModifiers(member)
      && (ts.getModifiers(member) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword)),
    default: tag === undefined ? undefined : ts.getTextOfJSDocComment(tag.comment)?.trim(),
    parameters: callable ? member.parameters.map((parameter) => ({ name: parameter.name.getText(), type: parameter.type?.getText() ?? '' })) : [],
  };
}

function docOf(node: ts.Node): string {
  return ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n').trim();
}
