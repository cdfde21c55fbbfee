import { App } from 'cdk8s';
import { Matrix } from '../../src/report/matrix';
import { call, port, service } from '../checks/model-builder';
import { account, ANYONE, guarded, migration, PERMISSIVE, plaintext, policy, rule, security, token } from '../checks/security-builder';
import { fortyOne } from './forty-one';
import { blocksOf, dataOf, judgement, paragraphs, reportOf, ReportParts, table } from './support';

const PAIRS = 'Who may call whom, and why';

function matrixOf(parts: ReportParts): Matrix {
  const block = blocksOf('access', parts).find(({ kind }) => kind === 'matrix');
  if (block?.kind !== 'matrix') {
    throw new Error('there is no matrix');
  }
  return block.matrix;
}

/** `row → column mark`. */
function marks(parts: ReportParts): readonly string[] {
  const { rows, columns, fields } = matrixOf(parts);
  return fields.map(({ row, column, mark }) => `${rows[row].title} → ${columns[column].title} ${mark}`);
}

const web = { kind: 'service', service: 'shop/web' } as const;

describe('pairs', () => {
  test('are those that a call or a rule is about, each with its reason; everybody else is the port\'s', () => {
    const parts = { services: [service('web'), service('mail'), guarded('orders', { ports: [port(80), port(81)] })], calls: [call('web', 'orders', { port: 80 })] };
    expect(table(blocksOf('access', parts), PAIRS)).toEqual([['orders', 'web', '80', 'allowed', 'all', '', 'shop/web calls it']]);
    expect(dataOf('access', parts)).toMatchObject({
      ports: [
        { service: 'shop/web', others: 'open', reason: 'no policy is about it' }, { service: 'shop/mail', others: 'open' },
        { service: 'shop/orders', port: 80, others: 'refused', reason: 'nobody else declares a call to it' }, { service: 'shop/orders', port: 81, others: 'refused' },
      ],
      pairs: [{ callee: 'shop/orders', callers: ['shop/web'], ports: [80], answer: 'allowed', inForce: true, requests: null, except: [], conditions: [] }],
      outside: [], exceptions: [],
    });
  });

  test('that are answered alike are one row, with all ports', () => {
    const allow = [rule({ kind: 'namespace', namespace: 'shop' }, { methods: ['GET'], reason: 'one team' })];
    const orders = guarded('orders', { ports: [port(80), port(81)], security: security({ allow }) });
    const parts = { services: [service('web'), service('mail'), orders], calls: [call('web', 'orders')] };
    expect(table(blocksOf('access', parts), PAIRS)).toEqual([
      ['orders', 'web', '80, 81', 'allowed', 'all', '', 'shop/web calls it'],
      ['orders', 'mail', '80, 81', 'allowed', 'GET', '', 'every account of namespace shop: one team'],
    ]);
  });

  test('say which requests, which not, and what else they need', () => {
    const deny = [rule(web, { methods: ['DELETE'], hosts: ['a.example.com'], reason: 'never' })];
    const orders = guarded('orders', { security: security({ deny, tokens: [token()] }) });
    const calls = [call('web', 'orders', { paths: ['/a'] }), call('web', 'orders', { methods: ['GET', 'PUT'], paths: ['/b/*', '/c'] })];
    expect(table(blocksOf('access', { services: [service('web'), orders], calls }), PAIRS)).toEqual([[
      'orders', 'web', '8080', 'allowed', 'any method /a; GET, PUT /b/*, /c, but not DELETE at a.example.com', 'a token of https://id.example.com', 'shop/web calls it',
    ]]);
  });

  test('that are refused for a reason of their own: denied, and without identity', () => {
    const orders = guarded('orders', { security: security({ deny: [rule(web, { reason: 'it is old' })] }) });
    const parts = { services: [service('web'), service('legacy', { meshed: false }), orders], calls: [call('legacy', 'orders')] };
    expect(table(blocksOf('access', parts), PAIRS)).toEqual([
      ['orders', 'web', '8080', 'refused', '', '', 'it is old'],
      ['orders', 'legacy', '8080', 'refused', '', '', 'shop/legacy has no proxy, so no identity'],
    ]);
    expect(marks(parts)).toEqual(['web → orders none', 'legacy → orders none']);
  });

  test('of many callers name twelve', () => {
    const callers = Array.from({ length: 14 }, (_, index) => service(`s${index}`));
    const orders = guarded('orders', { security: security({ allow: [rule(ANYONE, { reason: 'the shop window' })] }) });
    const [row] = table(blocksOf('access', { services: [...callers, orders] }), PAIRS);
    expect(row.slice(0, 2)).toEqual(['orders', `${callers.slice(0, 12).map(({ name }) => name).join(', ')} and 2 more`]);
    expect(dataOf<{ pairs: { callers: string[] }[] }>('access', { services: [...callers, orders] }).pairs[0].callers).toHaveLength(14);
  });
});

describe('the matrix', () => {
  test('has a field for every such pair, and no row and column without one', () => {
    const allow = [rule({ kind: 'service', service: 'shop/mail' }, { paths: ['/a'] })];
    const orders = guarded('orders', { ports: [port(80), port(81)], security: security({ allow, deny: [rule({ kind: 'service', service: 'shop/db' })] }) });
    const parts = { services: [service('web'), service('mail'), service('idle'), guarded('db'), orders], calls: [call('web', 'orders'), call('orders', 'db'), call('mail', 'db', { port: 8080 })] };
    const { rows, columns, legend } = matrixOf(parts);
    expect([rows.map(({ title }) => title), columns.map(({ title }) => title)]).toEqual([['web', 'mail', 'db', 'orders'], ['db', 'orders']]);
    expect(marks(parts)).toEqual(['web → orders all', 'mail → db all', 'mail → orders some', 'db → orders none', 'orders → db all']);
    expect(legend.map(([mark]) => mark)).toEqual(['all', 'some', 'none', 'empty']);
  });

  test('marks a caller of one port of two as some', () => {
    const parts = { services: [service('web'), guarded('orders', { ports: [port(80), port(81)] })], calls: [call('web', 'orders', { port: 80 })] };
    expect(marks(parts)).toEqual(['web → orders some']);
    expect(matrixOf(parts).fields[0]).toMatchObject({ spoken: 'web to orders: allowed, all requests, port 80', to: 'access-1' });
    expect(matrixOf(parts).legend.map(([mark]) => mark)).toEqual(['some', 'empty']);
  });

  test('says of an audit what will be', () => {
    const parts = { services: [service('web'), service('mail'), service('orders', { zeroTrust: PERMISSIVE })], calls: [call('web', 'orders')] };
    expect(marks(parts)).toEqual(['web → orders all']);
    expect(matrixOf(parts).columns).toEqual([{ title: 'orders', to: 'service-shop/orders', faint: true }]);
    expect(matrixOf(parts).description).toContain('Of callees in italics the policy only counts so far');
    expect(table(blocksOf('access', parts), PAIRS)[0].slice(3)).toEqual(['allowed once enforced', 'all', '', 'shop/web calls it']);
    expect(dataOf('access', parts)).toMatchObject({ pairs: [{ answer: 'allowed', inForce: false }], ports: [{}, {}, { others: 'counted', reason: 'its policy only counts' }] });
    expect(paragraphs(blocksOf('access', parts))[0]).toBe('Calls that nobody declared are let through and counted at 1 port and let through at 2 ports.');
  });

  test.each([[100, true], [101, false]])('of %d callers is there: %s', (count, there) => {
    const callers = Array.from({ length: count }, (_, index) => service(`s${index}`));
    const parts = { services: [...callers, guarded('orders')], calls: callers.map(({ name }) => call(name, 'orders')) };
    expect(blocksOf('access', parts).some(({ kind }) => kind === 'matrix')).toBe(there);
    expect(table(blocksOf('access', parts), PAIRS)).toHaveLength(count);
  });

  test('in Markdown is a table up to twelve columns', () => {
    const callees = (count: number) => Array.from({ length: count }, (_, index) => guarded(`s${index}`));
    const markdown = (count: number) => reportOf(judgement({ services: [service('web'), ...callees(count)], calls: callees(count).map(({ name }) => call('web', name)) })).toMarkdown();
    expect(markdown(12)).toContain(`\n| [web](#shopweb) |${' all |'.repeat(12)}\n`);
    expect(markdown(13)).toContain('**Who may call whom: 1 caller, 13 callees**. It is a matrix in the HTML report; the table of pairs says the same.');
  });
});

test('a program without a policy is open, and says so once', () => {
  const parts = { services: [service('web'), service('orders')], calls: [call('web', 'orders')] };
  expect(blocksOf('access', parts).map(({ kind }) => kind)).toEqual(['paragraph']);
  expect(paragraphs(blocksOf('access', parts))[0]).toMatch(/^No policy is about any service: whoever reaches a port may call it/);
  expect(paragraphs(blocksOf('access', {}))).toEqual(['No service of the program takes calls.']);
});

test('a denial counts where no policy closes anything', () => {
  const orders = service('orders', { security: security({ deny: [rule(web, { reason: 'it is old' }), rule({ kind: 'service', service: 'shop/mail' }, { methods: ['PUT'] })] }) });
  const blocks = blocksOf('access', { services: [service('web'), service('mail'), orders] });
  expect(table(blocks, PAIRS)).toEqual([
    ['orders', 'web', '8080', 'refused', '', '', 'it is old'], ['orders', 'mail', '8080', 'open', 'all, but not PUT', '', 'no policy is about it'],
  ]);
  expect(blocks.some(({ kind }) => kind === 'matrix')).toBe(false);
});

test('policies, callers from outside, exceptions, and what stays open', () => {
  const zeroTrust = policy({ migration: migration({ exceptions: [{ namespace: 'night', reason: 'machines without proxies' }] }), networkPolicies: false, sealEgress: false });
  const orders = service('orders', { zeroTrust, security: security({ allow: [rule(account('batch', 'nightly'), { methods: ['POST'], paths: ['/x'], reason: 'at night' })] }) });
  const db = service('db', { zeroTrust, security: security({ plaintext: [plaintext(8080, { addresses: ['10.0.0.0/8'], until: '2035-12-31' })] }) });
  const blocks = blocksOf('access', { services: [orders, db, service('batch', { namespace: 'night', zeroTrust }), service('legacy', { meshed: false, zeroTrust })] });
  expect(table(blocks, 'Policies')).toEqual([['shop/zero-trust', 'every namespace of the program', 'shop', 'night', 'none', 'leave the proxy']]);
  expect(table(blocks, 'Who else may call, beside the services of the program')).toEqual([
    ['account batch/nightly', 'shop/orders', '8080', 'POST /x', '', 'at night'],
    ['10.0.0.0/8, without identity', 'shop/db', '8080', 'all', '', 'a scraper'],
  ]);
  expect(table(blocks, 'Where connections need no identity')).toEqual([
    ['namespace night', 'everywhere', 'no end', 'machines without proxies'], ['shop/db port 8080', '10.0.0.0/8', '2035-12-31', 'a scraper'],
  ]);
  expect(paragraphs(blocks)).toContain('Open to whoever reaches them, since its pods have no proxy: shop/legacy.');
  const scoped = [policy({ scope: { kind: 'namespaces', namespaces: ['shop', 'post'] } }), policy({ scope: { kind: 'mesh', gateways: [] } })];
  expect(scoped.map((one) => table(blocksOf('access', { services: [service('orders', { zeroTrust: one })] }), 'Policies')[0][1])).toEqual(['shop, post', 'the whole mesh']);
});

test('every field of the matrix agrees with the model, for a program of 41 services', () => {
  const judged = fortyOne(new App())._judgement();
  const page = reportOf(judged).toHtml();
  const fields = [...page.matchAll(/<td class="(all|some|none)"><a href="#(access-\d+)" title="(\S+) to (\S+): /g)];
  const declared = judged.model.calls.filter(({ callee }) => judged.model.serviceById.has(callee)).map(({ caller, callee }) => `${caller} ${callee}`);
  const allowed = fields.filter(([, mark]) => mark !== 'none').map(([, , , caller, callee]) => `${caller} ${callee}`);
  expect(declared.filter((pair) => !allowed.includes(pair))).toEqual([]);
  expect(fields.filter(([, mark]) => mark === 'none').map(([, , , caller, callee]) => `${caller} ${callee}`)).toEqual(['edge/partner-api catalog/media']);
  // Beside the declared calls, one rule lets a namespace in.
  expect([...new Set(allowed.filter((pair) => !declared.includes(pair)).map((pair) => pair.split(' ')[1]))]).toEqual(['catalog/feature-store']);
  expect(fields.every(([, , anchor]) => page.includes(`<tr id="${anchor}">`))).toBe(true);
});

test('of a thousand services under one policy only what is declared is worked out', () => {
  const services = Array.from({ length: 1000 }, (_, index) => guarded(`s${index}`));
  const calls = services.slice(1).map(({ name }, index) => call(services[index].name, name));
  const { pairs } = dataOf<{ pairs: unknown[] }>('access', { services, calls, findings: [] });
  expect(pairs).toHaveLength(999);
});
