/** What Flagger is handed where it writes an HTTPRoute in place of the library's. */
import { flagger } from '../../../src/emit/flagger';
import { gamma } from '../../../src/emit/gamma';
import { linkerd } from '../../../src/emit/linkerd';
import type { CanaryNode } from '../../../src/model/delivery';
import type { ServiceNode } from '../../../src/model/mesh-model';
import { delivered, FLAGGER } from '../../checks/canary-builder';
import { ejecting, match, model, type Parts, port, retry, route } from '../../checks/model-builder';
import { type Manifest, schemaErrors } from '../../support/schemas';
import { around, STRATEGIES } from '../deliveries';
import { manifestsOf } from '../resources';

type Written = Manifest & { readonly metadata: any; readonly spec: any };

const GAMMA = { provider: 'gateway-api', providerVersion: '1.5', gatewayChannel: 'standard' } as const;
const LINKERD = { provider: 'linkerd', providerVersion: '2.20', gatewayChannel: 'standard' } as const;

function written(mesh: NonNullable<Parts['mesh']>, own: Partial<ServiceNode> = {}, rest: Partial<CanaryNode> = {}): readonly Written[] {
  const built = model({ services: [delivered('orders', { engine: FLAGGER, ...rest }, own)], mesh });
  const { handover } = mesh.provider === 'linkerd' ? linkerd : gamma;
  const manifests = manifestsOf(flagger(handover), built.canaries[0], built) as Written[];
  expect(manifests.flatMap((one) => schemaErrors(one).map((error) => `${one.kind}/${one.metadata.name} ${error}`))).toEqual([]);
  return manifests;
}

function canaryOf(...args: Parameters<typeof written>): Written['spec'] {
  return written(...args).find(({ kind }) => kind === 'Canary')!.spec;
}

const everything = (rest: Partial<ReturnType<typeof route>>) => ({ routes: [route('orders', 'all', rest)] });

test.each(Object.keys(STRATEGIES))('%s, with all that can be around it, is what the schema takes', (name) => {
  for (const mesh of [GAMMA, LINKERD]) {
    expect(written(mesh, {}, { ...around(FLAGGER), strategy: STRATEGIES[name] })).toHaveLength(6);
  }
});

describe('Gateway API', () => {
  test('the whole Canary of a plain service: its route hangs on the Service, and there is no policy', () => {
    expect(canaryOf(GAMMA, { circuitBreaker: { ...ejecting({}), pool: { maxRequests: 5 } } })).toEqual({
      provider: 'gatewayapi:v1',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'orders' },
      revertOnDeletion: true,
      progressDeadlineSeconds: 600,
      service: {
        name: 'orders', port: 8080, portName: 'http-8080', targetPort: 8080, appProtocol: 'http', timeout: '15s',
        // The group is written: Flagger's schema takes the one of gateways where nothing is said.
        gatewayRefs: [{ group: '', kind: 'Service', name: 'orders' }],
      },
      analysis: {
        interval: '60s', threshold: 3, stepWeights: [10, 50],
        metrics: [{ name: 'success-rate', templateRef: { name: 'orders-success-rate' }, interval: '60s', thresholdRange: { min: 99 } }],
      },
    });
  });

  test('time limits are those of an HTTPRoute', () => {
    expect(canaryOf(GAMMA, { deadline: 2500 }).service.timeout).toBe('2500ms');
    expect(canaryOf(GAMMA, { deadline: 'none' }).service.timeout).toBe('0s');
    expect(canaryOf(GAMMA, { deadline: 2500, ...everything({ deadline: 1000 }) }).service.timeout).toBe('1s');
    expect(canaryOf(GAMMA, { ports: [port(9000, 'grpc', { streaming: true })] }).service).toMatchObject({ timeout: '0s', appProtocol: 'grpc' });
  });

  test('no retries: Flagger\'s router has no field for them, which is a finding', () => {
    expect(canaryOf({ ...GAMMA, gatewayChannel: 'experimental' }, { retry: retry(2) }).service).not.toHaveProperty('retries');
  });

  test('the one route that takes every request: headers, CORS, rewrite', () => {
    const cors = { origins: [{ kind: 'exact', value: 'https://shop.example.com' } as const], methods: ['GET'], headers: ['x-a'], exposeHeaders: [], credentials: true };
    expect(canaryOf(GAMMA, everything({
      rewrite: { path: '/v2', authority: 'orders.internal' }, cors: { ...cors, maxAgeMs: 1500 },
      requestHeaders: { set: { a: 'b' }, add: {}, remove: ['c'] }, responseHeaders: { set: {}, add: { d: 'e' }, remove: [] },
    })).service).toMatchObject({
      rewrite: { uri: '/v2', authority: 'orders.internal', type: 'ReplacePrefixMatch' },
      headers: { request: { set: { a: 'b' }, remove: ['c'] }, response: { add: { d: 'e' } } },
      corsPolicy: { allowOrigin: ['https://shop.example.com'], allowMethods: ['GET'], allowHeaders: ['x-a'], allowCredentials: true, maxAge: '2s' },
    });
    // Of what the definition would fill in, Flagger would think that somebody had changed its route.
    expect(canaryOf(GAMMA, everything({ cors })).service.corsPolicy.maxAge).toBe('5s');
    expect(canaryOf(GAMMA, everything({ rewrite: { authority: 'orders.internal' } })).service.rewrite).toEqual({ authority: 'orders.internal' });
  });

  test('a route for some requests is no rule for all', () => {
    expect(canaryOf(GAMMA, { routes: [route('orders', 'some', { matches: [match({ headers: { a: { kind: 'present' } } })], deadline: 1000 })] }).service.timeout).toBe('15s');
  });
});

describe('Linkerd', () => {
  test('limits stand in annotations of the route', () => {
    const { service } = canaryOf(LINKERD, { retry: retry(2, { on: ['gateway-error'], perTryMs: 300 }), deadline: 1000 });
    expect(service).toEqual({
      name: 'orders', port: 8080, portName: 'http-8080', targetPort: 8080, appProtocol: 'http',
      gatewayRefs: [{ group: '', kind: 'Service', name: 'orders' }],
      apex: {
        annotations: {
          'retry.linkerd.io/http': 'gateway-error', 'retry.linkerd.io/limit': '2', 'retry.linkerd.io/timeout': '300ms', 'timeout.linkerd.io/request': '1s',
        },
      },
    });
  });

  test('none where nothing is limited', () => {
    expect(canaryOf(LINKERD, { deadline: 'none' }).service).not.toHaveProperty('apex');
  });

  test('gRPC is routed as the HTTP/2 that it is', () => {
    expect(canaryOf(LINKERD, { ports: [port(9000, 'grpc')] }).service).toMatchObject({
      appProtocol: 'kubernetes.io/h2c', apex: { annotations: { 'timeout.linkerd.io/request': '15s' } },
    });
  });

  test('headers of the one route that takes every request', () => {
    expect(canaryOf(LINKERD, everything({ responseHeaders: { set: { a: 'b' }, add: {}, remove: [] } })).service.headers).toEqual({ response: { set: { a: 'b' } } });
  });
});
