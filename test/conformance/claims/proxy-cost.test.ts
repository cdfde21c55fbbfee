/** The size of a proxy, predicted and measured, for meshes that the constants were not fitted on. */
import { ALLOCATED_BYTES } from '../../../src/model/proxy-constants';
import { sidecarSize } from '../../../src/model/proxy-figures';
import { Sample, samples } from '../measure/sample';
import { Shape } from '../measure/scenario';
import { claimBetween } from '../stack';

/** Shapes that the constants were not fitted on: other names, ports, routes, versions and numbers of pods, mixed. */
const MIXED: Shape = { services: 10, tcpEvery: 3, versionsEvery: 5, routesEvery: 2, ports: 3, nameLength: 21, namespaces: 2, endpoints: 4 };

describe.each<[Shape, (number | 'all')[]]>([
  [MIXED, [0, 4, 'all']],
  [{ ...MIXED, services: 100, nameLength: 27, namespaces: 3, endpoints: 1 }, [0, 12, 'all']],
  [{ ...MIXED, services: 1000, tcpEvery: 7, versionsEvery: 3, ports: 6, namespaces: 8, endpoints: 3 }, [0, 25, 'all']],
])('proxies among services %j', (shape, reaches) => {
  let measured: Sample[] = [];
  beforeAll(async () => {
    measured = await samples(shape, reaches);
  }, 600_000);

  test.each(reaches.slice(1))('with %s of them in sight', (reach) => {
    const sample = measured.find(({ client }) => client === `client-${reach}`)!;
    const empty = measured.find(({ client }) => client === 'client-0')!;
    const predicted = sidecarSize(sample.view, sample.scoped);
    const what = `${shape.services} services, ${reach === 'all' ? 'unscoped' : `scoped to ${reach}`}`;
    const within = (name: string, expected: number, value: number): void => claimBetween(`${what}: ${name}, predicted ${expected} ± 15 %`,
      Math.round(expected * 0.85), Math.round(expected * 1.15), value, 'bytes');
    within('configuration', Math.round(predicted.configBytes), sample.configBytes);
    within('memory beyond an empty proxy', Math.round(predicted.beyondEmptyBytes), sample.allocatedBytes - empty.allocatedBytes);
  });

  test('a proxy that is told of nothing', () => {
    const empty = measured.find(({ client }) => client === 'client-0')!;
    claimBetween(`${shape.services} services, none in sight: memory`, ALLOCATED_BYTES.empty * 0.85, ALLOCATED_BYTES.empty * 1.15, empty.allocatedBytes, 'bytes');
  });
});
