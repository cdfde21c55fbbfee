import { ExternalService, MeshPort } from '../../src';
import { refuseStranger } from '../../src/mesh/callee';
import { refusal } from '../support/refusal';
import { service, shop } from '../support/shop';

const program = shop();
const web = service(program, 'web');
const stripe = new ExternalService(program.chart, 'stripe', { mesh: program.mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });

test('services and external services of the mesh are no strangers', () => {
  expect(() => refuseStranger(web, program.mesh, 'calls', stripe)).not.toThrow();
  expect(() => refuseStranger(stripe, program.mesh, 'calls', web)).not.toThrow();
});

test('a namesake in another mesh is one', () => {
  const other = shop();
  const namesake = service(other, 'web');
  expect(namesake.calleeId).toBe(web.calleeId);
  expect(refusal(() => refuseStranger(web, program.mesh, 'backends', namesake)))
    .toBe('shop/web: backends is "shop/web"; it belongs to another mesh than shop/mesh; declare it as an ExternalService of this mesh');
});
