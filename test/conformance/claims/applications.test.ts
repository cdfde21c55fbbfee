/** Bookinfo and Online Boutique run whole: every application makes the calls that its program declares. */
import { readdirSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { build as bookinfo } from '../../../examples/bookinfo/app';
import { build as onlineBoutique } from '../../../examples/online-boutique/app';
import { calleeOf, hostsOf } from '../../../src/model/effective';
import type { CallNode, MeshModel } from '../../../src/model/mesh-model';
import { isHttp } from '../../../src/model/protocol';
import { claimEqual, type RequestSpec, stack, type Workload } from '../stack';
import { redirectPort } from './network';
import { plainPod } from './plain-pod';

const OUTSIDE = 'claims-applications-outside';
const REQUESTS = 100;
const cluster = stack();

/** The examples as `npm run synth` wrote them; what calls whom is read from their programs. */
const APPLICATIONS = [
  { name: 'online-boutique', build: onlineBoutique, entry: 'frontend', driver: cluster.workload('online-boutique', 'loadgenerator') },
  { name: 'bookinfo', build: bookinfo, entry: 'productpage', driver: cluster.workload(OUTSIDE, 'visitor') },
];

/** Pods without a proxy: a client, and what applications call outside the mesh. */
const outside = ['visitor', 'metadata'].map(name => plainPod(OUTSIDE, name, 8080));

beforeAll(async () => {
  await cluster.apply([`{apiVersion: v1, kind: Namespace, metadata: {name: ${OUTSIDE}}}\n`, ...outside].join('---'));
  await cluster.ready(OUTSIDE);
  const [metadata] = await cluster.workload(OUTSIDE, 'metadata').pods();
  await redirectPort(cluster, metadata, 80, 8080);
  await cluster.externalHosts({ 'metadata.google.internal': [metadata.status.podIP] });
});

afterAll(async () => {
  await cluster.drop(OUTSIDE);
  await cluster.externalHosts({});
});

function workloadsOf(model: MeshModel, id: string): Workload[] {
  const service = model.serviceById.get(id);
  return service === undefined ? [cluster.workload(OUTSIDE, 'metadata')]
    : service.versions.map(({ workload }) => cluster.workload(service.namespace!, workload!.name));
}

function requestOf(model: MeshModel, { callee: id, port: number }: CallNode): RequestSpec {
  const callee = calleeOf(model, id)!;
  const port = callee.ports.find(one => one.number === number) ?? callee.ports[0];
  const protocol = port.protocol === 'grpc' ? 'grpc' : port.protocol === 'http2' ? 'http2' : isHttp(port.protocol) ? 'http1' : 'tcp';
  return { url: `http://${hostsOf(callee)[0]}:${port.number}${protocol === 'grpc' ? '/shop.Any/Call' : '/'}`, protocol, timeoutMs: 10_000 };
}

/** Requests that each declared call makes in all for so many requests to the entry. */
function expected(model: MeshModel, entry: string): Record<string, number> {
  const result: Record<string, number> = {};
  const visit = (service: string, requests: number): void => {
    for (const call of model.callsFrom.get(service) ?? []) {
      const edge = `${call.caller} → ${call.callee}`;
      result[edge] = (result[edge] ?? 0) + requests * call.times;
      visit(call.callee, requests * call.times);
    }
  };
  visit(entry, REQUESTS);
  return result;
}

describe.each(APPLICATIONS)('$name', ({ name, build, entry, driver }) => {
  const model = build(new App())._judgement().model;
  const service = model.serviceById.get(`${name}/${entry}`)!;
  const ids = [...model.services, ...model.externals].map(({ id }) => id);

  beforeAll(async () => {
    for (const file of readdirSync(join('dist', name)).filter(one => one.endsWith('.yaml')).sort()) {
      await cluster.applyFile(join('dist', name, file));
    }
    await cluster.ready(name);
  });

  afterAll(() => cluster.drop(name));

  test('every declared call succeeds', async () => {
    const failed: string[] = [];
    let made = 0;
    for (const call of model.calls) {
      for (const from of workloadsOf(model, call.caller)) {
        const { status, body } = await from.request(requestOf(model, call));
        made++;
        if (!['200', 'grpc-0', 'tcp-ok'].includes(status)) {
          failed.push(`${from.name} → ${call.callee}: ${status} ${body}`);
        }
      }
    }
    claimEqual(`${name}: of ${made} calls, every declared one from every version of its caller, failed`, [], failed);
  });

  test('it runs whole', async () => {
    await Promise.all(ids.flatMap(id => {
      const calls = (model.callsFrom.get(id) ?? []).map(call => ({ ...requestOf(model, call), times: call.times }));
      return workloadsOf(model, id).map(async workload => {
        await workload.configure({ calls });
        await workload.resetCounts();
      });
    }));
    const { byStatus } = await driver.load({ url: `http://${service.host}:${service.ports[0].number}/`, requests: REQUESTS, concurrency: 4 });
    claimEqual(`${name}: ${REQUESTS} requests to ${entry}, which makes all its calls, and so do those that it calls`, { 200: REQUESTS }, byStatus);
    const counted: Record<string, number> = {};
    for (const id of ids) {
      for (const { rows } of await Promise.all(workloadsOf(model, id).map(workload => workload.counts()))) {
        rows.forEach(({ from, count }) => counted[`${name}/${from} → ${id}`] = (counted[`${name}/${from} → ${id}`] ?? 0) + count);
      }
    }
    const wanted = { ...expected(model, service.id), [`${name}/${driver.name} → ${service.id}`]: REQUESTS };
    claimEqual(`${name}: requests by caller and callee`, sorted(wanted), sorted(counted));
  });

  test('no proxy rejects its configuration', async () => {
    claimEqual(`${name}: rejected resources of all proxies`, [], await cluster.rejections());
  });
});

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => a.localeCompare(b)));
}
