/** What holds for every engine: three services are taken over, then released at the same time, a good version and two bad ones. */
import { parseAllDocuments, stringify } from 'yaml';
import type { CanaryEngine } from '../../../src';
import { claimBetween, claimEqual, claimShare, Delivery, type Engine, type KubeObject, stack, until, type Workload } from '../stack';
import { BEHAVIORS, CanaryProgram, DEADLINE, DELIVERED, type Delivered, EVERY, LIMITS, MARK, type PortableMesh, STEPS } from './canary-program';
import { CanaryWatch, type Seen } from './canary-watch';

/** From the application's pods being asked for until they are ready, with room for a busy machine. */
const PODS_READY_MS = 30_000;
const VIRTUAL_SERVICES = ['networking.istio.io/v1', 'virtualservices'] as const;

/** Fields that the manifest no longer holds once there is a canary. */
export interface HandedOver {
  readonly api: string;
  readonly kind: string;
  readonly field: string;
}

export type Outcome = 'promoted' | 'rolled back';

/** What the suite has to know of an engine. */
export interface EngineUnderTest {
  readonly id: Engine;
  readonly namespace: string;
  readonly engine: CanaryEngine;
  /** @default - Istio's own API */
  readonly mesh?: PortableMesh;
  readonly handedOver: readonly HandedOver[];
  /** API of the routes in which the engine moves weights, and their kind in the plural. @default - VirtualServices */
  readonly routes?: readonly [string, string];
  /** Share of the new version in a route. */
  weightOf(route: KubeObject): number | undefined;
  /** Hosts through which a service is reached, sorted. */
  hostsOf(service: Delivered): readonly string[];
  /** Clusters of the old and the new version, by host and subset. */
  versionsOf(service: Delivered): readonly { readonly host: string; readonly subset: string }[];
  /** Resource of a service's canary. */
  pathOf(service: Delivered): string;
  /** Whether the engine has taken a service over. */
  isTakenOver(canary: KubeObject): Promise<boolean>;
  /** How a release ended; undefined while it goes on. */
  outcomeOf(canary: KubeObject): Outcome | undefined;
  /** Who applies a later manifest says this, too. */
  readonly applyArguments: readonly string[];
  /** What of the first manifest must be known everywhere before the rest of it comes. */
  readonly appliedFirst: string | undefined;
  /** Applies a manifest in the middle of the releases, as its users do, and claims that nothing is disturbed. */
  applyOnTheWay(manifest: string, watch: CanaryWatch): Promise<void>;
  /**
   * Does what `canary.gitOps` says of taking the canary out of the program.
   * @param manifest the program without it
   * @param gone what that manifest no longer holds
   */
  leave(manifest: string, gone: string): Promise<void>;
  /** What comes before the namespace goes, however far the suite came. */
  cleanUp?(): Promise<void>;
}

export function canarySuite(it: EngineUnderTest): void {
  const { namespace, mesh } = it;
  const steps = mesh?.steps ?? STEPS;
  const intervalMs = (mesh?.every ?? EVERY).toMilliseconds();
  const cluster = stack();
  const web = cluster.workload(namespace, 'web');
  const stranger = cluster.workload(namespace, 'stranger');
  const newcomer = cluster.workload(namespace, 'newcomer');
  const before = new CanaryProgram({ namespace, mesh, version: 1 });
  const first = new CanaryProgram({ namespace, mesh, version: 1, engine: it.engine });
  const second = new CanaryProgram({ namespace, mesh, version: 2, engine: it.engine });
  const later = new CanaryProgram({ namespace, mesh, version: 2, engine: it.engine, newcomerCalls: true });
  const after = new CanaryProgram({ namespace, mesh, version: 2, newcomerCalls: true });
  let starting: Promise<Delivery> | undefined;
  let watch: CanaryWatch | undefined;

  beforeAll(async () => {
    cluster.behaviors(BEHAVIORS);
    // These suites are the longest, so they come first: a busy API server may not serve all kinds yet.
    await until('the API server takes the program', 60_000, async () => {
      await cluster.apply(before.yaml());
      return true;
    }, 500);
    starting = Delivery.start(cluster, [it.id]);
    await Promise.all([starting, cluster.ready(namespace)]);
  });

  afterEach(async () => {
    await watch?.abandon();
    watch = undefined;
  });

  afterAll(async () => {
    try {
      await it.cleanUp?.();
      await cluster.drop(namespace);
    } finally {
      await (await starting)?.stop();
    }
  });

  /** Waits for something to be true of the canaries of all services, and says of those for which it is not what they are. */
  async function all(what: string, timeoutMs: number, holds: (canary: KubeObject) => Promise<boolean>): Promise<void> {
    await until(`${DELIVERED.join(', ')} are ${what}`, timeoutMs, async () => {
      const canaries = await Promise.all(DELIVERED.map((name) => cluster.kubernetes.get(it.pathOf(name))));
      for (const canary of canaries) {
        if (!await holds(canary)) {
          throw new Error(`${canary.metadata.name} is not: ${JSON.stringify(canary.status ?? {})}\n${cluster.log(it.id, 8)}`);
        }
      }
      return true;
    }, 200);
  }

  /** What `canary.gitOps` says to do before the first apply with the canary: somebody else asks for the values that the cluster has. */
  async function handOver(name: Delivered, { api, kind, field }: HandedOver): Promise<void> {
    const { spec } = await cluster.kubernetes.get(`${api}/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`);
    const object = { apiVersion: api.replace(/^\/apis?\//, ''), kind, metadata: { name, namespace }, spec: { [field]: spec[field] } };
    const { code, stderr } = await cluster.kubernetes.kubectl(
      ['apply', '--server-side', '--field-manager=canary-hand-over', '--force-conflicts', '-f', '-'], JSON.stringify(object));
    expect([code, stderr]).toEqual([0, '']);
  }

  /** What a caller of orders is answered, and by which versions; those that refuse say nothing of themselves. */
  async function answersTo(caller: Workload): Promise<{ readonly statuses: string[]; readonly versions: string[] }> {
    const report = await caller.load({ url: `http://orders.${namespace}/`, requests: 400, concurrency: 4 });
    return { statuses: Object.keys(report.byStatus), versions: Object.keys(report.byVersion).sort() };
  }

  /** What the service says of its requests, in every rule of the client's proxy that leads to it. */
  async function claimRule(when: string): Promise<void> {
    const { configs = [] } = await (await web.envoy()).configDump('resource=dynamic_route_configs');
    const hosts = configs.flatMap((one: KubeObject) => one.route_config.virtual_hosts).filter((one: KubeObject) => one.name === `orders.${namespace}.svc.cluster.local:80`);
    const rules = hosts.flatMap((one: KubeObject) => one.routes).map((one: KubeObject) => (
      [one.route.timeout, one.response_headers_to_add?.map(({ header }: KubeObject) => `${header.key}: ${header.value}`).join()].join(' ')));
    claimEqual(`${when}: deadline and headers of the rules for orders`, [`${DEADLINE.toSeconds()}s ${MARK.name}: ${MARK.value}`], [...new Set(rules)]);
  }

  async function claimLimits(when: string): Promise<void> {
    const { configs = [] } = await (await web.envoy()).configDump('resource=dynamic_active_clusters');
    for (const { host, subset } of it.versionsOf('orders')) {
      const { cluster: found } = configs.find((one: KubeObject) => one.cluster.name === `outbound|80|${subset}|${host}.${namespace}.svc.cluster.local`);
      const [threshold] = found.circuit_breakers.thresholds;
      const http = found.typed_extension_protocol_options['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'].common_http_protocol_options;
      claimEqual(`${when}, ${subset || host}: connections, requests per connection, retry budget`, Object.values(LIMITS), [
        threshold.max_connections, http.max_requests_per_connection, threshold.retry_budget?.budget_percent?.value,
      ]);
    }
  }

  /** Every proxy of the service knows the hosts of what was declared, and no other of the namespace. */
  async function claimScope(when: string, pods: number): Promise<void> {
    const own = (await cluster.meshedPods()).filter(({ metadata }) => metadata.namespace === namespace && /^orders(-primary)?$/.test(metadata.labels.app));
    const known = await Promise.all(own.map(async (pod) => {
      const names = (await cluster.envoyOf(pod).clusterNames()).map((name) => name.split('|')[3] ?? '').filter((host) => host.includes(`.${namespace}.`));
      return [...new Set(names.map((host) => host.split('.')[0]))].sort().join(' ');
    }));
    claimBetween(`${when}: proxies of orders`, pods, Infinity, known.length);
    claimEqual(`${when}: hosts that each of them knows`, [it.hostsOf('search').join(' ')], [...new Set(known)]);
  }

  test('running services are taken over without a lost request', async () => {
    watch = new CanaryWatch(cluster, web, it.routes ?? VIRTUAL_SERVICES, (object) => it.weightOf(object));
    await Promise.all(DELIVERED.flatMap((name) => it.handedOver.map((field) => handOver(name, field))));
    if (it.appliedFirst !== undefined) {
      await cluster.apply(ofKind(first.yaml(), it.appliedFirst));
      await cluster.settled();
    }
    await cluster.apply(first.yaml());
    // What a GitOps tool prunes, since the manifest no longer holds it.
    await cluster.delete(goneFrom(before.yaml(), first.yaml()));
    await all('taken over', 180_000, (canary) => it.isTakenOver(canary));
    await cluster.settled();
    const seen = await watch.end();
    claimBetween('taking over: requests sent meanwhile', 4000, Infinity, DELIVERED.reduce((sum, name) => sum + seen[name].report.requests, 0));
    for (const name of DELIVERED) {
      claimEqual(`taking ${name} over: requests lost`, {}, seen[name].failed);
    }
  });

  describe('three releases at the same time', () => {
    let seen: Record<Delivered, Seen>;
    let startedMs: number;
    let endedMs: number;
    const outcomes = {} as Record<Delivered, Outcome>;

    test('a new synth on the way disturbs nothing, and what it says holds for both versions', async () => {
      watch = new CanaryWatch(cluster, web, it.routes ?? VIRTUAL_SERVICES, (object) => it.weightOf(object));
      startedMs = Date.now();
      const applied = await cluster.tryApply(second.yaml(), ...it.applyArguments);
      expect([applied.code, applied.stderr]).toEqual([0, '']);
      await until('requests meet the new versions', 120_000, async () => DELIVERED.every((name) => watch!.weights(name).includes(steps[0])), 100);
      if (mesh === undefined) {
        claimEqual('on the way: what an undeclared caller of both versions is answered', { statuses: ['403'], versions: [''] }, await answersTo(stranger));
        await claimLimits('on the way');
        await claimScope('on the way', 2);
      } else {
        await claimRule('on the way');
      }
      await it.applyOnTheWay(later.yaml(), watch);
      await cluster.settled();
      // A caller that was refused before would be so on its open connections, until their proxy has drained them.
      claimEqual(`on the way: what ${mesh ? 'another caller is answered' : 'a caller is answered that has just been declared'}`,
        { statuses: ['200'], versions: ['v1', 'v2'] }, await answersTo(newcomer));
      await all('at their end', 200_000, async (canary) => {
        const outcome = it.outcomeOf(canary);
        if (outcome === 'promoted') {
          endedMs ??= Date.now();
        }
        if (outcome !== undefined) {
          outcomes[canary.metadata.name as Delivered] = outcome;
        }
        return outcome !== undefined;
      });
      await cluster.settled();
      seen = await watch.end();
    });

    test('the good version is promoted step by step to all requests', async () => {
      const { promoteMs = 0 } = second.planOf('orders');
      claimEqual('the good version: how it ended', 'promoted', outcomes.orders ?? 'not');
      claimEqual('the good version: shares in order', [0, ...steps, 0], seen.orders.weights);
      claimShares('orders', seen.orders);
      claimEqual('the good version: requests lost', {}, seen.orders.failed);
      claimBetween('the good version: seconds until it is promoted, as planned and until pods are ready',
        promoteMs / 1000, (promoteMs + intervalMs + PODS_READY_MS) / 1000, (endedMs - startedMs) / 1000);
      claimEqual('the good version: who answers afterwards', ['v2'], await answering('orders'));
    });

    test.each([['5 % errors', 'ledger'], ['slow answers', 'search']] as const)('the version with %s is rolled back', async (what, name) => {
      const { reactMs = 0 } = second.planOf(name);
      claimEqual(`${what}: how it ended`, 'rolled back', outcomes[name] ?? 'not');
      claimEqual(`${what}: shares in order`, [0, steps[0], 0], seen[name].weights);
      claimShares(name, seen[name]);
      claimBetween(`${what}: seconds for which requests met it, as planned`,
        (reactMs - intervalMs / 10) / 1000, (reactMs + intervalMs / 2) / 1000, seen[name].exposedMs / 1000);
      // The engine takes the pods of the bad version away together with its share, so what they had not answered yet may fail for good. Where
      // nobody retries, what the bad version fails by itself does so, too.
      const failed = mesh === undefined ? seen[name].failed : seen[name].lostBeside('v2');
      const lost = Object.values(failed).reduce((sum, count) => sum + count, 0);
      claimBetween(`${what}: requests lost of a thousand${mesh === undefined ? '' : ', but for those that it failed by itself'}`,
        0, 1, 1000 * lost / seen[name].report.requests);
      claimEqual(`${what}: who answers afterwards`, ['v1'], await answering(name));
    });

    test(mesh === undefined ? 'limits, scope and authorization hold afterwards' : 'what the service says of its requests holds afterwards', async () => {
      if (mesh === undefined) {
        await claimLimits('afterwards');
        await claimScope('afterwards', 1);
        claimEqual('afterwards: what an undeclared caller is answered', { statuses: ['403'], versions: [''] }, await answersTo(stranger));
      } else {
        await claimRule('afterwards');
      }
      claimEqual('afterwards: what the new caller is answered', { statuses: ['200'], versions: ['v2'] }, await answersTo(newcomer));
    });
  });

  test('taken out of the program again, the canary leaves a service that goes on', async () => {
    watch = new CanaryWatch(cluster, web, it.routes ?? VIRTUAL_SERVICES, (object) => it.weightOf(object));
    await it.leave(after.yaml(), goneFrom(later.yaml(), after.yaml()));
    await cluster.ready(namespace);
    const seen = await watch.end();
    claimBetween('leaving: requests sent meanwhile', 4000, Infinity, seen.orders.report.requests);
    const lost = Object.values(seen.orders.failed).reduce((sum, count) => sum + count, 0);
    claimBetween('leaving: requests lost of a thousand', 0, 1, 1000 * lost / seen.orders.report.requests);
    claimEqual('leaving: who answers afterwards', ['v2'], await answering('orders'));
  });

  async function answering(name: Delivered): Promise<string[]> {
    return Object.keys((await web.load({ url: `http://${name}.${namespace}/`, requests: 500, concurrency: 4 })).byVersion);
  }
}

function claimShares(name: Delivered, seen: Seen): void {
  for (const weight of seen.weights.filter((one) => one > 0)) {
    const { hits, all } = seen.shareOf('v2', weight);
    claimBetween(`${name} at ${weight} %: requests counted`, 4000, Infinity, all);
    claimShare(`${name} at ${weight} %: share of the new version`, weight / 100, hits, all);
  }
}

function ofKind(manifest: string, wanted: string): string {
  return chosen(manifest, ({ kind }) => kind === wanted);
}

/** The objects of a manifest that another one does not hold. */
function goneFrom(manifest: string, other: string): string {
  const key = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  const kept = new Set(objectsOf(other).map(key));
  return chosen(manifest, (object) => !kept.has(key(object)));
}

function chosen(manifest: string, where: (object: KubeObject) => boolean): string {
  return objectsOf(manifest).filter(where).map((object) => stringify(object)).join('---\n');
}

function objectsOf(manifest: string): KubeObject[] {
  return parseAllDocuments(manifest).map((document) => document.toJS() as KubeObject);
}
