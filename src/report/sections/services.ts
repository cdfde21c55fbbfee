import { entryPointsOf } from '../../model/call-graph';
import { Severity } from '../../model/finding';
import type { MtlsModeName } from '../../model/security';
import { counted, memory } from '../../model/text';
import { section } from '../section';
import { countBySeverity, findingAnchor, serviceAnchor, SEVERITIES, Subject, TONES } from '../subject';
import { Block, code, enumerated, Fact, paragraph, Piece, Text } from '../tree';
import { figure, wait } from '../words';
import { canaryAnchor } from './canaries';
import { PeerData, PolicyData, serviceData, ServiceData } from './service-data';

function read(subject: Subject): readonly ServiceData[] {
  const { model, amplification: { graph } } = subject;
  const entries = new Set(entryPointsOf(graph));
  return [...model.services, ...model.externals].map((one) => serviceData(subject, one, entries));
}

function blocks(all: readonly ServiceData[], subject: Subject): readonly Block[] {
  if (all.length === 0) {
    return [paragraph('The program declares no service.')];
  }
  return [
    {
      kind: 'table', caption: 'All services',
      columns: [
        { title: 'Service' }, { title: 'Callers', figures: true }, { title: 'Callees', figures: true }, { title: 'Pods', figures: true },
        { title: 'Requests at worst', figures: true }, { title: 'Longest wait', figures: true }, { title: 'Findings' },
      ],
      rows: all.map((service): Text[] => [
        service.kind === 'external' ? [subject.link(service.id), ' (external)'] : subject.link(service.id),
        figure(distinct(service.callers)), figure(distinct(service.callees)), pods(service),
        figure(service.figures.requests), waiting(service),
        findingBadges(service, subject),
      ]),
    },
    ...all.map((service): Block => ({ kind: 'part', anchor: serviceAnchor(service.id), title: service.id, blocks: page(service, subject) })),
  ];
}

function distinct(peers: readonly PeerData[]): number {
  return new Set(peers.map(({ service }) => service)).size;
}

function pods({ kind, pods: range }: ServiceData): string {
  if (range === null) {
    return kind === 'external' ? 'outside' : 'unknown';
  }
  return range.min === range.max ? figure(range.min) : `${range.min} to ${range.max}`;
}

function waiting({ callees, figures: { longestWaitMs } }: ServiceData): string {
  return callees.length === 0 ? 'calls nobody' : longestWaitMs === undefined ? 'no requests' : wait(longestWaitMs);
}

function findingBadges({ findings: about }: ServiceData, subject: Subject): Text {
  const counts = countBySeverity(about.map(({ index }) => subject.findings[index]));
  const present = SEVERITIES.filter((severity) => counts[severity] > 0);
  return present.length === 0 ? 'none' : present.flatMap((severity, index): Piece[] => [
    index === 0 ? '' : ' ', { badge: severity === Severity.INFO ? `${counts[severity]} info` : counted(counts[severity], severity), tone: TONES[severity] },
  ]);
}

function page(service: ServiceData, subject: Subject): readonly Block[] {
  return [
    { kind: 'facts', facts: facts(service, subject) },
    ...findings(service, subject),
    ...service.ports.length === 0 ? [paragraph('It has no port, so nobody can call it.')] : [ports(service)],
    ...service.versions.length === 0 ? [] : [versions(service)],
    ...peerTables(service, subject),
    ...service.routes.length === 0 ? [] : [routes(service)],
  ];
}

function facts(service: ServiceData, subject: Subject): readonly Fact[] {
  const { policies, figures } = service;
  const own: readonly (Fact | undefined)[] = [
    { label: 'Construct', value: code(service.construct) },
    { label: service.hosts.length === 1 ? 'Host' : 'Hosts', value: enumerated(service.hosts.map(code)) },
    service.language === null ? undefined : { label: 'Language', value: service.language },
    service.kind === 'external' ? undefined : { label: 'Pods', value: pods(service) },
    delivered(service, subject),
    service.accounts.length === 0 ? undefined : { label: 'Accounts', value: enumerated(service.accounts.map(code)) },
    service.kind === 'external' || service.meshed ? undefined : { label: 'In the mesh', value: 'no: its pods have no proxies' },
    service.egress === null || !service.meshed ? undefined : { label: 'Its proxies know', value: EGRESS[service.egress] },
    service.requestsPerSecond === null ? undefined : { label: 'Requests per second', value: figure(service.requestsPerSecond) },
    {
      label: 'Requests at worst',
      value: figures.entryPoint === null ? [figure(figures.requests), service.entryPoint ? ' (entry point)' : '']
        : [`${figure(figures.requests)} for one request to `, subject.link(figures.entryPoint), ` (${figure(figures.healthy)} while nothing fails)`],
    },
    service.callees.length === 0 ? undefined : { label: 'Longest wait', value: waiting(service) },
    figures.proxyMemoryBytes === null || figures.proxyMemoryBytesEach === null ? undefined
      : { label: 'Memory of its proxies', value: `${memory(figures.proxyMemoryBytes)}, ${memory(figures.proxyMemoryBytesEach)} each` },
    { label: 'Retries', value: policy(policies.retry) },
    { label: 'Deadline', value: policy(policies.deadline) },
    { label: 'Limits', value: policies.limits },
    { label: 'Ejection', value: policies.ejection },
    { label: 'Retry budget', value: policies.retryBudget },
    policies.loadBalancing === null ? undefined : { label: 'Load balancing', value: policies.loadBalancing },
  ];
  return own.filter((fact) => fact !== undefined);
}

function delivered({ id }: ServiceData, subject: Subject): Fact | undefined {
  const canary = subject.model.serviceById.get(id)?.delivery;
  return canary && { label: 'New versions', value: ['by the canary ', { link: canary.origin, to: canaryAnchor(canary.origin) }] };
}

const EGRESS: Readonly<Record<string, string>> = {
  declared: 'the services that it calls', namespace: 'its namespace and the services that it calls', everything: 'the whole mesh',
};

const SOURCES: Readonly<Record<PolicyData['source'], string>> = {
  'route': 'said of the route', 'call': 'said of the call', 'service': 'said of the service', 'mesh': 'the mesh\'s default',
  'streaming port': 'its ports stream',
  'no proxy': 'no proxy reads its requests',
};

function policy({ inForce, source }: PolicyData): string {
  return `${inForce} (${SOURCES[source]})`;
}

function findings({ findings: about }: ServiceData, subject: Subject): readonly Block[] {
  if (about.length === 0) {
    return [];
  }
  return [{
    kind: 'list',
    items: about.map(({ index, code: name }): Text => {
      const { severity, message } = subject.findings[index];
      return [{ badge: severity, tone: TONES[severity] }, ' ', { link: name, to: findingAnchor(index) }, ` ${message}`];
    }),
  }];
}

const MTLS: Readonly<Record<MtlsModeName, string>> = { strict: 'required', permissive: 'accepted, not required', disabled: 'not spoken' };

function ports({ id, ports: all }: ServiceData): Block {
  return {
    kind: 'table', caption: `Ports of ${id}`,
    columns: [{ title: 'Port' }, { title: 'Number', figures: true }, { title: 'Container port', figures: true }, { title: 'Protocol' }, { title: 'mTLS' }],
    rows: all.map(({ name, number, containerPort, protocol, streaming, mtls }): Text[] => [
      name, String(number), String(containerPort), streaming ? `${protocol}, streaming` : protocol, mtls === null ? 'outside the mesh' : MTLS[mtls],
    ]),
  };
}

function versions({ id, versions: all }: ServiceData): Block {
  return {
    kind: 'table', caption: `Versions of ${id}`,
    columns: [{ title: 'Version' }, { title: 'Subset' }, { title: 'Share', figures: true }, { title: 'Workload' }, { title: 'Labels' }],
    rows: all.map(({ name, subset, sharePercent, workload, labels }): Text[] => [
      name, subset, sharePercent === null ? 'by pods' : `${sharePercent} %`, workload ?? 'not of this program', code(labels),
    ]),
  };
}

function peerTables(service: ServiceData, subject: Subject): readonly Block[] {
  const table = (which: string, title: string, all: readonly PeerData[]): Block => ({
    kind: 'table', caption: `${which} of ${service.id}`,
    columns: [
      { title }, { title: 'Calls per request', figures: true }, { title: 'Attempts', figures: true }, { title: 'Retries in force' },
      { title: 'Deadline in force' }, { title: 'Longest wait', figures: true }, { title: 'Notes' },
    ],
    rows: all.map((one): Text[] => [
      subject.link(one.service), figure(one.times), figure(one.attempts),
      one.retry === undefined ? 'no requests' : policy(one.retry), one.deadline === undefined ? 'no requests' : policy(one.deadline),
      one.longestWaitMs === undefined ? 'no requests' : wait(one.longestWaitMs), one.notes.join(', '),
    ]),
  });
  return [
    ...service.callers.length === 0 ? [] : [table('Callers', 'Caller', service.callers)],
    ...service.callees.length === 0 ? [] : [table('Callees', 'Callee', service.callees)],
  ];
}

function routes({ id, routes: all }: ServiceData): Block {
  return {
    kind: 'table', caption: `Routes of ${id}, tried in this order`,
    columns: [{ title: 'Route' }, { title: 'Requests' }, { title: 'Go to' }, { title: 'What else' }, { title: 'Retries' }, { title: 'Deadline' }],
    rows: all.map(({ name, matches, target, actions, retry, deadline }): Text[] => [name, matches, target, actions, policy(retry), policy(deadline)]),
  };
}

export const services = section({ key: 'services', title: 'Services', read, blocks });
