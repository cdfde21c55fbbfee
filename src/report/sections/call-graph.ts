import { attemptsOf, entryPointsOf } from '../../model/call-graph';
import { calleeOf, httpPorts } from '../../model/effective';
import type { CallNode } from '../../model/mesh-model';
import { callTime } from '../../model/timing';
import { Encryption, encryptionOf, ENCRYPTION_WORDS } from '../encryption';
import { callDrawing, MOST_DRAWN } from '../graph/call-drawing';
import { section } from '../section';
import type { Subject } from '../subject';
import { Block, enumerated, paragraph, Text } from '../tree';
import { callNotes, figure, limited, wait } from '../words';

interface CallData {
  readonly caller: string;
  readonly callee: string;
  readonly port: number | null;
  readonly times: number;
  readonly attempts: number;
  /** Null for a protocol without requests. */
  readonly longestWait: { readonly attemptMs: number | null; readonly totalMs: number | null } | null;
  readonly encryption: Encryption;
  readonly parallel: boolean;
  readonly idempotent: boolean;
  readonly operation: string | null;
  readonly during: string | null;
  readonly maxDepth: number | null;
  readonly notes: readonly string[];
}

interface CallGraphData {
  readonly entryPoints: readonly string[];
  readonly rings: readonly (readonly string[])[];
  readonly calls: readonly CallData[];
}

const TABLE = 'calls';

function read(subject: Subject): CallGraphData {
  const { model, amplification: { graph } } = subject;
  return {
    entryPoints: entryPointsOf(graph),
    rings: graph.cycles.map(({ services }) => services),
    calls: model.calls.map((call) => callData(subject, call)),
  };
}

function callData({ model }: Subject, call: CallNode): CallData {
  const callee = calleeOf(model, call.callee);
  const waits = callee === undefined || httpPorts(callee).length === 0 ? undefined : callTime(model, call);
  return {
    caller: call.caller, callee: call.callee, port: call.port ?? null, times: call.times, attempts: attemptsOf(model, call),
    longestWait: waits === undefined ? null : { attemptMs: limited(waits.attemptMs), totalMs: limited(waits.totalMs) },
    encryption: encryptionOf(model, call),
    parallel: call.parallel, idempotent: call.idempotent, operation: call.operation ?? null, during: call.during ?? null,
    maxDepth: call.maxDepth ?? null,
    notes: callNotes(call),
  };
}

function blocks({ calls, entryPoints, rings }: CallGraphData, subject: Subject): readonly Block[] {
  if (calls.length === 0) {
    return [paragraph('The program declares no call.')];
  }
  const drawing = callDrawing(subject, TABLE);
  return [
    paragraph(
      'Requests from outside arrive at ', ...enumerated(entryPoints.slice(0, MOST_NAMED).map((id) => subject.link(id))), entryPoints.length > MOST_NAMED ? ` and ${entryPoints.length - MOST_NAMED} more services. ` : '. ',
      encryption(calls),
    ),
    ...rings.map((ring) => paragraph('Services that call each other in a ring: ', ...ring.flatMap((id, index) => [index > 0 ? ' → ' : '', subject.link(id)]))),
    drawing === undefined ? paragraph(`More than ${MOST_DRAWN} services of one namespace do not read in one drawing; the table says the same.`) : { kind: 'drawing', drawing },
    {
      kind: 'table', anchor: TABLE, caption: 'Calls',
      columns: [
        { title: 'Caller' }, { title: 'Callee' }, { title: 'Calls per request', figures: true }, { title: 'Attempts', figures: true },
        { title: 'Longest attempt', figures: true }, { title: 'Longest wait for a call', figures: true }, { title: 'Encryption' }, { title: 'Notes' },
      ],
      rows: calls.map((call): Text[] => [
        subject.link(call.caller),
        call.port === null ? subject.link(call.callee) : [subject.link(call.callee), ` port ${call.port}`],
        figure(call.times),
        figure(call.attempts),
        call.longestWait === null ? 'no requests' : wait(call.longestWait.attemptMs),
        call.longestWait === null ? 'no requests' : wait(call.longestWait.totalMs),
        ENCRYPTION_WORDS[call.encryption],
        call.notes.join(', '),
      ]),
    },
  ];
}

function encryption(calls: readonly CallData[]): string {
  const counts = new Map<Encryption, number>();
  calls.forEach((call) => counts.set(call.encryption, (counts.get(call.encryption) ?? 0) + 1));
  return `Encryption of the calls: ${[...counts].map(([kind, count]) => `${ENCRYPTION_WORDS[kind]} (${count})`).join('; ')}.`;
}

/** Entry points that are named in a sentence. */
const MOST_NAMED = 12;

export const callGraph = section({ key: 'callGraph', title: 'Call graph', read, blocks });
