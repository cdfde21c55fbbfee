/** Requests at each service of a graph whose last service fails, compared with what the library predicts. */
import { Duration } from 'cdk8s';
import { CircuitBreaker, MeshService, Retry, RetryOn } from '../../../src';
import { Amplification } from '../../../src/model/amplification';
import { claim, claimEqual, stack } from '../stack';
import { Program } from './program';

const cluster = stack();

interface Call {
  readonly from: string;
  readonly to: string;
  readonly retries: number;
  readonly times?: number;
}

function chain(...retries: number[]): Call[] {
  const names = ['client', 'a', 'b', 'c', 'd', 'e'];
  return retries.map((many, index) => ({ from: names[index], to: names[index + 1], retries: many }));
}

/** The last service of each fails every request; everything else fails because of it. */
const GRAPHS: Record<string, Call[]> = {
  'chain-of-3': chain(4, 4, 4),
  'chain-of-4': chain(1, 2, 1, 2),
  'chain-of-5': chain(1, 1, 1, 1, 2),
  'diamond-of-3': [
    { from: 'client', to: 'a', retries: 1 }, { from: 'a', to: 'b', retries: 2 }, { from: 'a', to: 'c', retries: 0, times: 2 },
    { from: 'b', to: 'd', retries: 1 }, { from: 'c', to: 'd', retries: 3 },
  ],
  'diamond-of-4': [
    { from: 'client', to: 'a', retries: 0 }, { from: 'a', to: 'b', retries: 1 }, { from: 'a', to: 'c', retries: 1 }, { from: 'b', to: 'd', retries: 2 },
    { from: 'c', to: 'd', retries: 1, times: 2 }, { from: 'd', to: 'e', retries: 1 },
  ],
};

function build(namespace: string, calls: readonly Call[], ejects: boolean): Program {
  const program = new Program(namespace, {
    budgets: { requestAmplification: 10_000 },
    defaults: { deadline: Duration.minutes(2), circuitBreaker: ejects ? undefined : CircuitBreaker.withoutEjection() },
  });
  const services = new Map<string, MeshService>();
  const names = [...new Set(calls.flatMap(({ from, to }) => [from, to]))];
  names.forEach(name => services.set(name, name === 'client' ? program.client(name) : program.service(name, { pods: { replicas: ejects ? 2 : 1 } })));
  for (const { from, to, retries, times = 1 } of calls) {
    const retry = retries === 0 ? undefined : Retry.upTo(retries, { on: [RetryOn.SERVER_ERROR], backOff: Duration.millis(1) });
    services.get(from)!.calls(services.get(to)!, { retry, times, parallel: true });
  }
  return program;
}

/** Requests that arrive at each service's application for one request to the first one. */
async function count(namespace: string, calls: readonly Call[]): Promise<Record<string, number>> {
  const names = [...new Set(calls.map(({ to }) => to))];
  const leaf = names.find(name => !calls.some(({ from }) => from === name))!;
  const url = (name: string): string => `http://${name}.${namespace}/`;
  const workload = (name: string) => cluster.workload(namespace, name);
  await Promise.all(names.map(name => workload(name).configure(name === leaf ? { rules: [{ status: 503 }] } : {
    parallel: true, calls: calls.filter(({ from }) => from === name).map(({ to, times }) => ({ url: url(to), times, timeoutMs: 120_000 })),
  })));
  await Promise.all(names.map(name => workload(name).resetCounts()));
  const first = calls.find(({ from }) => from === 'client')!.to;
  const { status } = await workload('client').request({ url: url(first), timeoutMs: 120_000 });
  expect(Number(status)).toBeGreaterThanOrEqual(500);
  return Object.fromEntries(await Promise.all(names.map(async name => [name, (await workload(name).counts()).total] as const)));
}

function predicted(program: Program, names: readonly string[]): Record<string, number> {
  const amplification = new Amplification(program.mesh._members.model(0));
  return Object.fromEntries(names.map(name => [name, amplification.worst(`${program.namespace}/${name}`)!.requests]));
}

describe.each(Object.entries(GRAPHS))('%s', (name, calls) => {
  const namespace = `amplify-${name}`;
  const program = build(namespace, calls, false);
  beforeAll(() => program.start(cluster));
  afterAll(() => cluster.drop(namespace));

  test('every service gets what was predicted', async () => {
    const measured = await count(namespace, calls);
    const expected = predicted(program, Object.keys(measured));
    if (name === 'chain-of-3') {
      expect(expected).toEqual({ a: 5, b: 25, c: 125 });
    }
    claimEqual(`${name}, last service failing, ejection off: requests at each service for one`, expected, measured);
  });
});

describe('with the library\'s defaults', () => {
  const namespace = 'amplify-defaults';
  const calls = GRAPHS['diamond-of-3'];
  const program = build(namespace, calls, true);
  beforeAll(() => program.start(cluster));
  afterAll(() => cluster.drop(namespace));

  test('no service gets more than was predicted', async () => {
    const measured = await count(namespace, calls);
    const expected = predicted(program, Object.keys(measured));
    const held = Object.entries(measured).every(([service, requests]) => requests <= expected[service]);
    claim('diamond-of-3, two pods a service, ejection on: requests at each service for one', `at most ${JSON.stringify(expected)}`, JSON.stringify(measured), held);
  });
});
