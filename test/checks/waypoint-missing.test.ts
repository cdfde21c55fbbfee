import { waypointMissing } from '../../src/checks/waypoint-missing';
import { Severity } from '../../src/model/finding';
import { ambient } from './ambient-builder';
import { existing, external, found, lines, object, port, retry, service } from './model-builder';
import { security, token } from './security-builder';

test('waypoints that are not allowed are named with what asks for one', () => {
  const parts = {
    mesh: ambient({ waypoints: 'never' }),
    services: [service('orders', { retry: retry(1), security: security({ tokens: [token()] }) }), service('plain')],
    externals: [external('pay', { originateTls: true, ports: [port(80)] }), external('plain')],
  };
  expect(lines(waypointMissing, parts)).toEqual([
    '[shop/orders] shop/orders needs a waypoint, and the provider has Waypoints.never() (only a waypoint can do: retry and required token). '
    + 'Say Waypoints.whereNeeded(), or take these wishes away.',
    '[shop/pay] shop/pay needs a waypoint, and the provider has Waypoints.never() (only a waypoint can do: TLS for plain requests). '
    + 'Say Waypoints.whereNeeded(), or take these wishes away.',
  ]);
  expect(found(waypointMissing, { ...parts, mesh: ambient() })).toEqual([]);
  expect(found(waypointMissing, { ...parts, mesh: ambient({ waypoints: 'never', sidecarNamespaces: ['shop'] }) })).toEqual([]);
  expect(found(waypointMissing, { ...parts, mesh: {} })).toEqual([]);
});

test('nothing leads from a headless service to a waypoint', () => {
  expect(found(waypointMissing, { mesh: ambient(), services: [service('db', { headless: true, retry: retry(1) })] }))
    .toMatchObject([{ construct: 'shop/db', catalogue: ['IST0167'] }]);
  expect(found(waypointMissing, { mesh: ambient(), services: [service('db', { headless: true })] })).toEqual([]);
});

test.each<[Record<string, string> | undefined, boolean, string | undefined]>([
  [undefined, true, 'Service orders has no label istio.io/use-waypoint, and shop/orders needs waypoint'],
  [{ 'istio.io/use-waypoint': 'other' }, true, 'Service orders names the waypoint other in istio.io/use-waypoint, and shop/orders needs waypoint'],
  [{ 'istio.io/use-waypoint': 'waypoint' }, true, undefined],
  [undefined, false, undefined],
])('a Service of the program\'s own with the labels %j', (labels, asks, message) => {
  const orders = service('orders', { existingService: existing('orders', { labels }), ...asks && { deadline: 1 } });
  const findings = found(waypointMissing, { mesh: ambient(), services: [orders] });
  expect(findings.map((finding) => finding.message)).toEqual(message === undefined ? [] : [message]);
});

test('a label for a waypoint where sidecars are left', () => {
  const body = (value: string) => ({ metadata: { labels: { 'istio.io/use-waypoint': value } } });
  const labelled = (value: string, namespace = 'shop') => object('Service', 'legacy', { namespace, body: body(value) });
  const mesh = ambient({ sidecarNamespaces: ['shop'] });
  expect(found(waypointMissing, { mesh, objects: [labelled('waypoint')] })).toMatchObject([{ construct: 'shop/legacy-service', severity: 'warning', catalogue: ['KIA1312'] }]);
  expect(found(waypointMissing, { mesh, objects: [labelled('none'), labelled('waypoint', 'moved')] })).toEqual([]);
});

test.each<[Parameters<typeof external>[1], string | undefined, Severity?]>([
  [{ hosts: ['*.example.com'], retry: retry(1), deadline: 900 }, 'retry and deadline, which nothing keeps for requests to *.example.com', Severity.ERROR],
  [{ hosts: ['a.example.com', '*.a.example.com', '*.b.example.com'], deadline: 900 }, 'deadline, which nothing keeps for requests to *.a.example.com and *.b.example.com'],
  [{ hosts: ['a.example.com'], retry: retry(1) }, undefined],
  [{ hosts: ['*.example.com'], retry: retry(0) }, undefined],
  [{ hosts: ['*.example.com'] }, undefined],
])('names below a wildcard: %j', (props, lost, severity = Severity.ERROR) => {
  const externals = [external('pay', { ports: [port(80)], ...props })];
  const expected = lost === undefined ? [] : [{ construct: 'shop/pay', message: `shop/pay asks for ${lost}`, severity }];
  expect(found(waypointMissing, { mesh: ambient(), externals })).toMatchObject(expected);
  expect(found(waypointMissing, { mesh: {}, externals })).toEqual([]);
});

test('names below a wildcard, and what the mesh says for all', () => {
  const defaults = { retry: retry(1) };
  expect(found(waypointMissing, { mesh: ambient(), defaults, externals: [external('pay', { hosts: ['*.example.com'], ports: [port(80)] })] }))
    .toMatchObject([{ message: 'shop/pay asks for defaults.retry of the mesh, which nothing keeps for requests to *.example.com', severity: 'warning' }]);
});
