import { nobodyMayCall } from '../../src/checks/nobody-may-call';
import { Severity } from '../../src/model/finding';
import { call, found, lines, port, service } from './model-builder';
import { account, guarded, rule, security } from './security-builder';

test('a closed service without callers', () => {
  expect(lines(nobodyMayCall, { services: [guarded('web')] })).toEqual([
    '[shop/web] nobody may call shop/web (no service declares to call it, and it allows nobody). Say who may, for instance '
    + 'allow(Principal.serviceAccount(\'istio-ingress\', …)) for the gateway in front of it, or declare the calls.',
  ]);
  expect(found(nobodyMayCall, { services: [guarded('db', { headless: true })] })).toHaveLength(1);
});

test('an entry point that only the program may call is an error', () => {
  const services = [service('admin'), guarded('web', { entryPoint: true })];
  expect(found(nobodyMayCall, { services, calls: [call('admin', 'web')] })).toMatchObject([
    { severity: Severity.ERROR, message: 'entryPoint of shop/web is true, and nobody outside the program may call it' },
  ]);
});

test('a service with a caller, with somebody that it allows, without ports, and without policy', () => {
  const allowed = security({ allow: [rule(account('istio-ingress', 'gateway'))] });
  const services = [
    guarded('web', { entryPoint: true, security: allowed }), guarded('orders'), guarded('batch', { ports: [] }), service('open'), guarded('dns', { ports: [port(53, 'udp')] }),
  ];
  expect(found(nobodyMayCall, { services, calls: [call('web', 'orders')] })).toEqual([]);
});
