import { kubernetes } from '../../../src/emit/kubernetes';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { schemaErrors } from '../../support/schemas';
import { HTTP, aModel, aPort, aService } from '../model';
import { manifestsOf } from '../resources';

const emitter = kubernetes({
  appProtocol: ({ protocol }) => protocol === 'udp' ? undefined : `said-${protocol}`, network: { podLabels: ({ selector }) => selector, unproven: () => [] }, injectionLabels: (mesh) => ({ injected: mesh.revision ?? 'yes' }),
});

function written(node: ServiceNode) {
  const manifests = manifestsOf(emitter.service, node, aModel({ services: [node] }));
  expect(manifests.flatMap(schemaErrors)).toEqual([]);
  return manifests;
}

const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'orders', namespace: 'shop' } };

test('a service and its account', () => {
  expect(written(aService('orders', { ports: [HTTP, aPort('udp', 53), aPort('tcp', 9000, { containerPort: 'raw' })] }))).toStrictEqual([
    {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders', namespace: 'shop' },
      spec: {
        selector: { app: 'orders' },
        ports: [
          { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', appProtocol: 'said-http' },
          { name: 'udp', port: 53, targetPort: 53, protocol: 'UDP' },
          { name: 'tcp', port: 9000, targetPort: 'raw', protocol: 'TCP', appProtocol: 'said-tcp' },
        ],
      },
    },
    ACCOUNT,
  ]);
});

test('a headless service has no address of its own', () => {
  expect(written(aService('orders', { headless: true }))[0].spec).toMatchObject({ clusterIP: 'None' });
});

test('a service that is there already, or has no ports, is not written', () => {
  expect(written(aService('orders', { existing: true }))).toStrictEqual([ACCOUNT]);
  expect(written(aService('orders', { ports: [] }))).toStrictEqual([ACCOUNT]);
});

test('an account is written only for workloads of this program that name none', () => {
  const kinds = (rest: Partial<ServiceNode>) => written(aService('orders', rest)).map(({ kind }) => kind);
  expect(kinds({ serviceAccount: 'theirs' })).toEqual(['Service']);
  expect(kinds({ hasWorkload: false })).toEqual(['Service']);
});

test('namespaces carry their own labels and the mesh\'s', () => {
  const node = { origin: 'shop', name: 'shop', labels: { team: 'a' }, injected: true };
  const model = aModel({ namespaces: [node], mesh: { revision: 'r' } });
  expect(manifestsOf(emitter.namespace, node, model)).toStrictEqual([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a', injected: 'r' } } },
  ]);
  expect(manifestsOf(emitter.namespace, { ...node, injected: false }, model)).toMatchObject([{ metadata: { labels: { team: 'a' } } }]);
  expect(manifestsOf(emitter.namespace, { ...node, injected: false }, model)[0].metadata).not.toHaveProperty('labels.injected');
});
