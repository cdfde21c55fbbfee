import { Amplification } from '../../src/model/amplification';
import { callGraph, entryPointsOf } from '../../src/model/call-graph';
import { CallNode, MeshModel } from '../../src/model/mesh-model';
import { RetryPolicy } from '../../src/model/policy';
import { call, model, service } from '../checks/model-builder';
import fc from '../support/fc';

const FAILING: RetryPolicy['on'] = ['server-error'];

function retrying(caller: string, callee: string, retries: number, rest: Partial<CallNode> = {}): CallNode {
  return call(caller, callee, { retry: { retries, on: FAILING }, ...rest });
}

function mesh(names: readonly string[], calls: readonly CallNode[], routes: Readonly<Record<string, readonly string[]>> = {}): MeshModel {
  return model({
    services: names.map((name) => service(name, {
      routes: (routes[name] ?? []).map((route) => ({ name: route, origin: `shop/${name}`, matches: [], backends: [], mirrors: [] })),
    })),
    calls,
  });
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

interface Edge extends Partial<CallNode> {
  readonly from: number;
  readonly over: number;
  readonly retries: number;
}

/** Edges lead forwards only, so that the graph has no ring. */
function toCall({ from, over, retries, ...rest }: Edge): CallNode {
  return retrying(NAMES[from], NAMES[Math.min(5, from + 1 + over)], retries, rest);
}

/** Every path walked by hand: the definition, without any cleverness. */
function brute(of: MeshModel, from: string, target: string, operation?: string): number {
  const specific = [...new Set(of.calls.filter((one) => one.caller === from && one.during !== undefined).map((one) => one.during!))];
  const arrive = (during: string): number => (from === target ? 1 : 0) + of.calls
    .filter((one) => one.caller === from && (one.during === undefined || one.during === during))
    .reduce((sum, one) => sum + one.times * (1 + (one.retry?.retries ?? 0)) * brute(of, one.callee, target, one.operation), 0);
  return operation === undefined ? Math.max(...[...specific, ''].map(arrive)) : arrive(operation);
}

describe('the worst case of requests', () => {
  test('of a chain of three hops with four retries each is 5, 25 and 125', () => {
    const chain = mesh(['client', 'a', 'b', 'c'], [retrying('client', 'a', 4), retrying('a', 'b', 4), retrying('b', 'c', 4)]);
    const amplification = new Amplification(chain);
    expect(['a', 'b', 'c'].map((name) => amplification.worst(`shop/${name}`)!.requests)).toEqual([5, 25, 125]);
    expect(amplification.worst('shop/c')!.healthy).toBe(1);
  });

  test('of a diamond is the sum of both ways', () => {
    const diamond = mesh(['web', 'left', 'right', 'db'], [
      retrying('web', 'left', 1), call('web', 'right'), retrying('left', 'db', 2), call('right', 'db', { times: 2 }),
    ]);
    expect(new Amplification(diamond).worst('shop/db')).toMatchObject({ entry: 'shop/web', requests: 2 * 3 + 2, healthy: 3 });
  });

  test('counts only attempts that the application may see', () => {
    const policy: RetryPolicy = { retries: 4, on: ['connect-failure', 'refused-stream'] };
    const unseen = mesh(['web', 'db'], [call('web', 'db', { retry: policy })]);
    expect(new Amplification(unseen).worst('shop/db')!.requests).toBe(1);
    const seen = mesh(['web', 'db'], [call('web', 'db', { retry: { ...policy, on: ['connect-failure', 'reset'] } })]);
    expect(new Amplification(seen).worst('shop/db')!.requests).toBe(5);
  });

  test('is bounded by a retry budget to its share', () => {
    const budget = { pool: {}, ejection: 'off', retryBudget: { percent: 20, minConcurrency: 3 } } as const;
    const bounded = model({
      services: [service('web'), service('db', { circuitBreaker: budget })], calls: [retrying('web', 'db', 3)],
    });
    expect(new Amplification(bounded).worst('shop/db')!.requests).toBeCloseTo(1.2);
  });

  test('follows operations where calls are declared for them', () => {
    const calls = [
      call('web', 'orders', { operation: 'list' }), retrying('orders', 'ledger', 4, { during: 'place' }), call('orders', 'ledger', { during: 'list' }),
    ];
    expect(new Amplification(mesh(['web', 'orders', 'ledger'], calls, { orders: ['list', 'place'] })).worst('shop/ledger')!.requests).toBe(1);
    const any = [call('web', 'orders'), ...calls.slice(1)];
    expect(new Amplification(mesh(['web', 'orders', 'ledger'], any, { orders: ['list', 'place'] })).worst('shop/ledger')!.requests).toBe(5);
  });

  test('equals brute force over all paths on random graphs', () => {
    const operation = fc.constantFrom(undefined, undefined, 'x', 'y');
    const edge = fc.record({ from: fc.nat(4), over: fc.nat(4), times: fc.nat(2), retries: fc.nat(2), during: operation, operation });
    fc.assert(fc.property(fc.array(edge, { maxLength: 10 }), (edges) => {
      const calls = edges.map(toCall);
      const of = mesh(NAMES, calls, Object.fromEntries(NAMES.map((name) => [name, ['x', 'y']])));
      const amplification = new Amplification(of);
      const entries = entryPointsOf(amplification.graph);
      for (const target of NAMES) {
        const id = `shop/${target}`;
        const others = entries.filter((entry) => entry !== id);
        const worst = Math.max(0, ...others.map((entry) => brute(of, entry, id)));
        expect(amplification.worst(id)?.requests ?? 0).toBe(worst);
      }
    }), { numRuns: 400 });
  });

  test('is found for every entry point above the limit and for no other, on random graphs', () => {
    const operation = fc.constantFrom(undefined, undefined, undefined, 'x', 'y');
    const edge = fc.record({ from: fc.nat(4), over: fc.nat(4), times: fc.nat(3), retries: fc.nat(3), during: operation, operation });
    fc.assert(fc.property(fc.array(edge, { maxLength: 10 }), fc.integer({ min: 1, max: 12 }), (edges, limit) => {
      const calls = edges.map(toCall);
      const routes = Object.fromEntries(NAMES.map((name) => [name, ['x', 'y']]));
      const of = mesh(NAMES, calls, routes);
      const healthy = mesh(NAMES, calls.map((one) => ({ ...one, retry: undefined })), routes);
      const amplification = new Amplification(of);
      const entries = entryPointsOf(amplification.graph);
      const expected = entries.filter((entry) => of.services.some(({ id }) => {
        const requests = brute(of, entry, id);
        return id !== entry && requests > limit && requests > brute(healthy, entry, id);
      }));
      expect(amplification.exceeding(limit).map((path) => path.entry).sort()).toEqual(expected.sort());
      for (const path of amplification.exceeding(limit)) {
        expect(path.requests).toBe(brute(of, path.entry, path.target));
        const proposal = amplification.proposal(path, limit);
        if (typeof proposal !== 'string') {
          expectMinimal(of, path.entry, limit, proposal);
        }
      }
    }), { numRuns: 400 });
  });
});

test('a service of which retries reach one operation alone is judged by all that reaches it', () => {
  const calls = [call('b', 'c', { operation: 'x' }), retrying('b', 'c', 2, { operation: 'y' }), call('c', 'd', { times: 0, during: 'x' })];
  const amplification = new Amplification(mesh(NAMES, calls, { c: ['x', 'y'] }));
  expect(amplification.exceeding(3)).toEqual([expect.objectContaining({ entry: 'shop/b', target: 'shop/c', requests: 4, healthy: 2 })]);
  expect(amplification.exceeding(4)).toEqual([]);
});

test('a service that calls another one less than once a request is judged by itself', () => {
  const amplification = new Amplification(mesh(NAMES, [retrying('a', 'b', 4), call('b', 'c', { times: 0.1 })]));
  expect(amplification.exceeding(4).map(({ target, requests }) => [target, requests])).toEqual([['shop/b', 5]]);
});

/** The proposed calls mend the entry point, and leaving out any one of them does not. */
function expectMinimal(of: MeshModel, entry: string, limit: number, proposal: readonly CallNode[]): void {
  const stillAbove = (quiet: readonly CallNode[]): boolean => {
    const calls = of.calls.map((one) => quiet.includes(one) ? { ...one, retry: undefined } : one);
    return new Amplification({ ...of, calls }).exceeding(limit).some((path) => path.entry === entry);
  };
  expect(stillAbove(proposal)).toBe(false);
  for (const left of proposal) {
    expect(stillAbove(proposal.filter((one) => one !== left))).toBe(true);
  }
}

describe('rings', () => {
  test('of plain calls are told and walked once', () => {
    const ring = mesh(['a', 'b'], [call('a', 'b'), call('b', 'a')]);
    expect(callGraph(ring).cycles).toEqual([expect.objectContaining({ multiplies: false })]);
  });

  test('that retry multiply without end', () => {
    const ring = mesh(['web', 'a', 'b'], [call('web', 'a'), retrying('a', 'b', 1), call('b', 'a')]);
    expect(callGraph(ring).cycles.map(({ multiplies }) => multiplies)).toEqual([true]);
  });

  test('are none between operations that do not call each other', () => {
    const calls = [
      call('web', 'a', { operation: 'place' }), retrying('a', 'b', 1, { during: 'place' }), call('b', 'a', { operation: 'price' }),
    ];
    const of = mesh(['web', 'a', 'b'], calls, { a: ['place', 'price'] });
    expect(callGraph(of).cycles).toEqual([]);
    expect(new Amplification(of).worst('shop/b')!.requests).toBe(2);
    expect(new Amplification(of).worst('shop/a')!.requests).toBe(1 + 2);
  });

  test('with a declared depth are unrolled that often', () => {
    // web → tree; tree → tree of at most 3 levels below, with one retry each: 1 + 2 + 4 + 8 requests.
    const tree = mesh(['web', 'tree', 'leaf'], [call('web', 'tree'), retrying('tree', 'leaf', 1, { maxDepth: 3 }), call('leaf', 'tree')]);
    expect(callGraph(tree).cycles).toEqual([]);
    expect(new Amplification(tree).worst('shop/tree')!.requests).toBe(1 + 2 + 4 + 8);
    expect(new Amplification(tree).worst('shop/leaf')!.requests).toBe(2 + 4 + 8);
  });

  test('that lead from an operation to its service as a whole are cut at the operation', () => {
    // Walked once: ledger 4 times by orders itself, and 4 times for each of 10 attempts of stock.
    const calls = [
      call('web', 'orders', { operation: 'place' }), call('orders', 'stock', { during: 'place' }), retrying('orders', 'ledger', 3),
      retrying('stock', 'orders', 9), call('stock', 'web'),
    ];
    const amplification = new Amplification(mesh(['web', 'orders', 'stock', 'ledger'], calls, { orders: ['place'] }));
    expect(amplification.worst('shop/ledger')).toMatchObject({ entry: 'shop/web', requests: 4 + 10 * 4 });
    expect(amplification.exceeding(43).map(({ entry, target }) => [entry, target])).toEqual([['shop/web', 'shop/ledger']]);
  });

  test('never stay in the graph: its order has every node after all that it leads to', () => {
    const operation = fc.constantFrom(undefined, 'x', 'y');
    const maxDepth = fc.constantFrom(undefined, undefined, 1, 2);
    const edge = fc.record({ from: fc.nat(4), to: fc.nat(4), during: operation, operation, maxDepth });
    fc.assert(fc.property(fc.array(edge, { maxLength: 14 }), (edges) => {
      const { order, first, to } = callGraph(mesh(NAMES, edges.map((one) => call(NAMES[one.from], NAMES[one.to], one))));
      const done = new Set<number>();
      for (const node of order) {
        expect([...to.subarray(first[node], first[node + 1])].filter((callee) => !done.has(callee))).toEqual([]);
        done.add(node);
      }
      expect(done.size).toBe(first.length - 1);
    }), { numRuns: 400 });
  });
});
