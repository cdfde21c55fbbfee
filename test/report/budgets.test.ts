import { meshProxyCost } from '../../src/model/proxy-cost';
import { call, model, Parts, port, retry, route, service } from '../checks/model-builder';
import { blocksOf, dataOf, paragraphs, table } from './support';

const names = ['web', 'orders', 'payments', 'ledger'];
const chain = (retries: number, rest: Partial<Parts> = {}): Parts => ({
  services: names.map((name) => service(name)),
  calls: names.slice(1).map((name, index) => call(names[index], name, { retry: retry(retries) })),
  ...rest,
});

interface Budgets {
  readonly requestAmplification: {
    readonly entryPoints: readonly { readonly requests: number; readonly healthy: number; readonly exceeded: boolean }[];
  };
  readonly time: { readonly entryPoints: readonly { readonly entry: string; readonly totalMs: number | null; readonly during: string | null }[] };
}

describe('request amplification', () => {
  test('three hops of five attempts are 125, above the budget', () => {
    const [entry] = dataOf<Budgets>('budgets', chain(4)).requestAmplification.entryPoints;
    expect(entry).toMatchObject({ entry: 'shop/web', target: 'shop/ledger', requests: 125, healthy: 1, exceeded: true });
    expect(table(blocksOf('budgets', chain(4)), 'Request amplification of each entry point')).toEqual([
      ['web', 'ledger', '125', '1', 'web → orders (5 attempts) → payments (5 attempts) → ledger (5 attempts)', 'above 8'],
    ]);
  });

  test('three hops of two attempts are 8, within the budget', () => {
    expect(table(blocksOf('budgets', chain(1)), 'Request amplification of each entry point')[0].slice(2)).toEqual([
      '8', '1', 'web → orders (2 attempts) → payments (2 attempts) → ledger (2 attempts)', 'within',
    ]);
  });

  test('calls of the normal course alone are no amplification', () => {
    const often = chain(0, { calls: [call('web', 'orders', { times: 20 })] });
    expect(table(blocksOf('budgets', often), 'Request amplification of each entry point')).toEqual([['web', 'orders', '20', '20', 'web → orders (20)', 'calls alone, no retries']]);
    expect(dataOf<Budgets>('budgets', often).requestAmplification.entryPoints[0].exceeded).toBe(false);
  });

  test('each entry point has its own line; one that calls nothing has none', () => {
    const two = chain(1, { services: [...names, 'batch', 'idle'].map((name) => service(name)), calls: [call('web', 'orders'), call('batch', 'orders', { times: 3 })] });
    expect(table(blocksOf('budgets', two), 'Request amplification of each entry point').map((row) => row.slice(0, 3))).toEqual([['web', 'orders', '1'], ['batch', 'orders', '3']]);
  });
});

describe('time', () => {
  const waits = (parts: Parts) => table(blocksOf('budgets', parts), 'Worst-case time of each entry point');

  test('sequential calls add up, of parallel ones the longest counts', () => {
    const calls = [
      call('web', 'orders', { deadline: 1000, times: 2 }), call('web', 'payments', { deadline: 300, parallel: true }), call('web', 'ledger', { deadline: 700, parallel: true }),
    ];
    expect(waits(chain(0, { calls }))).toEqual([['web', '2.7 s', 'orders 2 s (2 calls), ledger 700 ms']]);
  });

  test('attempts with their pauses count where they end before the deadline', () => {
    const calls = [call('web', 'orders', { retry: retry(2, { perTryMs: 400 }) })];
    // Pauses of 25 and 50 ms at most.
    expect(waits(chain(0, { calls }))).toEqual([['web', '1.275 s', 'orders 1.275 s']]);
  });

  test('without a limit there is none, in JSON null', () => {
    const endless = chain(0, { calls: [call('web', 'orders')], services: [service('web'), service('orders', { ports: [port(8080, 'grpc', { streaming: true })] })] });
    expect(waits(endless)).toEqual([['web', 'no limit', 'orders no limit']]);
    expect(dataOf<Budgets>('budgets', endless).time.entryPoints).toMatchObject([{ entry: 'shop/web', totalMs: null }]);
  });

  test('the route that waits longest is named', () => {
    const calls = [call('web', 'orders', { deadline: 100 }), call('web', 'ledger', { deadline: 900, during: 'report' }), call('web', 'payments', { deadline: 200, during: 'pay' })];
    const services = [service('web', { routes: [route('web', 'report'), route('web', 'pay')] }), service('orders'), service('payments'), service('ledger')];
    expect(waits({ services, calls })).toEqual([['web, route report', '1 s', 'orders 100 ms, ledger 900 ms']]);
  });
});

describe('proxies', () => {
  const parts: Parts = {
    services: [service('web', { requestsPerSecond: 1000, pods: { min: 2, max: 10 } }), service('orders', { pods: undefined, namespace: 'back', id: 'back/orders' })],
    calls: [{ ...call('web', 'orders'), callee: 'back/orders' }],
    mesh: { budgets: { requestAmplification: 8, proxyMemoryBytes: 2 ** 40, namespaceMemoryBytes: { back: 1 } } },
  };

  test('are those of the model, with the budgets that the program sets', () => {
    const cost = meshProxyCost(model(parts));
    expect(dataOf('budgets', parts)).toMatchObject({
      proxies: {
        memoryBytes: { predicted: Math.round(cost.memoryBytes), budget: 2 ** 40 },
        cores: { predicted: 0.4, budget: null },
        namespaces: [{ namespace: 'shop', budget: null }, { namespace: 'back', predicted: Math.round(cost.memoryByNamespace.get('back')!), budget: 1 }],
        services: [{ service: 'shop/web', pods: 10, podsKnown: true, cores: 0.4 }, { service: 'back/orders', pods: 1, podsKnown: false, cores: null }],
      },
    });
    const totals = table(blocksOf('budgets', parts), 'Proxies in total');
    expect(totals.map(([what, , , state]) => [what, state])).toEqual([
      ['Memory of all proxies', 'within'], ['Memory of the proxies of shop', 'no budget'], ['Memory of the proxies of back', 'above'], ['CPU of all proxies', 'no budget'],
    ]);
  });

  test('are not those of services outside the mesh', () => {
    const one = service('legacy', { meshed: false });
    expect(dataOf('budgets', { services: [one] })).toMatchObject({ proxies: { services: [], namespaces: [], memoryBytes: { predicted: 0 }, cores: { predicted: 0 } } });
    expect(paragraphs(blocksOf('budgets', { services: [one] }))).toContainEqual('No service of the program has proxies.');
    expect(dataOf('services', { services: [one] })).toMatchObject([{ meshed: false, figures: { proxyMemoryBytesEach: null, proxyMemoryBytes: null } }]);
  });

  test('say what was assumed', () => {
    expect(paragraphs(blocksOf('budgets', parts)).join(' ')).toContain('For 1 service the number of pods is unknown, and one is assumed.');
    expect(paragraphs(blocksOf('budgets', parts)).join(' ')).toContain('1 service declares no rate and is not in it.');
  });
});
