import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { basename } from 'path';
import type { AggregatedResult, Reporter, TestContext } from '@jest/reporters';
import { PROOFS, WAYPOINT_PROOFS } from '../proofs';
import { type Claim, claimsFile } from './claims';
import { page } from './page';

const PAGE = 'docs/CONFORMANCE.md';

/** Prints the table of claims at the end of a run, and writes it to docs/CONFORMANCE.md when all suites ran and all claims hold. */
export default class ClaimsReporter implements Pick<Reporter, 'onRunComplete' | 'getLastError'> {
  private error?: Error;

  public onRunComplete(contexts: Set<TestContext>, results: AggregatedResult): void {
    const file = claimsFile();
    const claims: Claim[] = file && existsSync(file)
      ? readFileSync(file, 'utf8').trimEnd().split('\n').filter(line => line !== '').map(line => JSON.parse(line)) : [];
    const rows = [...claims, ...withoutClaim(results, claims)];
    if (rows.length === 0) {
      return;
    }
    process.stdout.write(`\n${plainTable(rows)}\n`);
    const failed = rows.filter(row => !row.holds).length;
    process.stdout.write(`\n${rows.length - failed} claims hold, ${failed} do not\n`);
    // Jest says whether a run was a success only after its reporters have been asked.
    if (failed === 0 && results.numFailedTests + results.numRuntimeErrorTestSuites === 0 && ranEverything(contexts, results)) {
      const missing = withoutProof(results);
      if (missing.length > 0) {
        this.error = new Error(`proofs.ts names tests that did not run:\n${missing.join('\n')}`);
        process.stdout.write(`\n${this.error.message}\n`);
        return;
      }
      mkdirSync('docs', { recursive: true });
      writeFileSync(PAGE, page(rows, Date.now() - results.startTime));
    }
  }

  /** What Jest fails the run for. */
  public getLastError(): Error | undefined {
    return this.error;
  }
}

/** Tests that show a capability and are not among those that ran. */
function withoutProof(results: AggregatedResult): string[] {
  const ran = new Set(results.testResults.flatMap(({ testFilePath, testResults }) =>
    testResults.map(({ title }) => `${basename(testFilePath, '.test.ts')}: ${title}`)));
  const proofs = [...Object.entries(PROOFS), ...Object.entries(WAYPOINT_PROOFS)];
  return proofs.flatMap(([capability, proof]) => proof === 'unsupported' || 'unseen' in proof ? [] : Object.entries(proof as Record<string, string[]>)
    .flatMap(([suite, titles]) => titles.map(title => `${suite}: ${title}`)).filter(test => !ran.has(test)).map(test => `${capability}: ${test}`));
}

/** Tests that failed before they could state what they measured. */
function withoutClaim(results: AggregatedResult, claims: Claim[]): Claim[] {
  const rows: Claim[] = [];
  for (const { testFilePath, testResults, testExecError } of results.testResults) {
    const suite = basename(testFilePath, '.test.ts');
    if (testExecError) {
      rows.push({ suite, claim: '(the suite itself)', expected: 'runs', measured: firstLine(testExecError.message), holds: false });
    }
    for (const { status, title, failureMessages } of testResults.filter(one => one.status === 'failed')) {
      const stated = claims.some(one => one.suite === suite && !one.holds && failureMessages.some(message => message.includes(one.claim)));
      if (!stated) {
        rows.push({ suite, claim: title, expected: 'passes', measured: `${status}: ${firstLine(failureMessages[0] ?? '')}`, holds: false });
      }
    }
  }
  return rows;
}

function ranEverything(contexts: Set<TestContext>, results: AggregatedResult): boolean {
  const files = [...contexts].flatMap(context => context.hasteFS.getAllFiles()).filter(file => file.endsWith('.test.ts'));
  const ran = new Set(results.testResults.map(one => one.testFilePath));
  return results.numPendingTests === 0 && ran.size > 0 && files.every(file => ran.has(file));
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0].slice(0, 160);
}

const HEAD = ['suite', 'claim', 'expected', 'measured', 'verdict'];

function cells(row: Claim): string[] {
  return [row.suite, row.claim, row.expected, row.measured, row.holds ? 'holds' : 'FAILS'];
}

function plainTable(rows: Claim[]): string {
  const table = [HEAD, ...rows.map(cells)].map(line => line.map(cell => cell.length > 90 ? `${cell.slice(0, 89)}…` : cell));
  const widths = HEAD.map((_, i) => Math.max(...table.map(line => line[i].length)));
  const lines = table.map(line => line.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
  lines.splice(1, 0, widths.map(width => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}
