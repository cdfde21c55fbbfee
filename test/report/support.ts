/** Reports of models from short literals, without a program. */
import { CHECKS, findingsOf } from '../../src/checks';
import type { Finding, SuppressedFinding } from '../../src/model/finding';
import type { Judgement } from '../../src/model/judged-mesh';
import { MeshReport } from '../../src/report/mesh-report';
import { SECTIONS } from '../../src/report/sections';
import { Subject } from '../../src/report/subject';
import type { Block, Text } from '../../src/report/tree';
import { words } from '../../src/report/tree';
import { model, Parts } from '../checks/model-builder';

export interface ReportParts extends Parts {
  /** Instead of what the checks find. */
  readonly findings?: readonly Finding[];
  readonly suppressed?: readonly SuppressedFinding[];
}

export function judgement({ findings, suppressed = [], ...parts }: ReportParts): Judgement {
  const built = model(parts);
  return { model: built, findings: findings ?? CHECKS.flatMap((check) => findingsOf(check, built)), suppressed };
}

export function reportOf(judged: Judgement): MeshReport {
  return new MeshReport({ findings: [...judged.findings], suppressedFindings: [...judged.suppressed], _judgement: () => judged });
}

/** What a section knows, as JSON. */
export function dataOf<T>(key: string, parts: ReportParts): T {
  return SECTIONS.find((section) => section.key === key)!.write(new Subject(judgement(parts))).data as T;
}

export function blocksOf(key: string, parts: ReportParts): readonly Block[] {
  return allBlocks(SECTIONS.find((section) => section.key === key)!.write(new Subject(judgement(parts))).blocks);
}

function allBlocks(blocks: readonly Block[]): readonly Block[] {
  return blocks.flatMap((block) => block.kind === 'part' ? [block, ...allBlocks(block.blocks)] : [block]);
}

/** Rows of a table as words, with its caption. */
export function table(blocks: readonly Block[], caption: string): readonly (readonly string[])[] {
  const found = blocks.find((block) => block.kind === 'table' && block.caption === caption);
  if (found?.kind !== 'table') {
    throw new Error(`no table ${caption} among ${blocks.map((block) => block.kind === 'table' ? block.caption : block.kind).join(', ')}`);
  }
  return found.rows.map((row) => row.map((cell: Text) => words(cell)));
}

export function paragraphs(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => block.kind === 'paragraph' ? [words(block.text)] : []);
}
