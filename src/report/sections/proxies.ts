/** What the proxies are predicted to cost: a part of the budgets. */
import type { MeshModel } from '../../model/mesh-model';
import { meshProxyCost } from '../../model/proxy-cost';
import { PROXY_FIGURES } from '../../model/proxy-figures';
import { counted, memory } from '../../model/text';
import type { Subject } from '../subject';
import { Block, paragraph, Text } from '../tree';
import { figure } from '../words';

interface Amount {
  readonly predicted: number;
  /** Null where the program sets none. */
  readonly budget: number | null;
}

interface ServiceProxies {
  readonly service: string;
  readonly pods: number;
  readonly podsKnown: boolean;
  readonly scoped: boolean;
  readonly clusters: number;
  readonly endpoints: number;
  readonly configBytes: number;
  readonly memoryBytesEach: number;
  readonly memoryBytes: number;
  /** Null where no request rate is declared. */
  readonly cores: number | null;
}

interface WaypointProxy {
  readonly namespace: string;
  readonly services: readonly string[];
  readonly memoryBytes: number;
  /** Null where no request rate is declared. */
  readonly cores: number | null;
}

export interface ProxyData {
  readonly memoryBytes: Amount;
  readonly cores: Amount;
  /** What the same proxies would need if all of them were told of the whole mesh. */
  readonly unscopedMemoryBytes: number;
  readonly namespaces: readonly ({ readonly namespace: string } & Amount)[];
  readonly services: readonly ServiceProxies[];
  readonly waypoints: readonly WaypointProxy[];
}

export function proxyData(model: MeshModel): ProxyData {
  const cost = meshProxyCost(model);
  const { proxyMemoryBytes, proxyCores, namespaceMemoryBytes } = model.mesh.budgets;
  return {
    memoryBytes: { predicted: Math.round(cost.memoryBytes), budget: proxyMemoryBytes ?? null },
    cores: { predicted: cost.cores, budget: proxyCores ?? null },
    unscopedMemoryBytes: Math.round(cost.unscopedMemoryBytes),
    namespaces: [...cost.memoryByNamespace].map(([namespace, predicted]) =>
      ({ namespace, predicted: Math.round(predicted), budget: namespaceMemoryBytes[namespace] ?? null })),
    services: cost.services.map(({ service, view, scoped, proxy, pods, podsKnown, memoryBytes, cores }) => ({
      service: service.id, pods, podsKnown, scoped, clusters: view.clusters, endpoints: view.endpoints,
      configBytes: Math.round(proxy.configBytes), memoryBytesEach: Math.round(proxy.memoryBytes), memoryBytes: Math.round(memoryBytes),
      cores: cores ?? null,
    })),
    waypoints: cost.waypoints.map(({ namespace, services, memoryBytes, cores }) => (
      { namespace, services, memoryBytes: Math.round(memoryBytes), cores: cores ?? null }
    )),
  };
}

export function proxyBlocks(data: ProxyData, subject: Subject): readonly Block[] {
  if (data.services.length === 0 && data.waypoints.length === 0) {
    return [paragraph(subject.model.mesh.provider === 'istio-ambient'
      ? 'No service of the program has proxies beside those of the nodes.' : 'No service of the program has proxies.')];
  }
  const unknown = data.services.filter(({ podsKnown }) => !podsKnown).length;
  const unrated = data.services.filter(({ cores }) => cores === null).length;
  const { coresPer1000Requests, memorySource, coresSource } = PROXY_FIGURES[subject.model.mesh.provider];
  const saved = data.unscopedMemoryBytes - data.memoryBytes.predicted;
  return [
    paragraph(
      `${memorySource} Connections and requests in flight come on top. `,
      saved > 0 ? `Egress scopes save ${memory(saved)}: without any, the proxies would need ${memory(data.unscopedMemoryBytes)}. ` : '',
      unknown === 0 ? '' : `For ${counted(unknown, 'service')} the number of pods is unknown, and one is assumed. `,
      `CPU is an estimate from declared request rates, at ${coresPer1000Requests} cores for 1,000 requests per second ${coresSource}. `,
      unrated === 0 ? '' : `${counted(unrated, 'service')} ${unrated === 1 ? 'declares' : 'declare'} no rate and ${unrated === 1 ? 'is' : 'are'} not in it.`,
    ),
    {
      kind: 'table', caption: 'Proxies in total',
      columns: [{ title: 'What' }, { title: 'Predicted', figures: true }, { title: 'Budget', figures: true }, { title: 'State' }],
      rows: [
        total('Memory of all proxies', data.memoryBytes, memory),
        ...data.namespaces.length < 2 && data.namespaces.every(({ budget }) => budget === null) ? []
          : data.namespaces.map((amount) => total(`Memory of the proxies of ${amount.namespace}`, amount, memory)),
        ...data.services.length > 0 && unrated === data.services.length ? [] : [total('CPU of all proxies', data.cores, coresText)],
      ],
    },
    ...data.waypoints.length === 0 ? [] : [waypointTable(data.waypoints, subject)],
    ...data.services.length === 0 ? [] : [serviceTable(data.services, subject)],
  ];
}

function waypointTable(waypoints: readonly WaypointProxy[], subject: Subject): Block {
  return {
    kind: 'table', caption: 'Waypoints, one a namespace',
    columns: [{ title: 'Namespace' }, { title: 'Stands before' }, { title: 'Memory', figures: true }, { title: 'Cores', figures: true }],
    rows: waypoints.map(({ namespace, services, memoryBytes, cores }): Text[] => [
      namespace, services.flatMap((id, index) => [index === 0 ? '' : ', ', subject.link(id)]), memory(memoryBytes), cores === null ? 'no rate' : coresText(cores),
    ]),
  };
}

function serviceTable(services: readonly ServiceProxies[], subject: Subject): Block {
  return {
    kind: 'table', caption: 'Proxies of each service, the most memory first',
    columns: [
      { title: 'Service' }, { title: 'Pods', figures: true }, { title: 'Told of' }, { title: 'Clusters', figures: true },
      { title: 'Configuration', figures: true }, { title: 'Memory each', figures: true }, { title: 'Memory', figures: true }, { title: 'Cores', figures: true },
    ],
    rows: [...services].sort((a, b) => b.memoryBytes - a.memoryBytes).map((one): Text[] => [
      subject.link(one.service), one.podsKnown ? figure(one.pods) : `${figure(one.pods)} assumed`, one.scoped ? 'its scope' : 'the whole mesh',
      figure(one.clusters), memory(one.configBytes), memory(one.memoryBytesEach), memory(one.memoryBytes), one.cores === null ? 'no rate' : coresText(one.cores),
    ]),
  };
}

function total(what: string, { predicted, budget }: Amount, shown: (value: number) => string): readonly Text[] {
  return [
    what, shown(predicted), budget === null ? 'none' : shown(budget),
    budget === null ? 'no budget' : { badge: predicted > budget ? 'above' : 'within', tone: predicted > budget ? 'error' : 'good' },
  ];
}

function coresText(value: number): string {
  return value.toFixed(2);
}
