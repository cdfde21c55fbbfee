import { containerPorts } from '../../src/model/container-ports';
import { aService, aVersion, aWorkload } from '../emit/model';

const pods = (number: number, name?: string) => aWorkload({ containers: [{ name: 'app', image: 'app:1', ports: [{ name, number }] }] });

test('a number stands for itself', () => {
  expect(containerPorts(aService('orders'), { containerPort: 8080 })).toEqual([8080]);
});

test('a name is looked up in the pods of every version, each number once', () => {
  const versions = [pods(8080, 'web'), pods(9090, 'web'), pods(8080, 'web'), pods(7070, 'other')].map((workload, n) => aVersion(`v${n}`, { workload }));
  expect(containerPorts(aService('orders', { versions }), { containerPort: 'web' })).toEqual([8080, 9090]);
});

test('a name that no container has is unknown', () => {
  expect(containerPorts(aService('orders', { versions: [aVersion('v1', { workload: pods(8080) }), aVersion('v2')] }), { containerPort: 'web' })).toEqual([]);
});
