/** The matrix of who may call whom, from the pairs that are answered alike. */
import { counted } from '../model/text';
import type { AccessData, AccessPairsData } from './access-data';
import type { Mark, Matrix, MatrixField, MatrixHead } from './matrix';
import { serviceAnchor, Subject } from './subject';

/** More callers or callees than this make a matrix that nobody reads. */
export const MOST_CROSSED = 100;

/** Of a row of the table of pairs. */
export function pairsAnchor(index: number): string {
  return `access-${index + 1}`;
}

/** Undefined where no policy closes anything, and where there is too much to see. `alternative` is the anchor of the table of pairs. */
export function accessMatrixOf({ ports, pairs }: AccessData, subject: Subject, alternative: string): Matrix | undefined {
  const closed = new Map<string, 'refused' | 'counted'>();
  ports.forEach(({ service, others }) => others !== 'open' && closed.set(service, others));
  const order = subject.model.services.map(({ id }) => id);
  const shown = pairs.map((pair, index) => ({ pair, to: pairsAnchor(index) })).filter(({ pair }) => closed.has(pair.callee));
  const callers = only(order, shown.flatMap(({ pair }) => pair.callers));
  const callees = only(order, shown.map(({ pair }) => pair.callee));
  if (shown.length === 0 || Math.max(callers.length, callees.length) > MOST_CROSSED) {
    return undefined;
  }
  const fields = fieldsOf(shown, { callers, callees, ports }, (id) => subject.label(id));
  const audited = callees.some((id) => closed.get(id) === 'counted');
  const marks = new Set(fields.map(({ mark }) => mark));
  const head = (id: string, faint: boolean): MatrixHead => ({ title: subject.label(id), to: serviceAnchor(id), faint });
  return {
    caption: `Who may call whom: ${counted(callers.length, 'caller')}, ${counted(callees.length, 'callee')}`,
    description: 'Callers stand at the left, callees above. Each mark leads to its reason in the table below.'
      + `${audited ? ' Of callees in italics the policy only counts so far: nothing is refused there, and the marks say what will be.' : ''}`,
    legend: LEGEND.filter(([mark]) => mark === 'empty' || marks.has(mark)),
    alternative,
    rows: callers.map((id) => head(id, false)),
    columns: callees.map((id) => head(id, closed.get(id) === 'counted')),
    fields,
  };
}

const LEGEND: Matrix['legend'] = [
  ['all', 'may send every request'], ['some', 'some requests, or to some ports'], ['none', 'refused for a reason of its own'],
  ['empty', 'refused, since nobody declared a call'],
];

function only(order: readonly string[], wanted: readonly string[]): readonly string[] {
  const known = new Set(wanted);
  return order.filter((id) => known.has(id));
}

interface Heads {
  readonly callers: readonly string[];
  readonly callees: readonly string[];
  readonly ports: AccessData['ports'];
}

interface Shown {
  readonly pair: AccessPairsData;
  readonly to: string;
}

function fieldsOf(shown: readonly Shown[], { callers, callees, ports }: Heads, label: (id: string) => string): readonly MatrixField[] {
  const [rows, columns] = [callers, callees].map((ids) => new Map(ids.map((id, place) => [id, place])));
  const counts = new Map<string, number>();
  ports.forEach(({ service }) => counts.set(service, (counts.get(service) ?? 0) + 1));
  const crossings = new Map<string, { readonly caller: string; readonly callee: string; readonly all: Shown[] }>();
  for (const one of shown) {
    for (const caller of one.pair.callers) {
      const key = JSON.stringify([caller, one.pair.callee]);
      const known = crossings.get(key) ?? { caller, callee: one.pair.callee, all: [] };
      known.all.push(one);
      crossings.set(key, known);
    }
  }
  return [...crossings.values()].map(({ caller, callee, all }): MatrixField => ({
    row: rows.get(caller)!, column: columns.get(callee)!, mark: markOf(all.map(({ pair }) => pair), counts.get(callee) ?? 0), to: all[0].to,
    spoken: `${label(caller)} to ${label(callee)}: ${all.map(({ pair }) => spoken(pair)).join('; ')}`,
  })).sort((a, b) => a.row - b.row || a.column - b.column);
}

function markOf(pairs: readonly AccessPairsData[], ports: number): Mark {
  const allowed = pairs.filter(({ answer }) => answer === 'allowed');
  const whole = allowed.filter(takesAll).reduce((sum, pair) => sum + pair.ports.length, 0);
  return whole === ports ? 'all' : allowed.length > 0 ? 'some' : 'none';
}

function takesAll({ requests, except }: AccessPairsData): boolean {
  return requests === null && except.length === 0;
}

function spoken(pair: AccessPairsData): string {
  const requests = pair.answer !== 'allowed' ? '' : takesAll(pair) ? ', all requests' : ', some requests';
  return `${pair.answer}${pair.inForce ? '' : ' once enforced'}${requests}, port ${pair.ports.join(', ')}`;
}
