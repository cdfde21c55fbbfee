import { actions } from '../../../src/emit/istio/http-actions';
import type { RouteNode } from '../../../src/model/route';
import { HTTP, aModel, aPort, aRoute, aService, anExternal } from '../model';

const ORDERS = 'orders.shop.svc.cluster.local';
const LEDGER = 'ledger.shop.svc.cluster.local';
const orders = aService('orders');
const model = aModel({
  services: [orders, aService('ledger', { ports: [aPort('grpc', 9090), aPort('http', 8080), aPort('tcp', 80)] })], externals: [anExternal('stripe')],
});

function act(rest: Partial<RouteNode>) {
  return actions(model, orders, aRoute('r', [], rest), HTTP);
}

const plain = { route: [{ destination: { host: ORDERS } }] };

test.each<[string, Partial<RouteNode>, object]>([
  ['nothing but forwarding', {}, plain],
  ['backends', {
    backends: [
      { service: 'shop/orders', subset: 'v1', weight: 60 }, { service: 'shop/ledger', port: 8080, weight: 30 }, { service: 'shop/ledger', weight: 10 },
      { service: 'shop/orders', subset: 'v2', weight: 0 },
    ],
  }, {
    route: [
      { destination: { host: ORDERS, subset: 'v1' }, weight: 60 }, { destination: { host: LEDGER, port: { number: 8080 } }, weight: 30 },
      { destination: { host: LEDGER, port: { number: 9090 } }, weight: 10 },
    ],
  }],
  ['an external backend', { backends: [{ service: 'shop/stripe', weight: 100 }] }, { route: [{ destination: { host: 'stripe.example.com' } }] }],
  ['a redirect', { redirect: { authority: 'new.example.com', scheme: 'https', port: 8443, status: 302 } }, {
    redirect: { authority: 'new.example.com', scheme: 'https', port: 8443, redirectCode: 302 },
  }],
  ['an answer without a body', { directResponse: { status: 503 } }, { directResponse: { status: 503 } }],
  ['an answer with a body, even an empty one', { directResponse: { status: 200, body: '' } }, { directResponse: { status: 200, body: { string: '' } } }],
  ['a rewritten path and host', { rewrite: { path: '/v2', authority: 'a.b' } }, { ...plain, rewrite: { uri: '/v2', authority: 'a.b' } }],
  ['a rewritten pattern', { rewrite: { pathRegex: { pattern: '/a(.*)', substitution: '/b\\1' } } }, {
    ...plain, rewrite: { uriRegexRewrite: { match: '/a(.*)', rewrite: '/b\\1' } },
  }],
  ['mirrors', { mirrors: [{ service: 'shop/orders', subset: 'v2', percent: 5 }, { service: 'shop/ledger', port: 8080, percent: 100 }] }, {
    ...plain,
    mirrors: [
      { destination: { host: ORDERS, subset: 'v2' }, percentage: { value: 5 } },
      { destination: { host: LEDGER, port: { number: 8080 } }, percentage: { value: 100 } },
    ],
  }],
  ['headers', { requestHeaders: { set: { a: '1' }, add: { b: '2' }, remove: ['c'] }, responseHeaders: { set: {}, add: {}, remove: ['d'] } }, {
    ...plain, headers: { request: { set: { a: '1' }, add: { b: '2' }, remove: ['c'] }, response: { remove: ['d'] } },
  }],
  ['header changes that change nothing', { requestHeaders: { set: {}, add: {}, remove: [] } }, plain],
  ['CORS', {
    cors: {
      origins: [{ kind: 'exact', value: 'https://a.b' }, { kind: 'regex', value: '.*' }], methods: ['GET'], headers: ['x-a'], exposeHeaders: ['x-b'],
      maxAgeMs: 1500, credentials: false,
    },
  }, {
    ...plain,
    corsPolicy: {
      allowOrigins: [{ exact: 'https://a.b' }, { regex: '.*' }], allowMethods: ['GET'], allowHeaders: ['x-a'], exposeHeaders: ['x-b'], maxAge: '2s',
      allowCredentials: false,
    },
  }],
  ['CORS with nothing but origins', { cors: { origins: [{ kind: 'prefix', value: 'https://' }], methods: [], headers: [], exposeHeaders: [] } }, {
    ...plain, corsPolicy: { allowOrigins: [{ prefix: 'https://' }] },
  }],
  ['a delay', { fault: { delay: { percent: 50, ms: 7000 } } }, { ...plain, fault: { delay: { percentage: { value: 50 }, fixedDelay: '7s' } } }],
  ['an abort by HTTP status', { fault: { abort: { percent: 0.5, httpStatus: 503 } } }, {
    ...plain, fault: { abort: { percentage: { value: 0.5 }, httpStatus: 503 } },
  }],
  ['an abort by gRPC status', { fault: { abort: { percent: 100, grpcStatus: 'UNAVAILABLE' } } }, {
    ...plain, fault: { abort: { percentage: { value: 100 }, grpcStatus: 'UNAVAILABLE' } },
  }],
  ['headers and CORS on a redirect', {
    redirect: { path: '/b', status: 301 }, responseHeaders: { set: { a: '1' }, add: {}, remove: [] },
    cors: { origins: [{ kind: 'exact', value: 'https://a.b' }], methods: [], headers: [], exposeHeaders: [] },
  }, {
    redirect: { uri: '/b', redirectCode: 301 }, headers: { response: { set: { a: '1' } } }, corsPolicy: { allowOrigins: [{ exact: 'https://a.b' }] },
  }],
])('%s', (_, route, expected) => {
  expect(act(route)).toStrictEqual(expected);
});
