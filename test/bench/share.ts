/** Whose code a synth spends its time in, from a profile of it. */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

interface Frame {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly Frame[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface Share {
  /** Percent of the time in which a function of this library was at work or waited for what it had called. */
  readonly ours: number;
  /** Of these, the look-ups by which cdk8s validates each service once for every chart. */
  readonly lookups: number;
  /** Percent that the collector of garbage took, whoever made it. */
  readonly garbage: number;
}

/** @param run makes a profile with these flags of Node */
export function shareOf(folder: string, run: (flags: readonly string[]) => unknown): Share {
  run(['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profile')}`, '--cpu-prof-interval=500']);
  const [file] = readdirSync(join(folder, 'profile'));
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(folder, 'profile', file), 'utf8')) as Profile;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const own = new Map<number, number>();
  samples.forEach((id, index) => own.set(id, (own.get(id) ?? 0) + timeDeltas[index]));
  const sums = { all: 0, ours: 0, lookups: 0, garbage: 0 };
  // From the root, with what the frames above say. The importing of modules is no part of a synth.
  const work = [{ id: nodes[0].id, within: { synth: false, ours: false, lookup: false } }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { callFrame: { functionName, url }, children = [] } = byId.get(next.id)!;
    if (next.within.synth && functionName === 'Module._load') {
      continue;
    }
    const mine = /\/lib\/src\//.test(url);
    const within = {
      synth: next.within.synth || /\/(program|run)\.js$/.test(url),
      ours: next.within.ours || mine,
      lookup: next.within.lookup || (mine && functionName === 'validate'),
    };
    const time = own.get(next.id) ?? 0;
    const garbage = functionName === '(garbage collector)';
    sums.all += within.synth || garbage ? time : 0;
    sums.garbage += garbage ? time : 0;
    sums.ours += within.synth && within.ours ? time : 0;
    // The first look-up of a synth builds the model and judges it, which is no look-up.
    const building = mine && functionName === 'judged' && children.length > 0;
    sums.lookups += within.synth && within.lookup ? time : 0;
    work.push(...children.map((id) => ({ id, within: building ? { ...within, lookup: false } : within })));
  }
  const percent = (time: number): number => Math.round(1000 * time / sums.all) / 10;
  return { ours: percent(sums.ours), lookups: percent(sums.lookups), garbage: percent(sums.garbage) };
}
