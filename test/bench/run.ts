/**
 * One measurement in a process of its own, so that memory and warm-up of one do not colour another:
 * `node .cache/bench/run.js MODE SERVICES LAYOUT PROVIDER FOLDER [secured]` prints CPU time and peak memory as JSON.
 *
 * ours     the program with this library
 * fast     the same with FastYaml
 * write    as ours, and keeps the objects that come out for the other modes
 * floor    the same objects as literal ApiObjects of cdk8s
 * l1       the same objects through the classes that `cdk8s import` generates
 * limit    the same objects through the YAML writer alone
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { FastYaml, Mesh, MeshProvider } from 'cdk8s-mesh';
import type { MeshModel } from '../../src/model/mesh-model';
import { classOf, propsOf } from './l1';
import { callsOf, Layout, Options, program } from './program';

const [mode, size, layout, providerName, folder, secured] = process.argv.slice(2) as [string, string, Layout, string, string, string?];
const services = Number(size);
const kept = join(folder, 'objects.json');

export interface Kept {
  readonly chart: string;
  readonly objects: readonly { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } }[];
}

/** The provider is a factory of `MeshProvider`, by its name. */
function options(outdir?: string): Options {
  const provider = (MeshProvider as unknown as Record<string, () => MeshProvider>)[providerName]();
  return { provider, outdir, common: providerName !== 'istio', secured: secured !== undefined };
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const phases: Record<string, number> = {};

function timed<A extends unknown[], T>(name: string, work: (...args: A) => T): (...args: A) => T {
  return (...args) => {
    const before = cpu();
    const result = work(...args);
    phases[name] = (phases[name] ?? 0) + cpu() - before;
    return result;
  };
}

/** Tells model, what is added to pods, checks and YAML of one synth apart. */
function synth(app: App, mesh?: Mesh): void {
  if (mesh !== undefined) {
    const { around } = mesh._registry as unknown as { around: { judge: (model: MeshModel) => unknown } };
    const members = mesh._members as unknown as { snapshot: (revision: number) => MeshModel; join: (model: MeshModel) => void };
    members.snapshot = timed('model', members.snapshot.bind(members));
    members.join = timed('pods', members.join.bind(members));
    around.judge = timed('checks', around.judge);
  }
  Yaml.save = timed('YAML', Yaml.save.bind(Yaml));
  timed('synth', () => app.synth())();
  phases.cdk8s = phases.synth - phases.YAML - (phases.model ?? 0) - (phases.pods ?? 0) - (phases.checks ?? 0);
  delete phases.synth;
}

function literals(loaded: readonly Kept[], add: (scope: Chart, id: string, object: Kept['objects'][number]) => void): App {
  const app = new App({ outdir: join(folder, mode) });
  for (const { chart, objects } of loaded) {
    const scope = new Chart(app, chart);
    objects.forEach((object, index) => add(scope, `o${index}`, object));
  }
  return app;
}

const loaded = ['floor', 'l1', 'limit'].includes(mode) ? JSON.parse(readFileSync(kept, 'utf8')) as Kept[] : [];
// Loaded before the clock starts, as every import is.
if (mode === 'l1') {
  loaded.forEach(({ objects }) => objects.forEach(classOf));
}
if (mode === 'ours' || mode === 'fast') {
  void program(1, layout, options()).mesh.findings;
}
// Whoever writes a program knows who calls whom.
const calls = mode === 'ours' || mode === 'fast' ? callsOf(services) : [];
if (mode === 'fast' && !FastYaml.use()) {
  throw new Error('this version of cdk8s writes in another way than FastYaml');
}
const start = cpu();
switch (mode) {
  case 'ours':
  case 'fast': {
    const { app, mesh } = timed('construct', () => program(services, layout, { ...options(join(folder, mode)), calls }))();
    synth(app, mesh);
    break;
  }
  case 'write': {
    const { app } = program(services, layout, options());
    const charts = app.charts.map((chart): Kept => ({ chart: chart.node.id, objects: chart.toJson() as Kept['objects'] }));
    writeFileSync(kept, JSON.stringify(charts));
    break;
  }
  case 'floor': {
    // The objects are literal, the order of their keys and their namespaces included.
    process.env.CDK8S_DISABLE_SORT = 'true';
    synth(timed('construct', () => literals(loaded, (scope, id, object) => new ApiObject(scope, id, object)))());
    break;
  }
  case 'l1': {
    synth(timed('construct', () => literals(loaded, (scope, id, object) => new (classOf(object))(scope, id, propsOf(object))))());
    break;
  }
  case 'limit': {
    loaded.forEach(({ chart, objects: literal }) => Yaml.save(join(folder, `${chart}.yaml`), [...literal]));
    break;
  }
  default:
    throw new Error(`no such mode: ${mode}`);
}
console.log(JSON.stringify({
  objects: loaded.reduce((sum, chart) => sum + chart.objects.length, 0),
  cpuMs: Math.round(cpu() - start),
  // Of this program alone: what getrusage tells begins with the size of the process that started it.
  peakMiB: Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024),
  phases: Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, Math.round(ms)])),
}));
