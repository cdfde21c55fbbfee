import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { MeshPort, MeshService } from '../../src';
import { portsOf, readService } from '../../src/mesh/existing-service';
import { refusal } from '../support/refusal';
import { shop, workload } from '../support/shop';

function existing(chart: Chart, spec: object, namespace?: string): ApiObject {
  return new ApiObject(chart, 'legacy', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'legacy', namespace }, spec });
}

const read = (spec: object) => readService(existing(shop().chart, spec));

test('a Service is read as it stands', () => {
  expect(read({
    type: 'NodePort', selector: { app: 'legacy' }, clusterIP: 'None',
    ports: [{ name: 'http-main', port: 80, targetPort: 'web', appProtocol: 'http' }, { port: 53, protocol: 'UDP' }],
  })).toEqual({
    origin: 'shop/legacy', name: 'legacy', namespace: 'shop', type: 'NodePort', headless: true, labels: {}, selector: { app: 'legacy' },
    ports: [
      { name: 'http-main', number: 80, targetPort: 'web', appProtocol: 'http', transport: 'TCP' },
      { name: undefined, number: 53, targetPort: undefined, appProtocol: undefined, transport: 'UDP' },
    ],
  });
  expect(read({})).toMatchObject({ headless: false, selector: {}, ports: [] });
});

test.each([
  [{ name: 'grpc-api', appProtocol: 'http' }, 'http'], [{ name: 'main', appProtocol: 'kubernetes.io/h2c' }, 'http2'], [{ appProtocol: 'kubernetes.io/ws' }, 'http'],
  [{ appProtocol: 'kubernetes.io/wss' }, 'http'], [{ appProtocol: 'GRPC' }, 'grpc'], [{ appProtocol: 'grpc-web' }, 'grpc-web'],
  [{ name: 'http' }, 'http'], [{ name: 'http2-api' }, 'http2'], [{ name: 'grpc-web-api' }, 'grpc-web'], [{ name: 'https' }, 'https'], [{ name: 'tls-a' }, 'tls'],
  [{ name: 'mongo' }, 'mongo'], [{ name: 'mysql-main' }, 'mysql'], [{ name: 'redis' }, 'redis'], [{ name: 'tcp-postgres' }, 'tcp'],
  [{ name: 'main' }, 'tcp'], [{}, 'tcp'], [{ name: 'httpd' }, 'tcp'], [{ name: 'constructor' }, 'tcp'], [{ name: 'http', appProtocol: 'example.com/mine' }, 'http'],
  [{ name: 'http', protocol: 'UDP' }, 'udp'],
])('the port %j speaks %s', (port, protocol) => {
  const [node] = portsOf('here', read({ ports: [{ port: 80, ...port }] })).map((one) => one._node([]));
  expect(node).toMatchObject({ protocol, number: 80, containerPort: 80 });
});

test('container ports are numbers or names', () => {
  const spec = { ports: [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'grpc', port: 81, targetPort: 'api' }, { name: 'tcp', port: 82 }] };
  expect(portsOf('here', read(spec)).map((one) => one._node([]).containerPort)).toEqual([8080, 'api', 82]);
});

test('a Service without ports is refused', () => {
  const { chart, mesh } = shop();
  const service = existing(chart, { selector: { app: 'legacy' } });
  expect(refusal(() => MeshService.fromService(chart, 'legacy-mesh', { mesh, service })))
    .toBe('shop/legacy-mesh: service is "legacy"; give the service its ports before handing it over, or say them in `ports`');
});

test('what is no Service is refused', () => {
  const { chart, mesh } = shop();
  expect(refusal(() => MeshService.fromService(chart, 'legacy', { mesh, service: mesh })))
    .toBe('shop: legacy.service is "shop/mesh"; give a cdk8s-plus construct or an ApiObject');
});

describe('fromService', () => {
  test('takes name, namespace and ports from an ApiObject, and writes no Service', () => {
    const { chart, mesh } = shop();
    const object = existing(chart, { selector: { app: 'legacy' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
    const service = MeshService.fromService(chart, 'mine', { mesh, service: object, workload: workload(chart, 'pods', { labels: { app: 'legacy' } }) });
    expect(service.calleeId).toBe('shop/legacy');
    const manifests = Testing.synth(chart);
    expect(manifests.filter(({ kind }) => kind === 'Service')).toEqual([{
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'legacy', namespace: 'shop' },
      spec: { selector: { app: 'legacy' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    }]);
    expect(manifests.find(({ kind }) => kind === 'DestinationRule').spec.host).toBe('legacy.shop.svc.cluster.local');
    expect(manifests.find(({ kind }) => kind === 'Deployment').spec.template.metadata.labels).toMatchObject({ app: 'legacy', version: 'v1' });
  });

  test('takes a Service of cdk8s-plus in its generated name', () => {
    const { chart, mesh } = shop();
    const deployment = new kplus.Deployment(chart, 'web', { containers: [{ image: 'example.com/web:1', portNumber: 8080 }] });
    const object = deployment.exposeViaService({ ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
    const service = MeshService.fromService(chart, 'mine', { mesh, service: object, workload: deployment });
    expect(service.serviceName).toBe(object.name);
    const manifests = Testing.synth(chart);
    const [written] = manifests.filter(({ kind }) => kind === 'Service');
    const pods = manifests.find(({ kind }) => kind === 'Deployment').spec.template.metadata.labels;
    expect(pods).toMatchObject(written.spec.selector);
    expect(Object.keys(written.spec.selector)).toEqual(['cdk8s.io/metadata.addr']);
  });

  test('says what is spoken where the Service does not, and needs no workload', () => {
    const { chart, mesh } = shop();
    const object = existing(chart, { selector: { app: 'legacy' }, ports: [{ name: 'main', port: 80 }] }, 'other');
    const service = MeshService.fromService(chart, 'mine', { mesh, service: object, ports: [MeshPort.http(8080, { port: 80 })] });
    expect(service.calleeId).toBe('other/legacy');
    expect(service._declaration).toMatchObject({ existing: true, hasWorkload: false, ports: [{ number: 80, containerPort: 8080, protocol: 'http' }] });
  });

  test('sees at the synth what was changed after the hand-over', () => {
    const { chart, mesh } = shop();
    const object = existing(chart, { selector: { app: 'legacy' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
    MeshService.fromService(chart, 'mine', { mesh, service: object, workload: workload(chart, 'pods', { labels: { app: 'legacy' } }) });
    object.addJsonPatch(JsonPatch.replace('/spec/selector/app', 'nobody'));
    expect(refusal(() => Testing.synth(chart))).toMatch(/\[shop\/mine\] MESH903 /);
  });

  test('a named container port is found by its name', () => {
    const { chart, mesh } = shop();
    const object = existing(chart, { selector: { app: 'legacy' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] });
    const spec = { containers: [{ name: 'app', image: 'example.com/app:1', ports: [{ name: 'web', containerPort: 8080 }] }] };
    MeshService.fromService(chart, 'mine', { mesh, service: object, workload: workload(chart, 'pods', { labels: { app: 'legacy' }, spec }) });
    expect(mesh.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});
