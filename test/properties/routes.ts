/** Random routes. */
import fc from 'fast-check';
import { RouteSpec } from './program';
import { Values, index, some } from './values';

export function routes(known: Values): fc.Arbitrary<RouteSpec> {
  const { wild, odd, millis, percent, port, name, text, path, regex, wildNumber, weights, policy } = known;

  const matches = fc.array(some({
    path: fc.oneof(
      fc.record({ kind: fc.constantFrom('exact', 'prefix'), value: path, ignoreCase: fc.boolean() }), fc.record({ kind: fc.constant('regex'), value: regex }),
    ),
    method: odd(fc.constantFrom('GET', 'POST', 'DELETE'), fc.constantFrom('', 'get')),
    header: fc.record({ name, kind: fc.constantFrom('exact', 'prefix', 'regex', 'present', 'absent'), value: fc.constantFrom('a', 'me', '[a-z]+') }),
    query: fc.record({ name: fc.constantFrom('q', 'page'), kind: fc.constantFrom('exact', 'regex'), value: fc.constantFrom('1', 'a.*') }),
    caller: index,
    port: index,
    ...(wild && { rawPort: port }),
  }), { maxLength: 2 });

  const target = some({ service: index, subset: index, port: index, ...(wild && { rawPort: port }) });
  const backends = fc.integer({ min: 1, max: 3 })
    .chain((length) => fc.tuple(fc.array(target, { minLength: length, maxLength: length }), weights(length)))
    .map(([targets, list]) => targets.map((one, n) => ({ ...one, weight: list[n] ?? 0 })));
  const redirect = some({
    path, authority: fc.constant('shop.example.com'), scheme: odd(fc.constantFrom('http', 'https'), fc.constant('ftp')), port,
    status: odd(fc.constantFrom(301, 302, 303, 307, 308), fc.constantFrom(200, 304)),
  }).map((one) => wild ? one : { path: '/', ...one });
  const directResponse = fc.record({ status: odd(fc.constantFrom(200, 404, 503), wildNumber), body: text });

  const action: fc.Arbitrary<any> = fc.oneof(
    { weight: 4, arbitrary: some({ backends }) },
    { weight: 2, arbitrary: fc.record({ split: weights(2) }) },
    { weight: 1, arbitrary: redirect.map((one) => ({ plain: { redirect: one } })) },
    { weight: 1, arbitrary: directResponse.map((one) => ({ plain: { directResponse: one } })) },
  );

  /** What only a route can have that leads to a service. */
  const forwarding = some({
    ...policy,
    streaming: fc.boolean(),
    mirrors: fc.array(fc.tuple(target, some({ percent })).map(([one, share]) => ({ ...one, ...share })), { maxLength: 2 }),
    fault: some({ delayMs: millis, abortStatus: odd(fc.constantFrom(500, 503), wildNumber), delayPercent: percent, abortPercent: percent })
      .map((one) => wild ? one : { delayMs: 5, abortStatus: 500, ...one }),
    rewrite: fc.oneof(
      some({ path, authority: fc.constant('shop.example.com') }).map((one) => wild ? one : { path: '/', ...one }),
      fc.record({ pathPattern: regex, pathSubstitution: text }),
    ),
  });

  const headers = some({
    overwrite: fc.dictionary(name, text, { maxKeys: 2 }), append: fc.dictionary(name, text, { maxKeys: 2 }), remove: fc.array(name, { maxLength: 2 }),
  });
  const cors = some({
    methods: fc.subarray(['GET', 'POST', '*']), headers: fc.array(name, { maxLength: 2 }), maxAgeSeconds: fc.constantFrom(1, 60),
    credentials: fc.boolean(),
  });

  return fc.tuple(action, forwarding, some({ matches, cors }), some({ requestHeaders: headers, responseHeaders: headers }))
    .map(([{ plain: answer, ...act }, { rewrite, deadline, ...rest }, others, changes]) => {
      const forwards = answer === undefined || wild;
      return {
        ...act, ...others, ...(forwards && { ...rest, ...((rest.streaming !== true || wild) && { deadline }) }),
        plain: { ...answer, ...changes, ...(forwards && rewrite !== undefined && { rewrite }) },
      };
    });
}
