import { readFileSync } from 'fs';
import { Cluster } from './cluster';
import { STATE_VARIABLE } from './state';

export { AMBIENT_REVISION, AmbientControlPlane } from './ambient';
export { Cluster } from './cluster';
export * from './behavior';
export * from './chance';
export * from './claims';
export { Delivery, type Engine, PROMETHEUS_URL } from './delivery';
export { Envoy } from './envoy';
export type { KubeObject } from './kubernetes';
export { LoadReport, type LoadCell, type LoadSpec } from './load';
export { pause, until } from './process';
export { versions } from './versions';
export { Workload, type Counts, type CountRow, type ResponseSpec, type SeenRequest } from './workload';

let cluster: Cluster | undefined;

/**
 * The stack that this run of jest started, shared by all its test files; each uses Kubernetes namespaces of its own.
 * @throws outside `npm run conformance`
 */
export function stack(): Cluster {
  const file = process.env[STATE_VARIABLE];
  if (!file) {
    throw new Error('no stack is running: start the tests with `npm run conformance`, which starts it');
  }
  cluster ??= new Cluster(JSON.parse(readFileSync(file, 'utf8')));
  return cluster;
}
