import { writeFileSync } from 'fs';
import { versions } from '../stack';
import { Sample, samples } from './sample';
import { Shape } from './scenario';

const PLAIN: Shape = { services: 10, tcpEvery: 0, versionsEvery: 0, routesEvery: 0, ports: 1, nameLength: 12, namespaces: 1, endpoints: 2 };

/** Shapes that differ in one thing at a time, so that each constant shows, and in size. */
const SHAPES: readonly [Shape, readonly (number | 'all')[]][] = [
  [PLAIN, [0, 1, 10, 'all']],
  [{ ...PLAIN, services: 100 }, [0, 10, 50, 'all']],
  [{ ...PLAIN, services: 100, nameLength: 40, namespaces: 5 }, [20, 'all']],
  [{ ...PLAIN, services: 100, tcpEvery: 2 }, [20, 'all']],
  [{ ...PLAIN, services: 100, versionsEvery: 1 }, [20, 'all']],
  [{ ...PLAIN, services: 100, routesEvery: 1 }, [20, 'all']],
  [{ ...PLAIN, services: 100, ports: 50 }, [20, 'all']],
  [{ ...PLAIN, services: 100, endpoints: 10 }, [20, 'all']],
  [{ ...PLAIN, services: 400, tcpEvery: 5, versionsEvery: 4, routesEvery: 3, ports: 10, namespaces: 4, endpoints: 3 }, [1, 100, 'all']],
  [{ ...PLAIN, services: 1000 }, [1, 10, 200, 'all']],
];

test('proxies are measured', async () => {
  const all: Sample[] = [];
  for (const [shape, reaches] of SHAPES) {
    all.push(...await samples(shape, reaches));
    writeFileSync('test/conformance/measure/proxy-size.json', `${JSON.stringify({ versions: versions(), samples: all }, undefined, 1)}\n`);
  }
  expect(all.length).toBe(SHAPES.reduce((sum, [, reaches]) => sum + reaches.length, 0));
}, 1_800_000);
