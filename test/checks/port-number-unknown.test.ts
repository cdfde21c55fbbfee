import { portNumberUnknown } from '../../src/checks/port-number-unknown';
import { found, lines, port, service, version, workload } from './model-builder';
import { ANYONE, guarded, rule, security } from './security-builder';

const named = { ports: [port(80, 'http', { containerPort: 'web' })] };

test('a port by a name that nobody explains', () => {
  expect(lines(portNumberUnknown, { services: [guarded('orders', { ...named, podLabels: { app: 'orders' } })] })).toEqual([
    '[shop/orders] port 80 of shop/orders leads to the container port called web, and nothing says its number (its pods are made outside this '
    + 'program). Hand over the workload whose container has the port, or number it in the Service\'s targetPort.',
  ]);
  expect(found(portNumberUnknown, { services: [guarded('orders', named)] })).toMatchObject([{ evidence: 'no container of its workloads has a port of that name' }]);
  expect(found(portNumberUnknown, { services: [service('orders', { ...named, security: security({ deny: [rule(ANYONE)] }) })] })).toHaveLength(1);
});

test('names that a container explains, numbers, and services without rules', () => {
  const known = [version('v1', { workload: workload('orders', { containers: [{ name: 'main', image: 'a:1', ports: [{ name: 'web', number: 8080 }] }] }) })];
  expect(found(portNumberUnknown, { services: [guarded('orders', { ...named, versions: known }), guarded('web'), service('open', named)] })).toEqual([]);
});
