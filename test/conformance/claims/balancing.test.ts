/** Which pod gets the next request. */
import { Duration } from 'cdk8s';
import { FindingCode, HashKey, LoadBalancing, MeshService } from '../../../src';
import { claim, claimBetween, claimEqual, claimShare, type LoadReport, type LoadSpec, stack, until } from '../stack';
import { HTTP, ONE_WORKER, Program } from './program';
import { endpoints } from './proxies';

const NAMESPACE = 'claims-balancing';
const cluster = stack();
const [web, sticky, warming] = ['web', 'sticky', 'warming'].map(name => cluster.workload(NAMESPACE, name));

function program(): Program {
  const it = new Program(NAMESPACE).accept('each balances the same pods otherwise', FindingCode.OVERLAPPING_WORKLOADS);
  const client = it.client('web', { annotations: ONE_WORKER });
  const own = it.service('sticky', { pods: { replicas: 3 }, loadBalancing: LoadBalancing.consistentHash(HashKey.header('x-session')) });
  const others: Record<string, LoadBalancing> = {
    'by-table': LoadBalancing.consistentHash(HashKey.header('x-session'), { maglevTableSize: 1009 }),
    'by-cookie': LoadBalancing.consistentHash(HashKey.cookie('visit', { ttl: Duration.hours(1) })),
    'by-query': LoadBalancing.consistentHash(HashKey.query('session')),
    'by-address': LoadBalancing.consistentHash(HashKey.sourceIp()),
    'in-turn': LoadBalancing.roundRobin(),
    'any': LoadBalancing.random(),
    'least-busy': LoadBalancing.leastRequest(),
  };
  const shared = Object.entries(others).map(([name, loadBalancing]) => new MeshService(it.chart, name, {
    mesh: it.mesh, ports: [HTTP], podLabels: { app: 'sticky' }, loadBalancing,
  }));
  const slow = it.service('warming', { loadBalancing: LoadBalancing.roundRobin({ warmUp: Duration.seconds(10) }) });
  [own, ...shared, slow].forEach(callee => client.calls(callee));
  return it;
}

beforeAll(() => program().start(cluster));
afterAll(() => cluster.drop(NAMESPACE));

const load = (service: string, spec: Partial<LoadSpec> = {}) => web.load({ url: `http://${service}.${NAMESPACE}/`, ...spec });
const KEYS = Array.from({ length: 100 }, (_, i) => `session-${i}`);

/** The pod or pods that answered each key. */
function podsByKey(report: LoadReport): Map<string, string[]> {
  return new Map(KEYS.map(key => [key, Object.keys(report.by('pod', cell => cell.variant === key))]));
}

/** How many keys went to more than one pod, and to how many pods the keys went. */
function stickiness(report: LoadReport): [number, number] {
  const pods = podsByKey(report);
  return [[...pods.values()].filter(one => one.length !== 1).length, new Set([...pods.values()].flat()).size];
}

const byHeader: Partial<LoadSpec> = { vary: { header: 'x-session', values: KEYS }, requests: 1000, concurrency: 4 };

test('consistent hashing', async () => {
  claimEqual('by header, a ring: of 100 keys, 10 requests each, those with several pods; pods in use', [0, 3], stickiness(await load('sticky', byHeader)));
  claimEqual('by header, a Maglev table: of 100 keys those with several pods; pods in use', [0, 3], stickiness(await load('by-table', byHeader)));
  const queries = await Promise.all(KEYS.map(key => load('by-query', { url: `http://by-query.${NAMESPACE}/?session=${key}`, requests: 3 })));
  claimEqual('by query parameter: of 100 keys, 3 requests each, those with several pods', 0, queries.filter(({ byPod }) => Object.keys(byPod).length > 1).length);
  claimEqual('pods in use', 3, new Set(queries.flatMap(({ byPod }) => Object.keys(byPod))).size);
  claimEqual('by address: pods that answer 100 requests of one client', 1, Object.keys((await load('by-address', { requests: 100, freshConnections: true })).byPod).length);
});

test('a cookie that the proxy sets', async () => {
  const visits = await Promise.all(Array.from({ length: 60 }, async () => {
    const first = await web.request({ url: `http://by-cookie.${NAMESPACE}/` });
    const cookie = first.headers?.['set-cookie'] ?? '';
    const { byPod } = await load('by-cookie', { headers: { cookie: cookie.split(';')[0] }, requests: 5 });
    return { cookie, kept: Object.keys(byPod).join() === first.server.pod, pod: first.server.pod };
  }));
  claim('its name and age', 'visit=…; Max-Age=3600', visits[0].cookie, visits.every(({ cookie }) => /^visit="?[^;]+"?; Max-Age=3600/.test(cookie)));
  claimEqual('of 60 clients without a cookie: those that later requests lead to another pod', 0, visits.filter(({ kept }) => !kept).length);
  claimEqual('pods in use', 3, new Set(visits.map(({ pod }) => pod)).size);
});

test('in turn', async () => {
  const { byPod } = await load('in-turn', { requests: 300 });
  claimEqual('round robin over three pods: of 300 requests', [100, 100, 100], Object.values(byPod));
});

test('any', async () => {
  const { byPod, requests } = await load('any', { requests: 40_000, concurrency: 16 });
  Object.values(byPod).forEach((count, i) => claimShare(`at random over three pods, each draw on its own: share of pod ${i + 1}`, 1 / 3, count, requests));
});

test('the less busy one of two', async () => {
  const [slow] = await sticky.pods();
  await cluster.workload(NAMESPACE, slow.metadata.name).configure({ rules: [{ delayMs: 500 }] });
  const shareOfSlow = async (service: string) => {
    const { byPod, requests } = await load(service, { requests: 600, concurrency: 12 });
    return (byPod[slow.metadata.name] ?? 0) / requests * 100;
  };
  claimBetween('one of three pods is slow, 12 requests at a time: its share in turn', 33, 34, await shareOfSlow('in-turn'), '%');
  // Both that are drawn are busier only rarely: it gets the requests for which no other one was drawn, while it is no busier.
  claimBetween('and its share with the less busy one of two', 0, 20, await shareOfSlow('least-busy'), '%');
  await sticky.configure({});
});

test('a pod that goes', async () => {
  const many: Partial<LoadSpec> = { vary: { header: 'x-session', values: Array.from({ length: 1000 }, (_, i) => `session-${i}`) }, requests: 1000, concurrency: 4 };
  const podOf = async () => {
    const report = await load('sticky', many);
    return many.vary!.values.map(key => Object.keys(report.by('pod', cell => cell.variant === key))[0]);
  };
  const before = await podOf();
  await cluster.kubernetes.merge(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/sticky`, { spec: { replicas: 2 } });
  const host = `sticky.${NAMESPACE}.svc.cluster.local`;
  await until('the proxy knows of two endpoints', 30_000, async () => Object.keys(await endpoints(web, host)).length === 2);
  const left = (await sticky.pods()).map(pod => pod.metadata.name);
  const after = await podOf();
  const stayed = before.map((pod, i) => ({ pod, moved: pod !== after[i] })).filter(({ pod }) => left.includes(pod));
  const moved = stayed.filter(one => one.moved).length;
  // The ring keeps its size, so that each pod that stays gets more places on it, and with them a sixth of these keys.
  // Without a ring half of them would move.
  claim('one of three pods goes: share of the other pods\' keys that move', 'less than 25 %', `${moved} of ${stayed.length}`, moved < stayed.length / 4);
});

test('warm-up', async () => {
  const [old] = await warming.pods();
  const running = load('warming', { rate: 100, durationMs: 24_000, bucketMs: 500 });
  await cluster.kubernetes.merge(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/warming`, { spec: { replicas: 2 } });
  const report = await running;
  const isNew = (pod: string) => pod !== old.metadata.name;
  const start = Math.min(...Object.keys(report.by('bucket', cell => isNew(cell.pod))).map(Number));
  const share = (from: number, to: number) => {
    const within = (bucket: number) => bucket >= start + from * 2 && bucket < start + to * 2;
    return report.count(cell => within(cell.bucket) && isNew(cell.pod)) / report.count(cell => within(cell.bucket)) * 100;
  };
  // Its weight grows from a tenth to that of the old one over 10 s: a share of 9 % at first, 23 % after 3 s, 50 % in the end.
  claimBetween('a new pod beside an old one, warm-up 10 s: its share in the first 3 s', 5, 25, share(0, 3), '%');
  claimBetween('after 4 to 7 s', 25, 45, share(4, 7), '%');
  claimBetween('after 11 s', 47, 53, share(11, 13), '%');
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
