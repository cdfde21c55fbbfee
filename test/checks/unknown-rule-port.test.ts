import { unknownRulePort } from '../../src/checks/unknown-rule-port';
import { Severity } from '../../src/model/finding';
import { found, lines, port, version, workload } from './model-builder';
import { account, ANYONE, authorizer, guarded, plaintext, rule, security, token } from './security-builder';

test('rules for ports that are not there', () => {
  expect(lines(unknownRulePort, { services: [guarded('orders', { security: security({ allow: [rule(account('a', 'b'), { ports: [80, 8080] })] }) })] })).toEqual([
    '[shop/orders] allow of shop/orders names the port 80, which the service does not have (it has 8080). Name a port of the service, or leave '
    + 'ports out for all of them.',
  ]);
});

test.each([
  ['deny', security({ deny: [rule(ANYONE, { ports: [80] })] })], ['requireJwt', security({ tokens: [token({ ports: [80] })] })],
  ['requireAuthorizer', security({ external: [authorizer({ ports: [80] })] })],
])('%s', (method, said) => {
  expect(found(unknownRulePort, { services: [guarded('orders', { security: said })] })).toMatchObject([{ message: expect.stringContaining(`${method} of shop/orders names the port 80`) }]);
});

test('plain ports are those of the service or of its containers', () => {
  const judge = (number: number, rest = {}) => found(unknownRulePort, { services: [guarded('orders', { security: security({ plaintext: [plaintext(number)] }), ...rest })] });
  const scraped = { versions: [version('v1', { workload: workload('orders', { containers: [{ name: 'main', image: 'a:1', ports: [{ number: 8080 }, { number: 9090 }] }] }) })] };
  expect(judge(9091, scraped)).toMatchObject([{ severity: Severity.WARNING, evidence: 'it has 8080; its containers have 8080 and 9090' }]);
  expect(judge(53, { ports: [port(8080), port(53, 'udp')] })).toMatchObject([{ severity: Severity.ERROR, message: expect.stringContaining('which is UDP') }]);
  expect([...judge(9090, scraped), ...judge(8080)]).toEqual([]);
  const unlisted = { versions: [version('v1', { workload: workload('orders', { containers: [{ name: 'main', image: 'a:1', ports: [] }] }) })] };
  expect(judge(9090, unlisted)).toEqual([]);
});
