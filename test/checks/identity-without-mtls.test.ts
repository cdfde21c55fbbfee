import { identityWithoutMtls } from '../../src/checks/identity-without-mtls';
import { Severity } from '../../src/model/finding';
import { call, found, lines, port, service } from './model-builder';
import { guarded, plaintext, security } from './security-builder';

const db = (rest: object) => guarded('db', { ports: [port(3306, 'mysql'), port(8080)], security: security({ plaintext: [plaintext(3306, { mode: 'disabled', ...rest })] }) });
const calls = [call('web', 'db', { port: 3306 })];

test('callers with an identity on a port without any', () => {
  expect(lines(identityWithoutMtls, { services: [service('web'), db({ addresses: ['192.0.2.0/24'] })], calls })).toEqual([
    '[shop/orders] port 3306 of shop/db takes plain connections alone, and only from 192.0.2.0/24: shop/web would be refused there (mTLS is '
    + 'disabled there, as a server that speaks first needs it for plain callers). Give the plain callers a port of their own, or let them join '
    + 'the mesh; callers of the mesh need no exception.',
  ]);
  expect(found(identityWithoutMtls, { services: [service('web'), db({})], calls })).toMatchObject([{
    severity: Severity.WARNING, message: 'port 3306 of shop/db takes plain connections alone: everyone may call it, not shop/web alone',
  }]);
});

test('no such callers, both kinds of connections, another port, and no policy', () => {
  expect(found(identityWithoutMtls, { services: [service('web'), db({})] })).toEqual([]);
  expect(found(identityWithoutMtls, { services: [service('web'), db({ mode: 'permissive' })], calls })).toEqual([]);
  expect(found(identityWithoutMtls, { services: [service('web'), db({})], calls: [call('web', 'db', { port: 8080 })] })).toEqual([]);
  expect(found(identityWithoutMtls, { services: [service('web'), { ...db({}), zeroTrust: undefined }], calls })).toEqual([]);
});
