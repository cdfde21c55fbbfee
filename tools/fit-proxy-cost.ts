/**
 * Fits what each thing that a proxy is told costs, by least squares over test/conformance/measure/proxy-size.json, and writes
 * src/model/proxy-constants.ts. Relative errors are minimized, so that a small proxy counts as much as a large one.
 */
import { readFileSync, writeFileSync } from 'fs';
import type { Sample } from '../test/conformance/measure/sample';

const FEATURES = ['clusters', 'clusterNames', 'virtualHosts', 'virtualHostNames', 'routes', 'tcpListeners', 'httpPorts', 'endpoints'] as const;
type Feature = (typeof FEATURES)[number] | 'empty' | 'unscoped';

interface Measured {
  readonly versions: Readonly<Record<string, { readonly version: string }>>;
  readonly samples: readonly Sample[];
}

const { versions, samples } = JSON.parse(readFileSync('test/conformance/measure/proxy-size.json', 'utf8')) as Measured;

function value(sample: Sample, feature: Feature): number {
  if (feature === 'empty') {
    return 1;
  }
  // A proxy without a scope also sees what the cluster itself runs, beside the control plane that every proxy sees.
  return feature === 'unscoped' ? Number(!sample.scoped) : sample.view[feature];
}

/** Least squares of relative errors by the normal equations; features that come out below zero are left out, and the rest fitted anew. */
function fit(target: (sample: Sample) => number, features: readonly Feature[]): Record<string, number> {
  const rows = samples.map((sample) => features.map((feature) => value(sample, feature) / target(sample)));
  const size = features.length;
  const matrix = features.map((_, i) => [
    ...features.map((__, j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)), rows.reduce((sum, row) => sum + row[i], 0),
  ]);
  for (let i = 0; i < size; i++) {
    matrix[i][i] *= 1 + 1e-9;
    const pivot = matrix[i].slice();
    for (let k = 0; k < size; k++) {
      const factor = k === i ? 0 : matrix[k][i] / pivot[i];
      matrix[k] = matrix[k].map((cell, j) => cell - factor * pivot[j]);
    }
  }
  const constants = matrix.map((row, i) => row[size] / row[i]);
  const worst = constants.reduce((a, b, i) => b < constants[a] ? i : a, 0);
  if (constants[worst] < 0) {
    return fit(target, features.filter((_, i) => i !== worst));
  }
  return Object.fromEntries(features.map((feature, i) => [feature, Number(constants[i].toPrecision(4))]));
}

function error(target: (sample: Sample) => number, constants: Record<string, number>): string {
  const errors = samples.map((sample) => Math.abs(
    Object.entries(constants).reduce((sum, [feature, cost]) => sum + cost * value(sample, feature as Feature), 0) / target(sample) - 1));
  return `${(100 * Math.max(...errors)).toFixed(1)} %`;
}

const all: Feature[] = ['empty', 'unscoped', ...FEATURES];
const config = fit((sample) => sample.configBytes, all);
const allocated = fit((sample) => sample.allocatedBytes, all);
const empty = samples.filter((sample) => sample.client === 'client-0');
const emptyResident = empty.reduce((sum, sample) => sum + sample.residentBytes, 0) / empty.length;
const beyond = samples.filter((sample) => sample.allocatedBytes - allocated.empty > 2_000_000);
const agent = samples.reduce((sum, sample) => sum + sample.agentBytes, 0) / samples.length;
const resident = beyond.map((sample) => (sample.residentBytes - emptyResident) / (sample.allocatedBytes - allocated.empty));
const median = resident.sort((a, b) => a - b)[Math.floor(resident.length / 2)];

const literal = (record: Record<string, number>): string =>
  [...all].map((feature) => `  ${feature}: ${record[feature] ?? 0},`).join('\n');

writeFileSync('src/model/proxy-constants.ts', `/**
 * What a sidecar costs, fitted on real proxies by tools/fit-proxy-cost.ts: do not edit by hand. ${samples.length} proxies were measured by
 * test/conformance/measure on Istio ${versions.istio.version} with Envoy ${versions.envoy.version}; the worst error of the fit was
 * ${error((sample) => sample.configBytes, config)} of the configuration and ${error((sample) => sample.allocatedBytes, allocated)} of the memory.
 * Bytes for each of what a proxy is told; \`empty\` for a proxy that is told of the control plane alone, \`unscoped\` for what the cluster's
 * own services add to a proxy without a scope.
 */
export const CONFIG_BYTES = Object.freeze({
${literal(config)}
});

/** Memory that Envoy's allocator hands out. */
export const ALLOCATED_BYTES = Object.freeze({
${literal(allocated)}
});

/** Resident memory of an Envoy that is told of the control plane alone, and how much it grows for each byte that the allocator hands out. */
export const EMPTY_RESIDENT_BYTES = ${Math.round(emptyResident / 100_000) * 100_000};
/** Resident memory of the agent beside it, in the same container. */
export const AGENT_RESIDENT_BYTES = ${Math.round(agent / 100_000) * 100_000};
export const RESIDENT_PER_ALLOCATED = ${median.toFixed(2)};
`);
