import { AdoptionLevel, adoptionScore } from '../../model/adoption';
import { entryPointsOf } from '../../model/call-graph';
import { Severity } from '../../model/finding';
import { PROVIDER_FACTS } from '../../model/provider';
import { meshProxyCost } from '../../model/proxy-cost';
import { counted, listed, memory } from '../../model/text';
import { section } from '../section';
import { countBySeverity, Subject } from '../subject';
import { Block, Fact, Tone } from '../tree';
import { figure, limited, wait } from '../words';
import { LEVELS } from './adoption';

interface SummaryData {
  readonly provider: { readonly id: string; readonly label: string; readonly version: string; readonly revision: string | null };
  readonly services: number;
  readonly externalServices: number;
  readonly calls: number;
  readonly namespaces: readonly string[];
  readonly findings: Readonly<Record<Severity, number>>;
  readonly suppressed: number;
  readonly level: AdoptionLevel;
  readonly score: number;
  readonly assessed: boolean;
  readonly requestAmplification: {
    readonly worst: number;
    readonly entry: string | null;
    readonly target: string | null;
    readonly limit: number;
    readonly exceeded: boolean;
  };
  readonly longestWait: { readonly ms: number | null; readonly entry: string | null };
  readonly proxyMemory: { readonly predictedBytes: number; readonly budgetBytes: number | null };
  readonly resources: number;
}

function read(subject: Subject): SummaryData {
  const { model, findings, suppressed, amplification } = subject;
  const { mesh } = model;
  const { level, score } = adoptionScore(model, mesh.adoption);
  const limit = mesh.budgets.requestAmplification;
  const exceeding = most(amplification.exceeding(limit), ({ requests }) => requests);
  const hardest = exceeding ?? most(subject.hardest, ({ requests }) => requests);
  const entries = entryPointsOf(amplification.graph);
  const longest = most(entries.map((id) => ({ id, ms: subject.longestWait(model.serviceById.get(id)!).totalMs })), ({ ms }) => ms);
  return {
    provider: { id: mesh.provider, label: PROVIDER_FACTS[mesh.provider].label, version: mesh.providerVersion, revision: mesh.revision ?? null },
    services: model.services.length,
    externalServices: model.externals.length,
    calls: model.calls.length,
    namespaces: [...new Set(model.services.flatMap(({ namespace }) => namespace ?? []))].sort(),
    findings: countBySeverity(findings),
    suppressed: suppressed.length,
    level, score, assessed: mesh.adoption !== undefined,
    requestAmplification: {
      worst: hardest?.requests ?? 1, entry: hardest?.entry ?? null, target: hardest?.target ?? null, limit, exceeded: exceeding !== undefined,
    },
    longestWait: { ms: longest === undefined ? 0 : limited(longest.ms), entry: longest?.id ?? null },
    proxyMemory: { predictedBytes: Math.round(meshProxyCost(model).memoryBytes), budgetBytes: mesh.budgets.proxyMemoryBytes ?? null },
    resources: model.objects.filter(({ ours }) => ours).length,
  };
}

function most<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.length === 0 ? undefined : items.reduce((a, b) => of(b) > of(a) ? b : a);
}

function blocks(data: SummaryData, subject: Subject): readonly Block[] {
  const { provider, findings, requestAmplification: amplification, longestWait, namespaces, proxyMemory: proxies } = data;
  const where = namespaces.length === 1 ? `in ${namespaces[0]}` : `in ${counted(namespaces.length, 'namespace')}`;
  const tone: Tone = findings.error > 0 ? 'error' : findings.warning > 0 ? 'warning' : 'good';
  const kinds = ([['error', 'error'], ['warning', 'warning'], ['info', 'for information']] as const).filter(([severity]) => findings[severity] > 0);
  const facts: Fact[] = [
    { label: 'Adoption', value: LEVELS[data.level], note: `score ${data.score}${data.assessed ? '' : ', not assessed'}`, tone: data.level === 'full-mesh' ? 'good' : 'plain' },
    { label: 'Services', value: figure(data.services), note: namespaces.length === 0 ? '' : where },
    { label: 'Calls', value: figure(data.calls), note: data.externalServices === 0 ? '' : `also to ${counted(data.externalServices, 'external service')}` },
    {
      label: 'Findings', tone,
      value: figure(findings.error + findings.warning + findings.info),
      note: kinds.length === 0 ? 'nothing to report'
        : listed(kinds.map(([severity, noun]) => severity === 'info' ? `${findings.info} ${noun}` : counted(findings[severity], noun))),
    },
    {
      label: 'Request amplification', tone: amplification.exceeded ? 'error' : 'good', value: `×${figure(amplification.worst)}`,
      note: amplification.target === null ? 'no service calls another' : ['at ', subject.link(amplification.target), `, budget ×${figure(amplification.limit)}`],
    },
    {
      label: 'Longest wait', tone: longestWait.ms === null ? 'warning' : 'plain', value: wait(longestWait.ms),
      note: longestWait.entry === null ? '' : ['of a request to ', subject.link(longestWait.entry)],
    },
    {
      label: 'Memory of all proxies', value: memory(proxies.predictedBytes),
      tone: proxies.budgetBytes === null ? 'plain' : proxies.predictedBytes > proxies.budgetBytes ? 'error' : 'good',
      note: proxies.budgetBytes === null ? 'predicted, no budget' : `predicted, budget ${memory(proxies.budgetBytes)}`,
    },
    { label: 'Resources', value: figure(data.resources), note: `for ${provider.label} ${provider.version}` },
  ];
  return [{ kind: 'figures', facts }];
}

export const summary = section({ key: 'summary', title: 'At a glance', read, blocks });
