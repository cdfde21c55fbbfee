/** A synth of 100 services does everything once, however the services are spread over charts. */
import { ApiObject } from 'cdk8s';
import { CHECKS } from '../../src/checks';
import { istio } from '../../src/emit/istio';
import { Layout, program } from '../bench/program';

afterEach(() => jest.restoreAllMocks());

test.each<Layout>(['one-chart', 'chart-a-namespace', 'chart-a-service'])('%s: one model, every check once, every object once', (layout) => {
  const checks = CHECKS.map((check) => jest.spyOn(check, 'run'));
  const bodies = istio.service.filter(({ spec }) => spec !== undefined).map((resource) => jest.spyOn(resource as Required<typeof resource>, 'spec'));
  const reads = jest.spyOn(ApiObject.prototype, 'toJson');
  const { app, mesh } = program(100, layout);
  app.synthYaml();
  expect(mesh._registry.builds).toBe(1);
  expect(checks.map((run) => run.mock.calls.length)).toEqual(CHECKS.map(() => 1));
  const objects = app.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  const kinds = new Set(istio.service.filter(({ spec }) => spec !== undefined).map(({ kind }) => kind));
  const written = objects.filter((object) => mesh.services.some((service) => object.node.scope === service) && kinds.has(object.kind)).length;
  expect(bodies.reduce((sum, spec) => sum + spec.mock.calls.length, 0)).toBe(written);
  // The workloads are the program's own: cdk8s writes each once, and reading what is literal needs no rendering.
  expect(reads.mock.calls.length).toBe(objects.filter(({ kind }) => kind === 'Deployment').length);
});
