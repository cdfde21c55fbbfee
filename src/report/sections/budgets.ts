import type { AmplificationPath } from '../../model/amplification';
import { entryPointsOf } from '../../model/call-graph';
import { section } from '../section';
import type { Subject } from '../subject';
import { Block, paragraph, Piece, Text } from '../tree';
import { figure, figures, limited, wait } from '../words';
import { proxyBlocks, ProxyData, proxyData } from './proxies';

interface EntryAmplification {
  readonly entry: string;
  readonly target: string;
  readonly requests: number;
  /** The same while nothing fails. */
  readonly healthy: number;
  readonly exceeded: boolean;
  readonly hops: readonly { readonly caller: string; readonly callee: string; readonly times: number; readonly attempts: number }[];
}

interface EntryWait {
  readonly entry: string;
  /** Null where nothing limits it. */
  readonly totalMs: number | null;
  readonly during: string | null;
  readonly calls: readonly { readonly callee: string; readonly times: number; readonly ms: number | null }[];
}

interface BudgetsData {
  readonly requestAmplification: { readonly limit: number; readonly entryPoints: readonly EntryAmplification[] };
  readonly time: { readonly entryPoints: readonly EntryWait[] };
  readonly proxies: ProxyData;
}

function read(subject: Subject): BudgetsData {
  const { model, amplification } = subject;
  const limit = model.mesh.budgets.requestAmplification;
  const exceeding = new Map(amplification.exceeding(limit).map((one) => [one.entry, one]));
  const entries = entryPointsOf(amplification.graph);
  return {
    requestAmplification: {
      limit, entryPoints: subject.hardest.map((one) => entryAmplification(exceeding.get(one.entry) ?? one, exceeding.has(one.entry))),
    },
    time: { entryPoints: entries.filter((id) => (model.callsFrom.get(id) ?? []).length > 0).map((id) => entryWait(subject, id)) },
    proxies: proxyData(model),
  };
}

function entryAmplification({ entry, target, requests, healthy, hops }: AmplificationPath, exceeded: boolean): EntryAmplification {
  return {
    entry, target, requests, healthy, exceeded,
    hops: hops.map(({ call: { caller, callee }, times, attempts }) => ({ caller, callee, times, attempts })),
  };
}

function entryWait(subject: Subject, entry: string): EntryWait {
  const { totalMs, during, calls } = subject.longestWait(subject.model.serviceById.get(entry)!);
  return {
    entry, totalMs: limited(totalMs), during: during ?? null,
    calls: calls.map(({ call: { callee, times }, ms }) => ({ callee, times, ms: limited(ms) })),
  };
}

function blocks({ requestAmplification, time, proxies }: BudgetsData, subject: Subject): readonly Block[] {
  return [
    { kind: 'part', title: 'Request amplification', blocks: amplificationBlocks(requestAmplification, subject) },
    { kind: 'part', title: 'Time', blocks: timeBlocks(time.entryPoints, subject) },
    { kind: 'part', title: 'Proxies', blocks: proxyBlocks(proxies, subject) },
  ];
}

function amplificationBlocks({ limit, entryPoints }: BudgetsData['requestAmplification'], subject: Subject): readonly Block[] {
  const intro = paragraph(
    `Through retries one request to an entry point may become at most ${figures(limit, 'request')} to any one service: that is the budget. `,
    'The figures are upper bounds, the sum over all call paths of calls times attempts: ejection and exhausted deadlines only lower them.',
  );
  if (entryPoints.length === 0) {
    return [intro, paragraph('No entry point calls another service.')];
  }
  return [intro, {
    kind: 'table', caption: 'Request amplification of each entry point',
    columns: [
      { title: 'Entry point' }, { title: 'Service hit hardest' }, { title: 'Requests at worst', figures: true },
      { title: 'While nothing fails', figures: true }, { title: 'Path that adds most' }, { title: 'Budget' },
    ],
    rows: entryPoints.map((entry): Text[] => [
      subject.link(entry.entry), subject.link(entry.target), figure(entry.requests), figure(entry.healthy), path(entry, subject),
      { badge: entry.exceeded ? `above ${figure(limit)}` : entry.requests > limit ? 'calls alone, no retries' : 'within', tone: entry.exceeded ? 'error' : 'good' },
    ]),
  }];
}

function path({ hops }: EntryAmplification, subject: Subject): Text {
  return hops.flatMap(({ caller, callee, times, attempts }, index): Piece[] => {
    const factors = [times === 1 ? '' : figure(times), attempts === 1 ? '' : figures(attempts, 'attempt')].filter((factor) => factor !== '');
    return [...index === 0 ? [subject.label(caller)] : [], ` → ${subject.label(callee)}`, ...factors.length === 0 ? [] : [` (${factors.join(' × ')})`]];
  });
}

function timeBlocks(entryPoints: readonly EntryWait[], subject: Subject): readonly Block[] {
  const intro = paragraph(
    'How long a request to an entry point may spend waiting for what it calls: every call takes its deadline, or all its attempts with their pauses '
    + 'where that is less. Calls run one after the other unless they are declared parallel. What a service does by itself comes on top.',
  );
  if (entryPoints.length === 0) {
    return [intro, paragraph('No entry point calls another service.')];
  }
  return [intro, {
    kind: 'table', caption: 'Worst-case time of each entry point',
    columns: [{ title: 'Entry point' }, { title: 'Longest wait', figures: true }, { title: 'Made of' }],
    rows: entryPoints.map(({ entry, totalMs, during, calls }): Text[] => [
      during === null ? subject.link(entry) : [subject.link(entry), `, route ${during}`],
      wait(totalMs),
      calls.length === 0 ? 'no calls that carry requests' : calls.map(({ callee, times, ms }) => `${subject.label(callee)} ${wait(ms)}${times > 1 ? ` (${figures(times, 'call')})` : ''}`).join(', '),
    ]),
  }];
}

export const budgets = section({ key: 'budgets', title: 'Budgets', read, blocks });
