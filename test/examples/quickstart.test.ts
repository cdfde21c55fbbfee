/** The figures of the quickstart, one by one, in the words of Istio's API. */
import { build } from '../../examples/quickstart/app';
import { synthesized } from './synthesized';

const HOST = 'payment-service.shop.svc.cluster.local';
const { mesh, manifests, find } = synthesized(build);

describe('the split', () => {
  const { http } = find('VirtualService', 'payment-service').spec;

  test('is the only route, and sends 90 % to stable and 10 % to canary', () => {
    expect(http).toHaveLength(1);
    expect(http[0].match).toBeUndefined();
    const shares = http[0].route.map(({ destination, weight }: never) => [destination, weight]);
    expect(shares).toEqual([
      [expect.objectContaining({ host: HOST, subset: 'stable' }), 90],
      [expect.objectContaining({ host: HOST, subset: 'canary' }), 10],
    ]);
  });

  test('retries 3 times, 2 s each, on 5xx, reset and connect-failure', () => {
    const { attempts, perTryTimeout, retryOn } = http[0].retries;
    expect({ attempts, perTryTimeout }).toEqual({ attempts: 3, perTryTimeout: '2s' });
    expect(retryOn.split(',').sort()).toEqual(['5xx', 'connect-failure', 'reset']);
  });

  test('has time for all four attempts', () => {
    expect(http[0].timeout).toBe('15s');
    expect(4 * 2).toBeLessThan(parseInt(http[0].timeout, 10));
  });
});

describe('the destination', () => {
  const { host, subsets, trafficPolicy } = find('DestinationRule', 'payment-service').spec;

  test('knows stable as v1 and canary as v2, as the pods are labelled', () => {
    expect(host).toBe(HOST);
    expect(subsets).toEqual([
      { name: 'stable', labels: { version: 'v1' } },
      { name: 'canary', labels: { version: 'v2' } },
    ]);
    for (const version of ['v1', 'v2']) {
      expect(find('Deployment', `payment-service-${version}`).spec.template.metadata.labels).toMatchObject({ app: 'payment-service', version });
    }
  });

  test('upgrades to HTTP/2 and closes a connection after 100 requests', () => {
    expect(trafficPolicy.connectionPool.http).toMatchObject({ h2UpgradePolicy: 'UPGRADE', maxRequestsPerConnection: 100 });
  });

  test('ejects for 60 s after 5 consecutive 5xx, looked at every 30 s', () => {
    expect(trafficPolicy.outlierDetection).toMatchObject({ consecutive5xxErrors: 5, interval: '30s', baseEjectionTime: '60s' });
  });

  test('never ejects the last pods', () => {
    const { maxEjectionPercent, minHealthPercent } = trafficPolicy.outlierDetection;
    expect({ maxEjectionPercent, minHealthPercent }).toEqual({ maxEjectionPercent: 50, minHealthPercent: 50 });
  });
});

test('the Service selects the pods of both versions, and of nothing else', () => {
  const { selector } = find('Service', 'payment-service').spec;
  const selected = manifests.filter(({ kind, spec }) => kind === 'Deployment'
    && Object.entries(selector).every(([label, value]) => spec.template.metadata.labels[label] === value));
  expect(selected.map(({ metadata }) => metadata.name)).toEqual(['payment-service-v1', 'payment-service-v2']);
});

test('the proxies of checkout are told of payment-service and the control plane\'s namespace', () => {
  expect(find('Sidecar', 'checkout').spec.egress).toEqual([{ hosts: ['istio-system/*', `shop/${HOST}`] }]);
});

test('the subsets are applied before the route that names them', () => {
  const kinds = manifests.filter(({ metadata }) => metadata.name === 'payment-service').map(({ kind }) => kind);
  expect(kinds.indexOf('DestinationRule')).toBeLessThan(kinds.indexOf('VirtualService'));
});

test('two services join the mesh', () => {
  expect(mesh.services.map(({ serviceName }) => serviceName)).toEqual(['payment-service', 'checkout']);
});
