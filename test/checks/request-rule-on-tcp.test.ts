import { requestRuleOnTcp } from '../../src/checks/request-rule-on-tcp';
import { call, found, lines, port, service } from './model-builder';
import { account, ANYONE, authorizer, guarded, rule, security, token } from './security-builder';

const TCP = { ports: [port(5432, 'postgres')] };
const BOTH = { ports: [port(8080), port(9000, 'tcp')] };

test('rules about requests on ports without any', () => {
  const db = guarded('db', { ...TCP, security: security({ allow: [rule(account('batch', 'nightly'), { methods: ['GET'], paths: ['/a'] })] }) });
  expect(lines(requestRuleOnTcp, { services: [db] })).toEqual([
    '[shop/orders] allow of shop/db names methods and paths, and port 5432 does not speak HTTP (5432 is postgres). Leave that out and name the '
    + 'ports alone, or give the port its real protocol, for instance MeshPort.http or MeshPort.grpc.',
  ]);
});

test.each([
  ['deny of shop/db names hosts', security({ deny: [rule(ANYONE, { hosts: ['a'] })] })],
  ['requireJwt of shop/db asks for tokens of https://id.example.com', security({ tokens: [token()] })],
  ['requireAuthorizer of shop/db asks opa', security({ external: [authorizer()] })],
])('%s', (subject, said) => {
  expect(found(requestRuleOnTcp, { services: [guarded('db', { ...TCP, security: said })] })).toMatchObject([{ message: expect.stringContaining(subject) }]);
});

test('a call that names paths', () => {
  const parts = { services: [service('web'), guarded('db', BOTH)] };
  expect(found(requestRuleOnTcp, { ...parts, calls: [call('web', 'db', { port: 9000, paths: ['/a'] })] }))
    .toMatchObject([{ construct: 'shop/web', message: expect.stringContaining('the call to shop/db names paths, and port 9000') }]);
  expect(found(requestRuleOnTcp, { ...parts, calls: [call('web', 'db', { port: 8080, paths: ['/a'] }), call('web', 'db', { paths: ['/a'] })] })).toEqual([]);
});

test('a rule that names a silent port, beside one that leaves the ports open', () => {
  const said = (ports: number[]) => guarded('db', { ...BOTH, security: security({ allow: [rule(account('a', 'b'), { ports, methods: ['GET'] })] }) });
  expect(found(requestRuleOnTcp, { services: [said([8080, 9000])] })).toHaveLength(1);
  expect(found(requestRuleOnTcp, { services: [said([]), said([8080])] })).toEqual([]);
});

test('rules about ports alone, and an authorizer of connections', () => {
  const said = security({ allow: [rule(account('a', 'b'), { ports: [5432] })], external: [authorizer({ connections: true })] });
  expect(found(requestRuleOnTcp, { services: [guarded('db', { ...TCP, security: said })] })).toEqual([]);
});
