import { portNotExposed } from '../../src/checks/port-not-exposed';
import { Severity } from '../../src/model/finding';
import { existing, found, lines, port, service, version, workload } from './model-builder';

function pods(...ports: { name?: string; number: number }[]) {
  return [version('v1', { workload: workload('orders', { containers: [{ name: 'a', image: 'a', ports: [] }, { name: 'b', image: 'b', ports }] }) })];
}

test('a number that no container exposes', () => {
  expect(lines(portNotExposed, { services: [service('orders', { ports: [port(80, 'http', { containerPort: 8008 })], versions: pods({ number: 8080, name: 'http' }) })] })).toEqual([
    '[shop/orders] port 80 of shop/orders leads to container port 8008, which no container of Deployment orders exposes (its containers expose 8080 (http)). '
    + 'Correct the container port of the MeshPort, or declare the port on the container.',
  ]);
});

test.each([[8080, 0], [8081, 1]])('container port %s: %s findings', (containerPort, count) => {
  expect(found(portNotExposed, { services: [service('orders', { ports: [port(80, 'http', { containerPort })], versions: pods({ number: 8080 }) })] })).toHaveLength(count);
});

test.each([['http', 0], ['web', 1]])('target port %s of an existing Service: %s findings', (targetPort, count) => {
  const existingService = existing('orders', { ports: [{ number: 80, targetPort, transport: 'TCP' }] });
  const findings = found(portNotExposed, { services: [service('orders', { existingService, versions: pods({ number: 8080, name: 'http' }) })] });
  expect(findings.map(({ severity }) => severity)).toEqual(Array(count).fill(Severity.ERROR));
});

test('an existing port without a target is its own target', () => {
  const at = (number: number) => found(portNotExposed, { services: [service('orders', { existingService: existing('orders', { ports: [{ number, transport: 'TCP' }] }), versions: pods({ number: 8080 }) })] });
  expect(at(8080)).toEqual([]);
  expect(at(80)).toMatchObject([{ severity: Severity.WARNING }]);
});

test('containers that declare no port at all', () => {
  expect(found(portNotExposed, { services: [service('orders', { versions: pods() })] })).toMatchObject([{ evidence: 'its containers declare no port' }]);
});

test('pods from elsewhere, and workloads that cannot be read', () => {
  expect(found(portNotExposed, { services: [service('orders', { podLabels: { app: 'x' } })] })).toEqual([]);
  const versions = [version('v1', { workload: workload('orders', { containers: [], unreadable: 'no container' }) })];
  expect(found(portNotExposed, { services: [service('orders', { versions })] })).toEqual([]);
});
