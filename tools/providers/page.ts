/** docs/PROVIDERS.md: what each mesh can do, and what becomes of every example on each of them. */
import { Severity } from 'cdk8s-mesh';
import { type Answer, CAPABILITIES, CAPABILITY_TABLE } from '../../src/model/capability';
import { PROVIDER_FACTS, PROVIDERS } from '../../src/model/provider';
import { type Cell, matrix, said } from './matrix';
import { TARGETS } from './targets';

export const PAGE = 'docs/PROVIDERS.md';

export function providersPage(): string {
  return `# Meshes compared

This page is written by \`npm run docs\` from the table that the check \`unsupported-capability\` reads, and from the examples themselves.

A program names its mesh in one place. Changing that line moves it to another mesh. What cannot move is a finding at synth, with what to use instead,
and nothing is left out in silence.

${table(['mesh', 'in a program', 'releases, the one taken by default in bold'], PROVIDERS.map((id) => {
    const { label, versions, defaultVersion } = PROVIDER_FACTS[id];
    const lines = TARGETS.filter((target) => target.id === id).map(({ line }) => `\`${line}\``);
    return [label, lines.join(', '), versions.map((version) => version === defaultVersion ? `**${version}**` : version).join(', ')];
  }))}

## What each can do

\`yes\` is the mesh's own word for it, \`as\` another way to the same, \`no\` ends the synth in
[MESH801](findings/MESH801.md) with what stands here, \`left out\` is a warning: requests go the same way without it, at a higher price.

${table(['capability', ...PROVIDERS.map((id) => PROVIDER_FACTS[id].label)], CAPABILITIES.map((capability) => (
    [capability, ...PROVIDERS.map((id) => answered(CAPABILITY_TABLE[capability][id]))]
  )))}

## Every example on every mesh

\`written\` means that it was written and is valid by the definitions of the kinds in it; codes beside it are warnings. Codes alone are errors, and
nothing is written. \`×\` says how often.

${examples(matrix())}
`;
}

function answered(answer: Answer): string {
  if (answer.support === 'unsupported') {
    return `${answer.costsMore ? 'left out' : 'no'}: ${answer.instead}`;
  }
  const terms = [
    ...answer.since === undefined ? [] : [`since ${answer.since}`], ...answer.channel === undefined ? [] : [`${answer.channel} channel`],
  ];
  const how = answer.support === 'native' ? 'yes' : `as ${answer.how}`;
  return terms.length === 0 ? how : `${how} (${terms.join(', ')})`;
}

function examples(cells: readonly Cell[]): string {
  const names = [...new Set(cells.map(({ example }) => example))];
  const heading = TARGETS.map(({ id, variant }) => variant === undefined ? PROVIDER_FACTS[id].label : `${PROVIDER_FACTS[id].label}, ${variant}`);
  return table(['example', ...heading], names.map((name) => [
    `[${name}](../examples/${name})`, ...TARGETS.map((target) => become(cells.find((cell) => cell.example === name && cell.target === target)!)),
  ]));
}

function become({ findings }: Cell): string {
  const codes = said(findings).map((text) => text.replace(/^MESH\d+/, (code) => `[${code}](findings/${code}.md)`)).join(', ');
  if (findings.some(({ severity }) => severity === Severity.ERROR)) {
    return codes;
  }
  return codes === '' ? 'written' : `written, ${codes}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
