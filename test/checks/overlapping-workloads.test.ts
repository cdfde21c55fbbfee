import { overlappingWorkloads } from '../../src/checks/overlapping-workloads';
import { Severity } from '../../src/model/finding';
import { existing, found, lines, object, port, service, version, workload } from './model-builder';

test('a service whose labels fit the pods of another one', () => {
  expect(lines(overlappingWorkloads, { services: [service('orders'), service('admin', { podLabels: { app: 'orders' } })] })).toEqual([
    '[shop/admin] shop/admin selects the pods of shop/orders, too (its selector is app=orders, which the pods of Deployment orders carry). '
    + 'Give the two services labels that tell their pods apart.',
  ]);
});

test.each<[string, ReturnType<typeof service>]>([
  ['other labels', service('admin', { podLabels: { app: 'admin' } })],
  ['one more label', service('admin', { podLabels: { app: 'orders', tier: 'admin' } })],
  ['another namespace', service('admin', { podLabels: { app: 'orders' }, namespace: 'other' })],
  ['no port, so no Kubernetes Service', service('admin', { podLabels: { app: 'orders' }, ports: [] })],
])('a service with %s', (_, admin) => {
  expect(found(overlappingWorkloads, { services: [service('orders'), admin] })).toEqual([]);
});

test('pods that a label of their own workload leads to another service', () => {
  const stray = service('stray', { versions: [version('v1', { workload: workload('stray', { pinnedLabels: { app: 'orders' } }) })] });
  expect(found(overlappingWorkloads, { services: [service('orders'), stray] })).toMatchObject([{ construct: 'shop/orders' }]);
});

test('a stray label is told once, however many versions carry it', () => {
  const versions = ['v1', 'v2'].map((name) => version(name, { workload: workload('stray', { pinnedLabels: { app: 'orders' } }) }));
  expect(found(overlappingWorkloads, { services: [service('orders'), service('stray', { versions })] })).toHaveLength(1);
});

test.each([[8081, 0], [8080, 1]])('two ports of one service, for container ports 8080 and %s: %s findings', (containerPort, count) => {
  const ports = [port(80, 'http', { containerPort: 8080 }), port(81, 'http', { containerPort })];
  const findings = found(overlappingWorkloads, { services: [service('orders', { ports, versions: [version('v1')] })] });
  expect(findings.map(({ severity, catalogue }) => [severity, catalogue])).toEqual(Array(count).fill([Severity.WARNING, ['IST0137']]));
});

describe('two services over one workload on purpose', () => {
  const pods = workload('orders', { podLabels: { app: 'orders' } });
  const two = (ports: NonNullable<Parameters<typeof existing>[1]>['ports']) => ({
    services: [
      service('orders', { versions: [version('v1', { workload: pods })] }),
      service('headless', { existingService: existing('headless', { selector: { app: 'orders' }, ports }), versions: [version('v1', { workload: pods })] }),
    ],
  });

  test('agree on their ports', () => {
    expect(found(overlappingWorkloads, two([{ number: 8080, transport: 'TCP' }]))).toEqual([]);
  });

  test('name different ports', () => {
    expect(found(overlappingWorkloads, two([{ number: 9090, transport: 'TCP' }]))).toEqual([]);
  });

  test('disagree on the transport of a port', () => {
    expect([...new Set(found(overlappingWorkloads, two([{ number: 8080, transport: 'UDP', targetPort: 53 }])).flatMap(({ catalogue }) => catalogue))]).toEqual(['IST0116']);
  });

  test('give one container port two numbers', () => {
    expect([...new Set(found(overlappingWorkloads, two([{ number: 80, transport: 'TCP', targetPort: 8080 }])).flatMap(({ catalogue }) => catalogue))]).toEqual(['IST0137']);
  });

  test('are told once', () => {
    expect(found(overlappingWorkloads, two([{ number: 80, transport: 'TCP', targetPort: 8080 }]))).toHaveLength(1);
  });
});

describe('a Service of the program over the pods of a service of the mesh', () => {
  const plain = (ports: object[], rest = {}) => ({
    services: [service('orders', { ports: [port(80, 'http', { containerPort: 8080 })] })],
    objects: [object('Service', 'plain', { body: { spec: { selector: { app: 'orders' }, ports, ...rest } } })],
  });

  test.each<[string, object[], string[]]>([
    ['that agrees', [{ port: 80, targetPort: 8080 }], []],
    ['for another port', [{ port: 9090 }], []],
    ['that gives the container port another number', [{ port: 8080 }], ['IST0137']],
    ['that gives the port another transport', [{ port: 80, targetPort: 53, protocol: 'UDP' }], ['IST0116']],
  ])('%s', (_, ports, catalogue) => {
    expect(found(overlappingWorkloads, plain(ports)).flatMap((finding) => finding.catalogue)).toEqual(catalogue);
  });

  test('that selects nothing', () => {
    expect(found(overlappingWorkloads, plain([{ port: 8080 }], { selector: {} }))).toEqual([]);
  });
});
