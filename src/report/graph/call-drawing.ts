/** The drawing of a program's calls: of its services, or of its namespaces where there are more services than a drawing can hold. */
import { attemptsOf, entryPointsOf } from '../../model/call-graph';
import { grouped } from '../../model/grouped';
import type { CallNode, ExternalNode, ServiceNode } from '../../model/mesh-model';
import { counted, time } from '../../model/text';
import { callTime } from '../../model/timing';
import { encryptionOf } from '../encryption';
import { countBySeverity, SEVERITIES, serviceAnchor, Subject, TONES } from '../subject';
import { figure, figures, wait } from '../words';
import type { CallDrawing, DrawnEdge, DrawnNode } from './drawing';

/** More services than this make a drawing that nobody reads. */
export const MOST_DRAWN = 100;

/** Undefined where nothing could be drawn: no service, or too many of one namespace. */
export function callDrawing(subject: Subject, alternative: string): CallDrawing | undefined {
  const { services, externals } = subject.model;
  if (services.length === 0) {
    return undefined;
  }
  if (services.length + externals.length <= MOST_DRAWN) {
    return ofServices(subject, alternative);
  }
  return ofNamespaces(subject, alternative);
}

function ofServices(subject: Subject, alternative: string): CallDrawing {
  const { model, amplification } = subject;
  const entries = new Set(entryPointsOf(amplification.graph));
  const services = [...model.serviceById.values()];
  const externals = [...model.externalById.values()].filter(({ id }) => !model.serviceById.has(id));
  const nodes = [
    ...services.map((service) => serviceNode(subject, service, entries.has(service.id))),
    ...externals.map((external) => externalNode(subject, external)),
  ];
  const edges = edgesOf(subject, new Set(nodes.map(({ id }) => id)));
  return {
    title: `Who calls whom: ${counted(services.length, 'service')}${externals.length === 0 ? '' : `, ${counted(externals.length, 'external service')}`}`,
    description: 'Requests go from left to right. Below each name: the requests that arrive at worst for one request to an entry point, and the '
      + 'longest that one request may wait for what it calls. A call without a label is made once, is not repeated, and has the mesh\'s deadline.',
    alternative, nodes, edges,
  };
}

function serviceNode(subject: Subject, service: ServiceNode, entry: boolean): DrawnNode {
  const waits = subject.longestWait(service);
  const figured = [figures(subject.requestsTo(service.id), 'request'), ...waits.calls.length === 0 ? [] : [`waits ${short(waits.totalMs)}`]];
  return { ...named(subject, service, figured.join(' · '), entry ? 'entry point, ' : ''), shape: 'service', entry };
}

function externalNode(subject: Subject, external: ExternalNode): DrawnNode {
  return { ...named(subject, external, `${figures(subject.requestsTo(external.id), 'request')} · external`, 'external service, '), shape: 'external', entry: false };
}

function named(subject: Subject, { id, name, namespace }: ServiceNode | ExternalNode, detail: string, what: string): Omit<DrawnNode, 'shape' | 'entry'> {
  const counts = countBySeverity(subject.findingsAbout(id).map((index) => subject.findings[index]));
  const present = SEVERITIES.filter((severity) => counts[severity] > 0);
  const said = present.map((severity) => counted(counts[severity], severity === 'info' ? 'information finding' : severity));
  const own = subject.label(id) === id ? [namespace ?? 'no namespace'] : [];
  return {
    id, name, details: [...own, detail], to: serviceAnchor(id),
    badges: present.map((severity) => ({ tone: TONES[severity], count: counts[severity] })),
    spoken: [`${subject.label(id)}: ${what}${detail.replace(' · ', ', ')}`, ...said].join(', '),
  };
}

/** Rounded up to three digits, so that it stays an upper bound; the tables hold it exactly. */
function short(ms: number): string {
  if (!Number.isFinite(ms) || ms <= 0) {
    return wait(ms);
  }
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(ms)) - 2);
  return time(Math.ceil(ms / unit) * unit);
}

/** One line for all calls between two services. */
function edgesOf(subject: Subject, known: ReadonlySet<string>): readonly DrawnEdge[] {
  const over = new Set(subject.amplification.exceeding(subject.model.mesh.budgets.requestAmplification)
    .flatMap(({ hops }) => hops.map(({ call }) => `${call.caller} ${call.callee}`)));
  const drawn = subject.model.calls.filter(({ caller, callee }) => caller !== callee && known.has(caller) && known.has(callee));
  const pairs = grouped(drawn, ({ caller, callee }) => `${caller} ${callee}`);
  return [...pairs].map(([key, calls]): DrawnEdge => {
    const [{ caller: from, callee: to }] = calls;
    const retried = calls.some((call) => attemptsOf(subject.model, call) > 1);
    return { from, to, label: labelOf(subject, calls), weight: over.has(key) ? 'over' : retried ? 'retry' : 'plain' };
  });
}

function labelOf(subject: Subject, calls: readonly CallNode[]): readonly string[] {
  const labels = new Map(calls.map((call) => callLabel(subject, call)).filter((label) => label.length > 0).map((label) => [label.join(), label]));
  return labels.size < 2 ? [...labels.values()].flat() : [`${calls.length} different`, 'calls'];
}

function callLabel({ model }: Subject, call: CallNode): readonly string[] {
  const attempts = attemptsOf(model, call);
  const waits = callTime(model, call);
  const ordinary = model.mesh.defaults.deadline === 'none' ? Infinity : model.mesh.defaults.deadline;
  return [
    call.times === 1 ? '' : `${figure(call.times)} calls`,
    attempts === 1 ? '' : `${figure(attempts)} attempts`,
    waits === undefined || waits.totalMs === ordinary ? '' : Number.isFinite(waits.totalMs) ? `≤ ${short(waits.totalMs)}` : 'no deadline',
    encryptionOf(model, call) === 'plain-text' ? 'plain text' : '',
    call.idempotent ? '' : 'once only',
  ].filter((part) => part !== '');
}

function ofNamespaces(subject: Subject, alternative: string): CallDrawing | undefined {
  const { services, externals, calls, serviceById, externalById } = subject.model;
  const EXTERNAL = 'outside the mesh';
  const place = (id: string): string | undefined => serviceById.get(id)?.namespace ?? (externalById.has(id) ? EXTERNAL : undefined);
  const members = grouped(services, ({ namespace = '' }) => namespace);
  if (members.size < 2 || members.size > MOST_DRAWN) {
    return undefined;
  }
  const nodes = [...members].map(([name, inside]): DrawnNode => {
    const counts = countBySeverity(inside.flatMap(({ id }) => subject.findingsAbout(id)).map((index) => subject.findings[index]));
    const detail = counted(inside.length, 'service');
    return {
      id: name, name, details: [detail], shape: 'namespace', entry: false, spoken: `namespace ${name}: ${detail}`,
      badges: SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => ({ tone: TONES[severity], count: counts[severity] })),
    };
  });
  if (externals.length > 0) {
    nodes.push({
      id: EXTERNAL, name: 'outside', details: [counted(externals.length, 'external service')], shape: 'external', entry: false, badges: [],
      spoken: counted(externals.length, 'external service'),
    });
  }
  const between = new Map<string, { readonly from: string; readonly to: string; count: number; retried: boolean }>();
  for (const call of calls) {
    const [from, to] = [place(call.caller), place(call.callee)];
    if (from === undefined || to === undefined || from === to) {
      continue;
    }
    const pair = between.get(`${from} ${to}`) ?? { from, to, count: 0, retried: false };
    pair.count++;
    pair.retried ||= attemptsOf(subject.model, call) > 1;
    between.set(`${from} ${to}`, pair);
  }
  return {
    title: `Which namespace calls which: ${counted(members.size, 'namespace')}, ${counted(services.length, 'service')}`,
    description: `More than ${MOST_DRAWN} services do not read in one drawing, so each box is a namespace, and each line says how many calls it stands for. `
      + 'Calls within a namespace are in the table.',
    alternative, nodes,
    edges: [...between.values()].map(({ from, to, count, retried }) => ({ from, to, label: [counted(count, 'call')], weight: retried ? 'retry' : 'plain' })),
  };
}
