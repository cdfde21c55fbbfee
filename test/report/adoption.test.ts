import { adoptionOrder, calleesFirst } from '../../src/report/adoption-order';
import { call, external, model, Parts, retry, route, service } from '../checks/model-builder';
import { blocksOf, dataOf, paragraphs, ReportParts, table } from './support';

const chain: Parts = {
  services: ['web', 'orders', 'ledger', 'mail'].map((name) => service(name)),
  externals: [external('bank')],
  calls: [call('web', 'orders'), call('orders', 'ledger'), call('web', 'mail'), call('ledger', 'bank')],
};

test('callees come before their callers, else as declared', () => {
  expect(calleesFirst(model(chain))).toEqual(['shop/ledger', 'shop/mail', 'shop/orders', 'shop/web']);
});

test('a diamond waits for its longest side', () => {
  const diamond = model({
    services: ['a', 'b', 'c', 'd'].map((name) => service(name)), calls: [call('a', 'b'), call('a', 'd'), call('b', 'c'), call('c', 'd')],
  });
  expect(calleesFirst(diamond)).toEqual(['shop/d', 'shop/c', 'shop/b', 'shop/a']);
});

test('services in a ring join one after the other, and the first says what joins later', () => {
  const ring = model({
    services: ['a', 'b', 'leaf', 'top'].map((name) => service(name)), calls: [call('a', 'b'), call('b', 'a'), call('b', 'leaf'), call('top', 'a')],
  });
  const steps = adoptionOrder(ring, 'mtls-only').flatMap((step) => step.stage === 'services' ? [[step.service, step.joined, step.later]] : []);
  expect(steps).toEqual([
    ['shop/leaf', [], []], ['shop/a', [], ['shop/b']], ['shop/b', ['shop/a', 'shop/leaf'], []], ['shop/top', ['shop/a'], []],
  ]);
});

test('mTLS and observability are first, traffic rules last', () => {
  const ruled = { ...chain, services: [service('web', { routes: [route('web', 'api')] }), service('orders', { retry: retry(1) }), service('ledger'), service('mail')] };
  const order = adoptionOrder(model(ruled), 'full-mesh');
  expect(order.map(({ step, stage }) => [step, stage])).toEqual([
    [1, 'mtls-and-observability'], [2, 'services'], [3, 'services'], [4, 'services'], [5, 'services'], [6, 'traffic-rules'], [7, 'traffic-rules'],
  ]);
  expect(order.flatMap((step) => step.stage === 'traffic-rules' ? [[step.service, step.rules]] : [])).toEqual([['shop/orders', ['retry']], ['shop/web', ['route api']]]);
  expect(adoptionOrder(model(ruled), 'mtls-only').some(({ stage }) => stage === 'traffic-rules')).toBe(false);
  expect(adoptionOrder(model(ruled), 'too-early')).toEqual([]);
  expect(adoptionOrder(model({}), 'full-mesh')).toEqual([]);
});

test('ten thousand services in a row need no stack', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
  const row = model({ services: names.map((name) => service(name)), calls: names.slice(1).map((name, index) => call(names[index], name)) });
  expect(calleesFirst(row)[0]).toBe('shop/s9999');
});

const ASSESSED: ReportParts = {
  ...chain,
  mesh: { adoption: { services: 25, languages: 1, regulatedEncryption: true, hardToDebugLatency: false, kubernetes: 'some' } },
};

describe('the section', () => {
  test('shows every line with what it is worth, what counts and why', () => {
    expect(table(blocksOf('adoption', ASSESSED), 'Points of the adoption score')).toEqual([
      ['more than 10 services', '+2', '+2', '25 services, stated'],
      ['fewer than 5 services', '−3', '0', '25 services, stated'],
      ['several languages', '+2', '0', '1 languages, stated'],
      ['regulation asks for encryption in transit', '+3', '+3', 'stated'],
      ['canaries at traffic level', '+1', '0', 'none'],
      ['latency across services is hard to debug', '+2', '0', 'stated not to be so'],
      ['experience with Kubernetes', '+1', '0', 'Kubernetes is known to some, or nothing is said of it'],
      ['new to Kubernetes', '−2', '0', 'Kubernetes is known to some, or nothing is said of it'],
      ['Sum', '', '+5', ''],
    ]);
    expect(dataOf('adoption', ASSESSED)).toMatchObject({ assessed: true, score: 5, advised: 'full-mesh', level: 'full-mesh', override: null });
  });

  test('says that nobody assessed the organisation, and advises by what the program shows', () => {
    expect(paragraphs(blocksOf('adoption', chain))).toContainEqual(expect.stringContaining('was not assessed'));
    expect(paragraphs(blocksOf('adoption', ASSESSED))).not.toContainEqual(expect.stringContaining('was not assessed'));
    expect(dataOf('adoption', chain)).toMatchObject({ assessed: false, score: -3, level: 'too-early', order: [] });
    expect(paragraphs(blocksOf('adoption', chain))).toContainEqual(expect.stringContaining('no service should join yet'));
  });

  test('keeps the reason of an override, and orders by the level taken', () => {
    const overridden: ReportParts = {
      ...chain,
      mesh: { adoption: { regulatedEncryption: false, hardToDebugLatency: false, kubernetes: 'some', override: { level: 'mtls-only', reason: 'the bank asks for it' } } },
    };
    expect(paragraphs(blocksOf('adoption', overridden))).toContainEqual('The level was overridden on purpose to mTLS only: the bank asks for it');
    expect(dataOf('adoption', overridden)).toMatchObject({ advised: 'too-early', level: 'mtls-only', override: { level: 'mtls-only', reason: 'the bank asks for it' } });
    expect(table(blocksOf('adoption', overridden), 'Proposed order of adoption').map(([, what, why]) => [what, why])).toEqual([
      ['Control plane, certificates, metrics and traces; proxies accept plain connections beside encrypted ones', 'No caller breaks, and every later step can be watched'],
      ['ledger joins', 'It calls no other service'],
      ['mail joins', 'It calls no other service'],
      ['orders joins', 'What it calls has joined: ledger'],
      ['web joins', 'What it calls has joined: orders, mail'],
    ]);
  });
});
