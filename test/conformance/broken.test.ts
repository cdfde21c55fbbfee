/** The other way round: what is broken on purpose is refused by the judge that should refuse it, so that a green run means something. */
import { readFileSync } from 'fs';
import { claim, claimEqual, stack, until } from './stack';

/** Who can refuse a manifest before any traffic: the API server with its admission, istioctl analyze, istioctl validate. */
type Judge = 'API server' | 'analyze' | 'validate';

interface Broken {
  readonly what: string;
  /** Below fixtures/broken. */
  readonly file: string;
  /** Words of every judge that refuses it; the judges that are not listed accept it. */
  readonly refused: Partial<Record<Judge, RegExp>>;
}

const BROKEN: Broken[] = [
  {
    what: 'a field that the schema does not have', file: 'unknown-field.yaml',
    refused: { 'API server': /timeoutSeconds: field not declared in schema/, 'validate': /unknown field "timeoutSeconds"/ },
  },
  {
    what: 'a word in place of a number', file: 'wrong-type.yaml',
    refused: { 'API server': /weight/, 'analyze': /UNREADABLE/, 'validate': /invalid/ },
  },
  {
    what: 'port-level mTLS without a selector (CEL)', file: 'port-mtls-without-selector.yaml',
    refused: {
      'API server': /portLevelMtls requires selector/, 'analyze': /cannot have port level mTLS/, 'validate': /cannot have port level mTLS/,
    },
  },
  {
    what: 'a Gateway API redirect with a backend (CEL)', file: 'redirect-with-backend.yaml',
    refused: { 'API server': /must not be used together with backendRefs/ },
  },
  {
    what: 'a fault for 150 % of requests (istiod admission)', file: 'fault-above-100-percent.yaml',
    refused: { 'API server': /admission webhook "validation.istio.io" denied/, 'analyze': /IST0106/, 'validate': /percentage 150/ },
  },
  {
    what: 'a negative weight (istiod admission)', file: 'negative-weight.yaml',
    refused: { 'API server': /weight -10 < 0/, 'analyze': /IST0106/, 'validate': /weight -10 < 0/ },
  },
  {
    what: 'a condition on an unknown attribute (istiod admission)', file: 'unknown-condition.yaml',
    refused: { 'API server': /unknown attribute: request.nothing/, 'analyze': /IST0106/, 'validate': /unknown attribute/ },
  },
  {
    what: 'a route to a subset that no DestinationRule has', file: 'unknown-subset.yaml',
    refused: { analyze: /IST0101.*orders\+canary/ },
  },
  {
    what: 'a port name without a protocol', file: 'port-name.yaml',
    refused: { validate: /does not follow the Istio naming convention/ },
  },
  {
    what: 'a Deployment that does not select its own pods', file: 'selector-mismatch.yaml',
    refused: { 'API server': /`selector` does not match template `labels`/ },
  },
];

const cluster = stack();

beforeAll(() => cluster.apply('{apiVersion: v1, kind: Namespace, metadata: {name: broken, labels: {istio-injection: enabled}}}'));
afterAll(() => cluster.drop('broken'));

test.each(BROKEN)('$what', async ({ what, file, refused }) => {
  const yaml = fixture(file);
  const [api, { analysis, validation }] = await Promise.all([cluster.tryApply(yaml, '--dry-run=server'), cluster.istioctl.judge(yaml)]);
  const words: Record<Judge, string> = {
    'API server': api.code === 0 ? '' : api.stderr,
    'analyze': analysis.map(({ code, message }) => `${code} ${message}`).join('\n'),
    'validate': validation.complaints.join('\n'),
  };
  const judges = (Object.keys(words) as Judge[]).filter(judge => words[judge] !== '');
  claimEqual(`${what}: refused by`, Object.keys(refused), judges);
  for (const judge of judges) {
    expect(words[judge]).toMatch(refused[judge]!);
  }
});

test('a sidecar setting that is no YAML of its kind', async () => {
  await cluster.apply(fixture('proxy-config.yaml'));
  const message = await until('the injection webhook refuses the pod', 30_000, async () => {
    const { status } = await cluster.kubernetes.get('/apis/apps/v1/namespaces/broken/deployments/orders');
    return status?.conditions?.find((one: { type: string }) => one.type === 'ReplicaFailure')?.message as string | undefined;
  });
  await cluster.delete(fixture('proxy-config.yaml'));
  claim('proxy.istio.io/config that does not parse: refused by', 'istiod\'s injection webhook',
    /admission webhook "[a-z.]*sidecar-injector.istio.io" denied/.test(message) ? 'istiod\'s injection webhook' : message,
    /sidecar-injector.istio.io" denied/.test(message));
});

describe('with a running proxy', () => {
  beforeAll(async () => {
    await cluster.apply(fixture('service.yaml'));
    await cluster.ready('broken');
  });

  test('a filter that Envoy cannot load', async () => {
    expect(await cluster.rejections()).toEqual([]);
    await cluster.apply(fixture('unloadable-filter.yaml'));
    const reasons = await until('the proxy rejects its listener', 30_000, async () => {
      const found = await cluster.rejections();
      return found.length > 1 && found;
    });
    await cluster.delete(fixture('unloadable-filter.yaml'));
    await cluster.settled();
    await cluster.forgetRejections();
    const byProxy = reasons.filter(reason => reason.startsWith('broken/'));
    const byIstiod = reasons.filter(reason => reason.startsWith('istiod'));
    claim('a filter that Envoy cannot load: refused by', 'Envoy, and counted by istiod',
      [byProxy[0]?.slice(0, 120), ...byIstiod].join('; '), byProxy.some(reason => /Lua|script/i.test(reason)) && byIstiod.length > 0);
    claimEqual('without it the proxy holds nothing rejected', [], await cluster.rejections());
  });

  test('a route to a subset that no DestinationRule has', async () => {
    await cluster.apply(fixture('unknown-subset.yaml'));
    await cluster.settled();
    const report = await cluster.workload('broken', 'client').load({ url: 'http://orders/', requests: 50 });
    claimEqual('live, a route to an unknown subset answers', { 503: 50 }, report.byStatus);
    claimEqual('and nothing of it arrives', 0, (await cluster.workload('broken', 'server').counts()).total);
  });
});

function fixture(file: string): string {
  return readFileSync(`test/conformance/fixtures/broken/${file}`, 'utf8');
}
