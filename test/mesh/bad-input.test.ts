/** Mistakes that everybody makes: each ends in an error that says where, what and what to write instead, and nothing is written. */
import { mkdtempSync, readdirSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Chart, Duration } from 'cdk8s';
import { Mesh, MeshPort, MeshProvider, MeshService, Retry, RouteBackend } from '../../src';
import { refusal } from '../support/refusal';
import { FULL_MESH, Shop, service, shop, workload } from '../support/shop';

interface Program extends Shop {
  readonly orders: MeshService;
  readonly web: MeshService;
}

let outdir: string;
beforeEach(() => { outdir = mkdtempSync(join(tmpdir(), 'cdk8s-mesh-')); });
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

function run(mistake: (program: Program) => void): void {
  const program = shop({}, { outdir });
  const orders = service(program, 'orders');
  orders.addVersion('v2', { workload: workload(program.chart, 'orders-v2') });
  const web = service(program, 'web');
  web.calls(orders);
  mistake({ ...program, orders, web });
  program.app.synth();
}

test.each<[string, (program: Program) => void, string | RegExp]>([
  ['a negative weight of a split', ({ orders }) => orders.split({ v1: 110, v2: -10 }),
    'shop/orders: split.v1 is 110; give a whole percentage from 0 to 100'],
  ['a negative weight of a backend', ({ orders }) => orders.addRoute('beta', { backends: [RouteBackend.subset('v2', { weight: -1 })] }),
    'RouteBackend: weight is -1; give a percentage from 0 to 100'],
  ['weights of a split that do not add up', ({ orders }) => orders.split({ v1: 90, v2: 9 }),
    'shop/orders: split is {"v1":90,"v2":9}; let the shares add up to 100; they add up to 99'],
  ['weights of a route that do not add up', ({ orders }) => orders.addRoute('beta', { backends: [RouteBackend.subset('v2', { weight: 99 })] }),
    'shop/orders: route beta: backends is [99]; let the weights add up to 100; they add up to 99'],
  ['half a retry', ({ web, orders }) => web.calls(orders, { retry: Retry.upTo(1.5) }),
    'Retry.upTo: retries is 1.5; give a whole number from 1 to 10'],
  ['an unknown subset of a split', ({ orders }) => orders.split({ v1: 90, v3: 10 }),
    /^Validation failed with the following errors:\n {2}\[shop\/orders\] MESH401 split\.v3 is 10, but shop\/orders has no subset v3 \(it has v1 and v2\)\. [^\n]+$/],
  ['an unknown subset of a route', ({ orders }) => orders.addRoute('beta', { split: { v3: 100 } }), /\n {2}\[shop\/orders\] MESH401 [^\n]*v3[^\n]+$/],
  ['a deadline of 0', ({ web, orders }) => web.calls(orders, { deadline: Duration.seconds(0) }),
    'shop/web: calls(shop/orders).deadline is 0 seconds; give a duration longer than 0'],
  ['a port twice', (program) => service(program, 'twice', { ports: [MeshPort.http(8080), MeshPort.grpc(9090, { port: 8080 })] }),
    'shop/twice: ports[1].port is 8080; it is there already; give every port once'],
  ['a call to a service of another mesh', ({ app, web }) => {
    const chart = new Chart(app, 'other', { namespace: 'other' });
    const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.istio(), adoption: FULL_MESH });
    web.calls(service({ chart, mesh }, 'foreign'));
  }, 'shop/web: calls is "other/foreign"; it belongs to another mesh than shop/mesh; declare it as an ExternalService of this mesh'],
  ['a name that Kubernetes refuses', (program) => service(program, 'Orders_2', { podLabels: { app: 'orders' } }),
    'shop/Orders_2: name is "Orders_2"; it must hold only lower-case letters, digits and hyphens, starts with a letter and ends with a letter or digit; '
    + 'give a name that Kubernetes accepts'],
])('%s', (_, mistake, expected) => {
  const message = refusal(() => run(mistake));
  if (typeof expected === 'string') {
    expect(message).toBe(expected);
  } else {
    expect(message).toMatch(expected);
  }
  expect(readdirSync(outdir)).toEqual([]);
});

test('the same program without a mistake is written', () => {
  run(() => undefined);
  expect(readdirSync(outdir)).toEqual(['shop.k8s.yaml']);
});
