/** The stack leaves nothing behind, however it ends. */
import { type ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { existsSync, readFileSync } from 'fs';
import { claimEqual } from './stack';
import { networkNamespaces, removeRun } from './stack/fabric';
import { Run } from './stack/run';

/** What is left of a run: network namespaces, its folder, its program. */
function leftovers(run: Run, pid: number): string[] {
  return [
    ...networkNamespaces().filter(name => run.owns(name)).map(name => name.split('-').pop()!),
    ...existsSync(run.dir) ? ['folder'] : [],
    ...isRunning(pid) ? ['program'] : [],
  ].sort();
}

/** A program that ended stays listed as a zombie until its new parent looks at it. */
function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

const EVERYTHING = ['10.201.0.2', 'fabric', 'folder', 'program'];

describe('a run of its own', () => {
  let child: ChildProcess;
  let run: Run;
  let pid: number;

  beforeEach(async () => {
    child = spawn(process.execPath, ['--import', 'tsx', 'test/conformance/fixtures/abandon.ts'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(child.stdout!, 'data') as [Buffer];
    const started = JSON.parse(line.toString());
    run = new Run(started.run);
    pid = started.pid;
    expect(leftovers(run, pid)).toEqual(EVERYTHING);
  });

  afterEach(() => {
    child.kill('SIGKILL');
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', async signal => {
    child.kill(signal);
    await once(child, 'exit');
    claimEqual(`${signal}: what is left of the run's namespaces, files and programs`, [], leftovers(run, pid));
  });

  test('SIGKILL', async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
    const ids = Run.abandoned(networkNamespaces()).map(one => one.id);
    claimEqual('a killed run is found by the next one, a live one is left alone', { killed: true, live: false },
      { killed: ids.includes(run.id), live: ids.includes(`${process.pid}`) });
    removeRun(run);
    claimEqual('and the next one removes all of it', [], leftovers(run, pid));
  });
});
