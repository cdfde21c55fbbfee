/**
 * One measurement in a process of its own, so that memory and warm-up of one do not colour another:
 * `tsx test/bench/run.ts MODE SERVICES LAYOUT FOLDER` prints CPU time and peak memory as JSON.
 *
 * ours    the program with this library
 * write   as ours, and keeps the objects that come out for the other two modes
 * floor   the same objects as literal ApiObjects of cdk8s
 * limit   the same objects through the YAML writer alone
 */
import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { judge } from '../../src/checks';
import { Layout, program } from './program';

const [mode, size, layout, folder] = process.argv.slice(2) as [string, string, Layout, string];
const services = Number(size);
const kept = join(folder, 'objects.json');

interface Kept {
  readonly chart: string;
  readonly objects: readonly { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } }[];
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const phases: Record<string, number> = {};

function phase<T>(name: string, work: () => T): T {
  const before = cpu();
  const result = work();
  phases[name] = Math.round(cpu() - before);
  return result;
}

const loaded = mode === 'floor' || mode === 'limit' ? JSON.parse(readFileSync(kept, 'utf8')) as Kept[] : [];
const start = cpu();
switch (mode) {
  case 'ours': {
    const { app } = program(services, layout, { outdir: join(folder, 'ours') });
    app.synth();
    break;
  }
  case 'phases': {
    const { app, mesh } = phase('construct', () => program(services, layout, { outdir: join(folder, 'phases') }));
    const model = phase('model', () => mesh._members.model(0));
    phase('checks', () => judge(model));
    const charts = phase('validate, resolve and emit', () => app.charts.map((chart) => chart.toJson() as object[]));
    phase('YAML', () => charts.forEach((chart, index) => Yaml.save(join(folder, `${index}.yaml`), chart)));
    break;
  }
  case 'write': {
    const { app } = program(services, layout);
    const charts = app.charts.map((chart): Kept => ({ chart: chart.node.id, objects: chart.toJson() as Kept['objects'] }));
    writeFileSync(kept, JSON.stringify(charts));
    break;
  }
  case 'floor': {
    const app = new App({ outdir: join(folder, 'floor') });
    // The objects are literal, the order of their keys and their namespaces included.
    process.env.CDK8S_DISABLE_SORT = 'true';
    for (const { chart, objects: literal } of loaded) {
      const scope = new Chart(app, chart);
      literal.forEach((object, index) => new ApiObject(scope, `o${index}`, object));
    }
    app.synth();
    break;
  }
  case 'limit': {
    loaded.forEach(({ chart, objects: literal }) => Yaml.save(join(folder, `${chart}.yaml`), [...literal]));
    break;
  }
  default:
    throw new Error(`no such mode: ${mode}`);
}
const objects = loaded.reduce((sum, chart) => sum + chart.objects.length, 0);
console.log(JSON.stringify({
  mode, services, layout, objects, cpuMs: Math.round(cpu() - start), peakMiB: Math.round(process.resourceUsage().maxRSS / 1024), phases,
}));
