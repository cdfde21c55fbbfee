import { Duration } from 'cdk8s';
import { ExternalService, MeshPort, Retry, RouteBackend, RouteMatch, RouteOptions, StringMatch } from '../../src';
import { routeNode } from '../../src/traffic/route-node';
import { refusal } from '../support/refusal';
import { service, shop } from '../support/shop';

const program = shop();
const orders = service(program, 'orders');
const web = service(program, 'web');
const stranger = service(shop(), 'stranger');
const stripe = new ExternalService(program.chart, 'stripe', { mesh: program.mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });

const route = (options: RouteOptions) => routeNode(orders, 'main', options);
const refused = (options: RouteOptions) => refusal(() => route(options)).replace(/^shop\/orders: route main: /, '');

const EMPTY = {
  name: 'main', origin: 'shop/orders', matches: [], backends: [], redirect: undefined, directResponse: undefined, rewrite: undefined, mirrors: [],
  requestHeaders: undefined, responseHeaders: undefined, cors: undefined, fault: undefined, retry: undefined, deadline: undefined,
};

test('a route that says nothing takes every request to the service as it splits', () => {
  expect(route({})).toEqual(EMPTY);
});

test('a refusal names the construct, the route, the property, the value and the fix', () => {
  expect(refusal(() => route({ deadline: Duration.seconds(0) })))
    .toBe('shop/orders: route main: deadline is 0 seconds; give a duration longer than 0');
});

test('matches, retries and deadlines are kept', () => {
  expect(route({ matches: [RouteMatch.exact('/a'), RouteMatch.caller(web)], retry: Retry.upTo(1), deadline: Duration.seconds(3) })).toEqual({
    ...EMPTY,
    matches: [{ path: { kind: 'exact', value: '/a' }, headers: {}, query: {} }, { caller: 'shop/web', headers: {}, query: {} }],
    retry: Retry.upTo(1)._policy(), deadline: 3000,
  });
});

test('a stream has no deadline', () => {
  expect(route({ streaming: true }).deadline).toBe('none');
  expect(route({ streaming: false, deadline: Duration.seconds(1) }).deadline).toBe(1000);
  expect(refused({ streaming: true, deadline: Duration.seconds(1) })).toBe('deadline is 1 second; leave it out, since the route streams');
});

describe('backends', () => {
  test('a split is short for subsets of the service itself', () => {
    expect(route({ split: { v1: 90, v2: 10 } }).backends)
      .toEqual([{ service: 'shop/orders', subset: 'v1', weight: 90 }, { service: 'shop/orders', subset: 'v2', weight: 10 }]);
    expect(refused({ split: { v1: 90 } })).toBe('split is {"v1":90}; let the shares add up to 100; they add up to 90');
    expect(refused({ split: { v1: 120, v2: -20 } })).toBe('split.v1 is 120; give a whole percentage from 0 to 100');
  });

  test('services and subsets share the requests', () => {
    expect(route({ backends: [RouteBackend.subset('v1', { weight: 1 }), RouteBackend.service(web, { weight: 99, port: 8080 })] }).backends).toEqual([
      { service: 'shop/orders', subset: 'v1', port: undefined, weight: 1 }, { service: 'shop/web', subset: undefined, port: 8080, weight: 99 },
    ]);
  });

  test('weights add up to 100', () => {
    expect(refused({ backends: [RouteBackend.subset('v1', { weight: 99 })] })).toBe('backends is [99]; let the weights add up to 100; they add up to 99');
    expect(refused({ backends: [] })).toBe('backends is []; let the weights add up to 100; they add up to 0');
  });

  test('no backend stands there twice', () => {
    const half = () => RouteBackend.subset('v1', { weight: 50 });
    expect(refused({ backends: [half(), half()] }))
      .toBe('backends is {"service":"shop/orders","subset":"v1","weight":50}; give every backend once, with the sum of its weights');
    expect(route({ backends: [half(), RouteBackend.subset('v1', { weight: 50, port: 81 })] }).backends).toHaveLength(2);
  });
});

describe('a service of another mesh is refused', () => {
  const fix = 'it belongs to another mesh than shop/mesh; declare it as an ExternalService of this mesh';

  test('as a backend', () => {
    expect(refused({ backends: [RouteBackend.service(stranger)] })).toBe(`backends is "shop/stranger"; ${fix}`);
  });

  test('as a mirror', () => {
    expect(refused({ mirrors: [{ service: stranger }] })).toBe(`mirrors.service is "shop/stranger"; ${fix}`);
  });

  test('as a caller, and so is what lies outside the mesh', () => {
    const nobody = 'it is no service of shop/mesh, and only those are recognised as callers';
    expect(refused({ matches: [RouteMatch.caller(stranger)] })).toBe(`matches.caller is "shop/stranger"; ${nobody}`);
    expect(refused({ matches: [RouteMatch.all(RouteMatch.exact('/a'), RouteMatch.caller(stripe))] })).toBe(`matches.caller is "shop/stripe"; ${nobody}`);
  });
});

describe('a route does one thing', () => {
  const redirect = { path: '/' };
  const directResponse = { status: 204 };

  test.each<[string, RouteOptions, string]>([
    ['split', { split: { v1: 100 }, backends: [RouteBackend.service(web)] }, 'backends is ["RouteBackend"]; leave it out, since split is given: a route does one thing'],
    ['backends', { backends: [RouteBackend.service(web)], redirect }, 'redirect is {"path":"/"}; leave it out, since backends is given: a route does one thing'],
    ['redirect', { redirect, directResponse }, 'directResponse is {"status":204}; leave it out, since redirect is given: a route does one thing'],
  ])('after %s nothing else', (_, options, message) => {
    expect(refused(options)).toBe(message);
  });

  test.each<[string, RouteOptions, string]>([
    ['rewrite', { rewrite: { path: '/' } }, '{"path":"/"}'],
    ['mirrors', { mirrors: [{ service: web }] }, '[{"service":"shop/web"}]'],
    ['retry', { retry: Retry.upTo(1) }, '"Retry"'],
    ['deadline', { deadline: Duration.seconds(1) }, '1 second'],
    ['fault', { fault: { abortStatus: 500 } }, '{"abortStatus":500}'],
  ])('an answer of its own excludes %s', (property, options, shown) => {
    expect(refused({ ...options, redirect })).toBe(`${property} is ${shown}; leave it out, since redirect never reaches a service`);
    expect(refused({ ...options, directResponse })).toBe(`${property} is ${shown}; leave it out, since directResponse never reaches a service`);
  });
});

describe('redirect', () => {
  test('is kept', () => {
    expect(route({ redirect: { path: '/a', authority: 'b', scheme: 'https', port: 443, status: 308 } }).redirect)
      .toEqual({ path: '/a', authority: 'b', scheme: 'https', port: 443, status: 308 });
    expect(route({ redirect: { scheme: 'http' } }).redirect).toMatchObject({ scheme: 'http', status: 301 });
  });

  test.each<[RouteOptions['redirect'] & object, string]>([
    [{}, 'redirect is {}; give a path, an authority, a scheme or a port: it would send the client in a circle'],
    [{ status: 302 }, 'redirect is {"status":302}; give a path, an authority, a scheme or a port: it would send the client in a circle'],
    [{ path: '/', status: 304 }, 'redirect.status is 304; give 301, 302, 303, 307 or 308'],
    [{ scheme: 'ftp' }, 'redirect.scheme is "ftp"; give http or https'],
    [{ port: 0 }, 'redirect.port is 0; give a whole number from 1 to 65535'],
    [{ path: '' }, 'redirect.path is ""; begin it with a slash'],
    [{ path: 'a' }, 'redirect.path is "a"; begin it with a slash'],
    [{ authority: '' }, 'redirect.authority is ""; leave it out, or give a text'],
  ])('refuses %j', (options, message) => {
    expect(refused({ redirect: options })).toBe(message);
  });
});

describe('direct response', () => {
  test('is kept up to a body of 1 MiB', () => {
    expect(route({ directResponse: { status: 200, body: 'ok' } }).directResponse).toEqual({ status: 200, body: 'ok' });
    expect(route({ directResponse: { status: 599, body: 'é'.repeat(512 * 1024) } }).directResponse?.status).toBe(599);
    expect(refused({ directResponse: { status: 200, body: `${'é'.repeat(512 * 1024)}a` } }))
      .toBe('directResponse.body is "1048577 bytes"; give at most 1048576 bytes: every proxy of every caller holds a copy');
  });

  test.each([199, 600])('refuses status %d', (status) => {
    expect(refused({ directResponse: { status } })).toBe(`directResponse.status is ${status}; give a whole number from 200 to 599`);
  });
});

describe('rewrite', () => {
  test('is kept', () => {
    expect(route({ rewrite: { path: '/a', authority: 'b' } }).rewrite).toEqual({ path: '/a', pathRegex: undefined, authority: 'b' });
    expect(route({ rewrite: { pathPattern: '^/(v1)', pathSubstitution: '/\\1' } }).rewrite)
      .toEqual({ path: undefined, pathRegex: { pattern: '^/(v1)', substitution: '/\\1' }, authority: undefined });
  });

  test.each<[RouteOptions['rewrite'] & object, string]>([
    [{}, 'rewrite is {}; give a path, a pattern or an authority'],
    [{ pathPattern: 'a' }, 'rewrite is {"pathPattern":"a"}; give pathPattern and pathSubstitution together'],
    [{ pathSubstitution: 'a' }, 'rewrite is {"pathSubstitution":"a"}; give pathPattern and pathSubstitution together'],
    [{ pathPattern: 'a', pathSubstitution: 'b', path: '/' }, 'rewrite.path is "/"; leave it out, since pathPattern is given'],
    [{ pathPattern: '', pathSubstitution: 'b' }, 'rewrite.pathPattern is ""; give an expression; an empty one finds nothing'],
    [{ pathPattern: 'a(?=b)', pathSubstitution: 'b' }, 'rewrite.pathPattern is "a(?=b)"; write it without look-around, which RE2 does not know'],
    [{ pathPattern: 'a', pathSubstitution: '' }, 'rewrite.pathSubstitution is ""; leave it out, or give a text'],
    [{ path: '' }, 'rewrite.path is ""; begin it with a slash'],
    [{ authority: '' }, 'rewrite.authority is ""; leave it out, or give a text'],
  ])('refuses %j', (options, message) => {
    expect(refused({ rewrite: options })).toBe(message);
  });
});

describe('mirrors', () => {
  test('are kept', () => {
    expect(route({ mirrors: [{ subset: 'v2' }, { service: web, subset: 'v1', port: 81, percent: 0.5 }] }).mirrors).toEqual([
      { service: 'shop/orders', subset: 'v2', port: undefined, percent: 100 }, { service: 'shop/web', subset: 'v1', port: 81, percent: 0.5 },
    ]);
  });

  test.each<[object, string]>([
    [{}, 'mirrors is {}; give a service or a subset: a copy to the same pods only doubles their load'],
    [{ subset: '' }, 'mirrors.subset is ""; leave it out, or give a text'],
    [{ subset: 'v2', port: 65536 }, 'mirrors.port is 65536; give a whole number from 1 to 65535'],
    [{ subset: 'v2', percent: 101 }, 'mirrors.percent is 101; give a percentage from 0 to 100'],
  ])('refuses %j', (mirror, message) => {
    expect(refused({ mirrors: [mirror] })).toBe(message);
  });
});

describe('headers', () => {
  test('are kept', () => {
    expect(route({ requestHeaders: { overwrite: { a: '1' }, append: { b: '2' }, remove: ['c'] }, responseHeaders: { remove: ['server'] } }))
      .toMatchObject({ requestHeaders: { set: { a: '1' }, add: { b: '2' }, remove: ['c'] }, responseHeaders: { set: {}, add: {}, remove: ['server'] } });
    expect(route({ requestHeaders: { overwrite: { Host: 'a' } } }).requestHeaders?.set).toEqual({ Host: 'a' });
  });

  test.each<[RouteOptions, string]>([
    [{ requestHeaders: { overwrite: { ':path': '/' } } }, 'requestHeaders is ":path"; give the name of an HTTP header: letters, digits and hyphens'],
    [{ responseHeaders: { append: { 'a b': '1' } } }, 'responseHeaders is "a b"; give the name of an HTTP header: letters, digits and hyphens'],
    [{ requestHeaders: { append: { a: '100%' } } }, 'requestHeaders.a is "100%"; write a percent sign as %%'],
    [{ requestHeaders: { remove: ['Host'] } }, 'requestHeaders.remove is "host"; leave it out: a request needs its Host header'],
    [{ responseHeaders: { overwrite: { HOST: 'a' } } }, 'responseHeaders is "HOST"; leave it out: proxies do not change it'],
    [{ requestHeaders: { overwrite: { host: 'a' } }, rewrite: { authority: 'b' } },
      'requestHeaders is "a"; give the Host header once, in requestHeaders.overwrite or in rewrite.authority'],
    [{ requestHeaders: { overwrite: { host: 'a' }, append: { Host: 'b' } } },
      'requestHeaders is "a"; give the Host header once, in requestHeaders.overwrite or in rewrite.authority'],
  ])('refuses %j', (options, message) => {
    expect(refused(options)).toBe(message);
  });
});

describe('CORS', () => {
  const origins = [StringMatch.exact('https://a.example')];

  test('is kept', () => {
    expect(route({
      cors: { origins, methods: ['GET', '*'], headers: ['x-user', '*'], exposeHeaders: ['x-id'], maxAge: Duration.minutes(1), credentials: false },
    }).cors).toEqual({
      origins: [{ kind: 'exact', value: 'https://a.example' }], methods: ['GET', '*'], headers: ['x-user', '*'], exposeHeaders: ['x-id'], maxAgeMs: 60_000,
      credentials: false,
    });
    expect(route({ cors: { origins } }).cors)
      .toEqual({ origins: [{ kind: 'exact', value: 'https://a.example' }], methods: [], headers: [], exposeHeaders: [], maxAgeMs: undefined, credentials: undefined });
  });

  test.each<[RouteOptions['cors'] & object, string]>([
    [{ origins: [] }, 'cors.origins is []; name at least one origin'],
    [{ origins, methods: ['get'] }, 'cors.methods is "get"; give some of GET, HEAD, POST, PUT, PATCH, DELETE, CONNECT, OPTIONS, TRACE, *'],
    [{ origins, headers: ['a b'] }, 'cors.headers is "a b"; give the name of an HTTP header: letters, digits and hyphens'],
    [{ origins, exposeHeaders: [''] }, 'cors.exposeHeaders is ""; give the name of an HTTP header: letters, digits and hyphens'],
    [{ origins, maxAge: Duration.millis(1500) }, 'cors.maxAge is 1 second 500 millis; give whole seconds, as the header Access-Control-Max-Age counts'],
    [{ origins, maxAge: Duration.seconds(0) }, 'cors.maxAge is 0 seconds; give a duration longer than 0'],
  ])('refuses %j', (cors, message) => {
    expect(refused({ cors })).toBe(message);
  });
});

describe('faults', () => {
  test('are kept', () => {
    expect(route({ fault: { delay: Duration.seconds(1) } }).fault).toEqual({ delay: { ms: 1000, percent: 100 }, abort: undefined });
    expect(route({ fault: { delay: Duration.seconds(1), delayPercent: 0.1, abortStatus: 503, abortPercent: 5 } }).fault)
      .toEqual({ delay: { ms: 1000, percent: 0.1 }, abort: { httpStatus: 503, grpcStatus: undefined, percent: 5 } });
    expect(route({ fault: { abortGrpcStatus: 'UNAVAILABLE' } }).fault)
      .toEqual({ delay: undefined, abort: { httpStatus: undefined, grpcStatus: 'UNAVAILABLE', percent: 100 } });
  });

  test.each<[RouteOptions['fault'] & object, string]>([
    [{}, 'fault is {}; give a delay or an abort status'],
    [{ abortStatus: 500, abortGrpcStatus: 'INTERNAL' }, 'fault.abortGrpcStatus is "INTERNAL"; leave it out, since abortStatus is given'],
    [{ abortStatus: 600 }, 'fault.abortStatus is 600; give a whole number from 200 to 599'],
    [{ abortStatus: 500, delayPercent: 5 }, 'fault.delayPercent is 5; leave it out, or give the delay that it is the share of'],
    [{ delay: Duration.seconds(1), abortPercent: 5 }, 'fault.abortPercent is 5; leave it out, or give the abort status that it is the share of'],
    [{ delay: Duration.seconds(1), delayPercent: 101 }, 'fault.delayPercent is 101; give a percentage from 0 to 100'],
    [{ abortStatus: 500, abortPercent: -1 }, 'fault.abortPercent is -1; give a percentage from 0 to 100'],
    [{ delay: Duration.seconds(0) }, 'fault.delay is 0 seconds; give a duration longer than 0'],
  ])('refuses %j', (fault, message) => {
    expect(refused({ fault })).toBe(message);
  });

  test('an unknown gRPC status is refused', () => {
    expect(refused({ fault: { abortGrpcStatus: '14' } })).toMatch(/^fault\.abortGrpcStatus is "14"; give one of OK, CANCELLED, .*, UNAUTHENTICATED$/);
  });
});
