import { denyBlocksTcp } from '../../src/checks/deny-blocks-tcp';
import { found, lines, object, port, service } from './model-builder';

const services = [service('orders', { ports: [port(8080), port(9000, 'tcp')] }), service('web')];

function judge(rule: object, rest: object = {}, namespace = 'shop') {
  const spec = { action: 'DENY', rules: [rule], ...rest };
  return found(denyBlocksTcp, { services, objects: [object('AuthorizationPolicy', 'by-hand', { apiVersion: 'security.istio.io/v1', namespace, body: { spec } })] });
}

const METHODS = { to: [{ operation: { methods: ['DELETE'] } }] };
const TOKEN = { from: [{ source: { notRequestPrincipals: ['*'] } }] };

test('a denial of requests that names no port', () => {
  const objects = [object('AuthorizationPolicy', 'by-hand', { apiVersion: 'security.istio.io/v1', body: { spec: { action: 'DENY', rules: [METHODS] } } })];
  expect(lines(denyBlocksTcp, { services, objects })).toEqual([
    '[shop/by-hand-authorizationpolicy] the AuthorizationPolicy by-hand denies requests without naming ports, which refuses every connection to '
    + 'shop/orders:9000 (these ports do not speak HTTP). Name the container ports that speak HTTP in to.operation.ports, or say it on the '
    + 'service with deny.',
  ]);
});

test.each([
  ['a token', TOKEN, {}, 'shop'], ['a claim', { when: [{ key: 'request.auth.claims[a]', notValues: ['b'] }] }, {}, 'shop'],
  ['a selector', METHODS, { selector: { matchLabels: { app: 'orders' } } }, 'shop'], ['the whole mesh', METHODS, {}, 'istio-system'],
])('%s', (_, rule, rest, namespace) => {
  expect(judge(rule, rest, namespace)).toHaveLength(1);
});

test.each([
  ['ports', { to: [{ operation: { methods: ['DELETE'], ports: ['8080'] } }] }, {}, 'shop'],
  ['callers alone', { from: [{ source: { namespaces: ['x'] } }] }, {}, 'shop'],
  ['a source that TCP has, too', { ...TOKEN, from: [{ source: { notRequestPrincipals: ['*'], namespaces: ['x'] } }] }, {}, 'shop'],
  ['a condition that TCP has, too', { ...METHODS, when: [{ key: 'destination.port', values: ['8080'] }] }, {}, 'shop'],
  ['another action', METHODS, { action: 'ALLOW' }, 'shop'],
  ['pods that speak HTTP alone', METHODS, { selector: { matchLabels: { app: 'web' } } }, 'shop'],
  ['another namespace', METHODS, {}, 'bank'],
])('no finding: %s', (_, rule, rest, namespace) => {
  expect(judge(rule, rest, namespace)).toEqual([]);
});
