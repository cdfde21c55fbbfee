/**
 * What the proxies of a whole mesh are told and need, with the scopes that this library writes and without: the program of the bench on the real
 * control plane. Its services have endpoints, and some of them, drawn at random, a pod with a real proxy; the sum over all pods is that of the
 * prediction, corrected by what the drawn proxies took.
 */
import { writeFileSync } from 'fs';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { EgressScope, Mesh, MeshNamespace, MeshService } from '../../../src';
import { meshProxyCost, ServiceProxyCost } from '../../../src/model/proxy-cost';
import { sidecarSize } from '../../../src/model/proxy-figures';
import { ProxyViews } from '../../../src/model/proxy-view';
import { program } from '../../bench/program';
import { random } from '../../bench/trace-graph';
import { pause, stack, versions } from '../stack';

const SIZES = [100, 1000];
const DRAWN = 20;
/** Two proxies without a scope: they differ in nothing, and are large. */
const WATCHERS = ['watcher-a', 'watcher-b'];

interface Measured {
  readonly configBytes: number;
  readonly memoryBytes: number;
}

export interface MeshCost {
  readonly services: number;
  readonly pods: number;
  /** Measured over predicted, of each drawn proxy, from the least to the most. */
  readonly configRatios: readonly number[];
  readonly memoryRatios: readonly number[];
  /** Of all pods: the prediction, and the prediction times the measured over the predicted sum of the drawn ones. */
  readonly configMiB: { readonly predicted: number; readonly measured: number };
  readonly memoryGiB: { readonly predicted: number; readonly measured: number };
  /** All pods times a proxy without scope. */
  readonly unscopedConfigMiB: { readonly predicted: number; readonly measured: number };
  readonly unscopedMemoryGiB: { readonly predicted: number; readonly measured: number };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Services with proxies, drawn at random; those of two versions have a pod of each. */
function drawn(services: number): Set<number> {
  const draw = random(services);
  const found = new Set<number>();
  while (found.size < DRAWN) {
    found.add(Math.floor(draw() * services));
  }
  return found;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly ports: readonly { readonly name: string }[] };
}

/** Endpoints that nobody runs: three a version, by the ports of each Service that the program wrote. */
function slices(chart: Chart, manifests: readonly Manifest[]): void {
  manifests.filter(({ kind }) => kind === 'Service').forEach(({ metadata: { name, namespace }, spec }, index) => {
    new ApiObject(chart, `${name}-endpoints`, {
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
      metadata: { name: `${name}-made`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: Array.from({ length: Number(/\d+/.exec(name)?.[0]) % 10 === 1 ? 6 : 3 }, (_, pod) => {
        const address = index * 6 + pod;
        return { addresses: [`10.77.${Math.floor(address / 250) % 250}.${address % 250 + 1}`], conditions: { ready: true } };
      }),
      ports: spec.ports.map((port) => ({ name: port.name, port: 8000, protocol: 'TCP' })),
    });
  });
}

async function measured(name: string, namespace: string): Promise<Measured> {
  const cluster = stack();
  const [pod] = (await cluster.meshedPods()).filter(({ metadata }) => metadata.namespace === namespace && metadata.name.startsWith(`${name}-`));
  const envoy = cluster.envoyOf(pod);
  const { resident, agent } = await envoy.memory();
  return { configBytes: await envoy.configBytes(), memoryBytes: resident + agent };
}

async function meshCost(services: number): Promise<MeshCost> {
  const cluster = stack();
  const some = drawn(services);
  const { app, mesh } = program(services, 'one-chart', { pods: (index) => some.has(index), replicas: 1 });
  watchers(app, mesh);
  const manifests = app.charts.flatMap((chart) => chart.toJson()) as Manifest[];
  const endpoints = new Chart(new App(), 'endpoints');
  slices(endpoints, manifests);
  const namespaces = mesh._members.namespaces.map(({ _declaration: { name } }) => name);
  try {
    // Pods last: a proxy that is there before its scope is told of the whole mesh, and Envoy keeps the memory.
    const pods = (manifest: Manifest): boolean => manifest.kind === 'Deployment';
    await cluster.apply(Yaml.stringify(...manifests.filter((one) => !pods(one)), ...endpoints.toJson() as object[]));
    await cluster.apply(Yaml.stringify(...manifests.filter(pods)));
    await cluster.ready(...namespaces);
    await pause(5000);
    // The same with the pods of the bench, three a version.
    const model = program(services, 'one-chart').mesh._members.model(0);
    const { services: costs, memoryBytes } = meshProxyCost(model);
    const count = sum(costs.map((cost) => cost.pods));
    const proxies = await Promise.all([...some].map(async (index): Promise<[ServiceProxyCost, Measured]> => {
      const cost = costs.find(({ service }) => service.name === `s${index}`)!;
      return [cost, await measured(cost.service.name, cost.service.namespace!)];
    }));
    const unscoped = sidecarSize(new ProxyViews(model).unscoped(), false);
    const watching = await Promise.all(WATCHERS.map((name) => measured(name, 'watchers')));
    const of = (unit: number, predicted: number, alike: readonly (readonly [number, number])[]) => ({
      predicted: Math.round(predicted / unit * 10) / 10,
      measured: Math.round(predicted * sum(alike.map(([real]) => real)) / sum(alike.map(([, one]) => one)) / unit * 10) / 10,
    });
    const configs = proxies.map(([cost, real]) => [real.configBytes, cost.proxy.configBytes] as const);
    const memories = proxies.map(([cost, real]) => [real.memoryBytes, cost.proxy.memoryBytes] as const);
    const ratios = (alike: readonly (readonly [number, number])[]) => alike.map(([real, one]) => Math.round(real / one * 1000) / 1000)
      .sort((a, b) => a - b);
    return {
      services, pods: count,
      configRatios: ratios(configs), memoryRatios: ratios(memories),
      configMiB: of(2 ** 20, sum(costs.map((cost) => cost.pods * cost.proxy.configBytes)), configs),
      memoryGiB: of(2 ** 30, memoryBytes, memories),
      unscopedConfigMiB: of(2 ** 20, count * unscoped.configBytes, watching.map((real) => [real.configBytes, unscoped.configBytes])),
      unscopedMemoryGiB: of(2 ** 30, count * unscoped.memoryBytes, watching.map((real) => [real.memoryBytes, unscoped.memoryBytes])),
    };
  } finally {
    await cluster.drop(...namespaces);
  }
}

function watchers(app: App, mesh: Mesh): void {
  const chart = new Chart(app, 'watchers', { namespace: 'watchers' });
  new MeshNamespace(chart, 'namespace', { mesh, name: 'watchers' });
  for (const name of WATCHERS) {
    const pods = new ApiObject(chart, `${name}-pods`, {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: { 'cdk8s-mesh/test': name } },
        template: { metadata: { labels: { 'cdk8s-mesh/test': name } }, spec: { containers: [{ name: 'app', image: 'application' }] } },
      },
    });
    new MeshService(chart, name, { mesh, workload: pods, egress: EgressScope.everything() });
  }
}

test('whole meshes are measured', async () => {
  const meshes: MeshCost[] = [];
  for (const size of SIZES) {
    meshes.push(await meshCost(size));
    writeFileSync('test/conformance/measure/mesh-cost.json', `${JSON.stringify({ versions: versions(), drawn: DRAWN, meshes }, undefined, 1)}\n`);
  }
  expect(meshes.map(({ services }) => services)).toEqual(SIZES);
}, 1_800_000);
