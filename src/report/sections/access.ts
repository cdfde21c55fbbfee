import { counted, listed } from '../../model/text';
import { AccessData, accessData, AccessExceptionData, AccessPairsData, AccessPolicyData, AccessPortData, RequestData } from '../access-data';
import { accessMatrixOf, pairsAnchor } from '../access-pairs';
import { section } from '../section';
import type { Subject } from '../subject';
import { Block, code, enumerated, paragraph, Piece, Text } from '../tree';

/** Anchor of the table of pairs. */
const PAIRS = 'access-pairs';

function blocks(data: AccessData, subject: Subject): readonly Block[] {
  if (data.ports.length === 0) {
    return [paragraph('No service of the program takes calls.')];
  }
  const matrix = accessMatrixOf(data, subject, PAIRS);
  return [
    paragraph(...intro(data)),
    ...data.policies.length === 0 ? [] : [policies(data.policies)],
    ...matrix === undefined ? [] : [{ kind: 'matrix', matrix } as const],
    ...data.pairs.length === 0 ? [] : [pairTable(data.pairs, subject)],
    ...data.outside.length === 0 ? [] : [outside(data, subject)],
    ...data.exceptions.length === 0 ? [] : [exceptions(data.exceptions, subject)],
    ...open(data.ports, subject),
  ];
}

function intro({ policies: all, ports }: AccessData): readonly Piece[] {
  if (all.length === 0) {
    return ['No policy is about any service: whoever reaches a port may call it, with or without identity. A ', code('ZeroTrustPolicy'), ' refuses what is not declared.'];
  }
  const by = (others: AccessPortData['others']): number => ports.filter((one) => one.others === others).length;
  const said = [
    [by('refused'), 'refused'], [by('counted'), 'let through and counted'], [by('open'), 'let through'],
  ] as const;
  return [`Calls that nobody declared are ${listed(said.filter(([count]) => count > 0).map(([count, what]) => `${what} at ${counted(count, 'port')}`))}.`];
}

function policies(all: readonly AccessPolicyData[]): Block {
  return {
    kind: 'table', caption: 'Policies',
    columns: [{ title: 'Policy' }, { title: 'Holds in' }, { title: 'mTLS required' }, { title: 'mTLS accepted' }, { title: 'Network policies' }, { title: 'Calls to what nobody declared' }],
    rows: all.map(({ construct, namespaces, wholeMesh, mtls, networkPolicies, sealsEgress }): Text[] => {
      const named = (wanted: string): string => mtls.filter(({ mode }) => mode === wanted).map(({ namespace }) => namespace).join(', ') || 'nowhere';
      return [
        code(construct), wholeMesh ? 'the whole mesh' : namespaces === null ? 'every namespace of the program' : namespaces.join(', '),
        named('strict'), named('permissive'), networkPolicies ? 'written' : 'none', sealsEgress ? 'stay inside the proxy' : 'leave the proxy',
      ];
    }),
  };
}

const TONES: Readonly<Record<AccessPairsData['answer'], 'good' | 'error' | 'plain'>> = { allowed: 'good', refused: 'error', open: 'plain' };

function pairTable(pairs: readonly AccessPairsData[], subject: Subject): Block {
  return {
    kind: 'table', anchor: PAIRS, caption: 'Who may call whom, and why',
    columns: [{ title: 'Callee' }, { title: 'Caller' }, { title: 'Port' }, { title: 'Answer' }, { title: 'Requests' }, { title: 'Also needed' }, { title: 'Reason' }],
    anchors: pairs.map((_, index) => pairsAnchor(index)),
    rows: pairs.map((pair): Text[] => [
      subject.link(pair.callee), names(pair.callers, subject), pair.ports.join(', '),
      [{ badge: pair.answer, tone: TONES[pair.answer] }, pair.inForce ? '' : ' once enforced'],
      pair.answer === 'refused' ? '' : requestWords(pair), pair.conditions.join('; '), pair.reason,
    ]),
  };
}

function names(ids: readonly string[], subject: Subject): Text {
  const shown = enumerated(ids.slice(0, MOST_NAMED).map((id) => subject.link(id)));
  return ids.length > MOST_NAMED ? [...shown, ` and ${ids.length - MOST_NAMED} more`] : shown;
}

/** Callers that are named in one field. */
const MOST_NAMED = 12;

function requestWords({ requests, except }: Pick<AccessPairsData, 'requests' | 'except'>): string {
  const without = except.length === 0 ? '' : `, but not ${except.map(scopeWords).join('; ')}`;
  return `${requests === null ? 'all' : requests.map(scopeWords).join('; ')}${without}`;
}

function scopeWords({ methods, paths, hosts }: RequestData): string {
  return [
    methods.join(', '), paths.length === 0 ? '' : `${methods.length === 0 ? 'any method ' : ''}${paths.join(', ')}`, hosts.length === 0 ? '' : `at ${hosts.join(', ')}`,
  ].filter((part) => part !== '').join(' ');
}

function outside({ outside: all }: AccessData, subject: Subject): Block {
  return {
    kind: 'table', caption: 'Who else may call, beside the services of the program',
    columns: [{ title: 'Caller' }, { title: 'Callee' }, { title: 'Port' }, { title: 'Requests' }, { title: 'Also needed' }, { title: 'Reason' }],
    rows: all.map((cell): Text[] => [cell.caller, subject.link(cell.callee), String(cell.port), requestWords(cell), cell.conditions.join('; '), cell.reason]),
  };
}

function exceptions(all: readonly AccessExceptionData[], subject: Subject): Block {
  return {
    kind: 'table', caption: 'Where connections need no identity',
    columns: [{ title: 'Where' }, { title: 'From' }, { title: 'Until' }, { title: 'Reason' }],
    rows: all.map(({ namespace, service, port, addresses, reason, until }): Text[] => [
      service === null ? `namespace ${namespace ?? 'none'}` : [subject.link(service), ` port ${port ?? 0}`],
      addresses.length === 0 ? 'everywhere' : addresses.join(', '), until ?? 'no end', reason,
    ]),
  };
}

/** Services that nothing closes, although a policy closes others. */
function open(ports: readonly AccessPortData[], subject: Subject): readonly Block[] {
  const opened = ports.filter(({ others }) => others === 'open');
  if (opened.length === ports.length) {
    return [];
  }
  const reasons = [...new Set(opened.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const services = new Set(opened.filter((port) => port.reason === reason).map(({ service }) => service));
    return paragraph('Open to whoever reaches them, since ', `${reason}: `, ...enumerated([...services].map((id) => subject.link(id))), '.');
  });
}

export const access = section({ key: 'access', title: 'Access', read: ({ model }) => accessData(model), blocks });
