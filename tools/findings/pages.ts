/** The pages of the findings reference, made from what stands beside each check and from what its programs really print. */
import type { Explained } from '../../src/checks/check';
import { findingLine, FindingCode } from '../../src/model/finding';
import { CATALOGUE, CatalogueRow } from './catalogue';
import { EXPLAINED } from './explained';
import { run } from './run';

const GENERATED = '<!-- Written by `npm run docs` from src/checks; change it there. -->';

const AREAS: Readonly<Record<string, string>> = {
  1: 'Adoption', 2: 'Budgets', 3: 'Security', 4: 'Traffic', 5: 'Delivery', 6: 'Operations', 7: 'Several clusters', 8: 'What a mesh can do', 9: 'Kubernetes',
};

/** Name of a page to its text. */
export function pages(): ReadonlyMap<string, string> {
  return new Map([['README.md', index()], ...EXPLAINED.map((explained): [string, string] => [`${explained.code}.md`, page(explained)])]);
}

function page(explained: Explained): string {
  const { code, name, severity, catalogue, title, why, bad, good } = explained;
  const known = catalogue.length === 0 ? 'No other checker finds it.' : `Other checkers know it as ${catalogue.join(', ')}.`;
  const constant = Object.entries(FindingCode).find(([, value]) => value === code)![0];
  return lines(
    GENERATED, '',
    `# ${code} ${name}`, '',
    `${title}.`, '',
    `Weight: ${severity} unless the finding says otherwise. ${known} In programs it is \`FindingCode.${constant}\`.`, '',
    '## Why', '', why, '',
    '## A program with it', '',
    ...(bad === ''
      ? ['None of the meshes that are written for today can end in this finding.']
      : ['```ts', bad.trim(), '```', '', 'prints', '', '```text', ...printed(explained), '```']), '',
    '## The same, mended', '', '```ts', good.trim(), '```',
  );
}

function printed({ code, bad }: Explained): string[] {
  return run(bad).findings.filter((finding) => finding.code === code).map((finding) => `[${finding.construct}] ${findingLine(finding)}`);
}

function index(): string {
  const areas = [...new Set(EXPLAINED.map(({ code }) => code[4]))];
  return lines(
    GENERATED, '',
    '# Findings', '',
    'Every synth ends in one list of findings. An error stops it before anything is written, a warning goes to stderr, information stays in', '`mesh.findings`.', '',
    'A finding that is right as it is can be accepted, with a reason:', '',
    '```ts', "mesh.suppress(FindingCode.EGRESS_UNSCOPED, { on: orders, reason: 'a gateway calls everything' });", '```', '',
    'The programs on these pages have in scope what `cdk8s`, `cdk8s-mesh` and, as `kplus`, `cdk8s-plus-28` export, and', '',
    '```ts',
    'const app = new App();',
    "const chart = new Chart(app, 'shop', { namespace: 'shop' });",
    "const mesh = new Mesh(chart, 'mesh', {",
    '  provider: MeshProvider.istio(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),',
    '});',
    'function deployment(name: string, ...ports: number[]): kplus.Deployment;  // one container that exposes the ports, 8080 where none is given',
    '```',
    ...areas.flatMap((area) => ['', `## ${AREAS[area]}`, '', '| code | name | weight | what it says | elsewhere |', '|---|---|---|---|---|', ...EXPLAINED
      .filter(({ code }) => code[4] === area)
      .map(({ code, name, severity, title, catalogue }) => `| [${code}](${code}.md) | ${name} | ${severity} | ${title} | ${catalogue.join(' ')} |`)]),
    '',
    '# What other checkers find', '',
    'Everything that the field\'s checkers and admission rules know without a running cluster, and what becomes of it here.',
    ...Object.entries(CATALOGUE).flatMap(([source, rows]) => [
      '', `## ${source}`, '', '| code | what | here |', '|---|---|---|', ...rows.map((row) => `| ${row.code ?? ''} | ${row.meaning} | ${answer(row)} |`),
    ]),
  );
}

function answer({ impossible, accepted, checks, later }: CatalogueRow): string {
  const found = checks?.map((name) => {
    const { code } = EXPLAINED.find((explained) => explained.name === name)!;
    return `[${name}](${code}.md)`;
  });
  return [
    ...impossible === undefined ? [] : [`cannot be written: ${impossible}`],
    ...accepted === undefined ? [] : [`accepted: ${accepted}`],
    ...found ?? [],
    ...later === undefined ? [] : [`not yet: comes with ${later}`],
  ].join(', ');
}

function lines(...text: string[]): string {
  return `${text.join('\n')}\n`;
}
