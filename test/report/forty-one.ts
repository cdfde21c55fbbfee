/**
 * A program of 41 services with what a report has to show: retries, deadlines, versions, routes, externals, zero trust, canaries, findings
 * and suppressions.
 */
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  Adoption, Approval, Audience, Canary, CanaryEngine, CanaryStrategy, CanaryWebhook, EgressScope, ErrorBudget, ExternalService, FindingCode,
  Gate, JwtIssuer, KubernetesExperience, Mesh, MeshPort, MeshProvider, MeshService, MtlsMigration, Principal, Replicas, Retry, RetryOn,
  RouteMatch, StringMatch, ZeroTrustPolicy,
} from 'cdk8s-mesh';
import { k8s } from 'cdk8s-plus-28';

/** Namespace, and its services with the names of what they call. */
const SERVICES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  edge: {
    'web-gateway': ['home-page', 'product-page', 'cart-page', 'account-page', 'session'],
    'mobile-gateway': ['home-page', 'product-page', 'order-tracking', 'session', 'push-notifications'],
    'partner-api': ['catalog', 'orders', 'rate-plans'],
    'session': ['identity'],
    'home-page': ['recommendations', 'promotions', 'catalog'],
    'product-page': ['catalog', 'reviews', 'stock', 'pricing', 'recommendations'],
    'cart-page': ['cart', 'checkout', 'promotions'],
    'account-page': ['customers', 'orders', 'loyalty'],
  },
  catalog: {
    'catalog': ['catalog-search', 'media', 'pricing'],
    'catalog-search': ['search-index'],
    'search-index': [],
    'media': ['image-resizer'],
    'image-resizer': [],
    'reviews': ['customers', 'moderation'],
    'moderation': [],
    'recommendations': ['feature-store', 'catalog-search'],
    'feature-store': [],
  },
  sales: {
    'pricing': ['currency', 'rate-plans', 'taxes'],
    'currency': [],
    'rate-plans': [],
    'taxes': [],
    'promotions': ['customers', 'pricing'],
    'cart': ['stock', 'pricing'],
    'checkout': ['cart', 'payments', 'orders', 'fraud-detection', 'addresses'],
    'payments': ['fraud-detection', 'ledger', 'card-processor'],
    'fraud-detection': ['feature-store'],
    'ledger': [],
    'orders': ['ledger', 'stock', 'shipping', 'order-events'],
  },
  fulfilment: {
    'stock': ['warehouse'],
    'warehouse': [],
    'shipping': ['carriers', 'addresses', 'warehouse'],
    'carriers': ['carrier-api'],
    'order-tracking': ['orders', 'carriers'],
    'addresses': [],
    'returns': ['orders', 'payments', 'shipping'],
  },
  customers: {
    'identity': ['customers'],
    'customers': [],
    'loyalty': ['customers'],
    'push-notifications': ['customers', 'mail'],
    'mail': ['mail-relay'],
    'order-events': ['mail', 'push-notifications'],
  },
};

const RETRIED: Readonly<Record<string, number>> = {
  catalog: 2, pricing: 2, currency: 1, stock: 1, payments: 1, ledger: 2, customers: 1, identity: 1,
};
const DEADLINES: Readonly<Record<string, number>> = {
  'recommendations': 800, 'reviews': 1200, 'payments': 6000, 'fraud-detection': 1500, 'catalog-search': 700, 'media': 500,
};

function portOf(name: string): MeshPort {
  return name === 'warehouse' ? MeshPort.tcp(5432) : name === 'stock' ? MeshPort.grpc(9000) : MeshPort.http(8080, { port: 80 });
}

export function fortyOne(app: App): Mesh {
  const charts = new Map(Object.keys(SERVICES).map((namespace) => [namespace, new Chart(app, namespace, { namespace })]));
  const mesh = new Mesh(charts.get('edge')!, 'mesh', {
    provider: MeshProvider.istio(),
    adoption: Adoption.assess({ languages: 6, regulatedEncryption: true, hardToDebugLatency: true, kubernetes: KubernetesExperience.ESTABLISHED }),
    budgets: { proxyMemory: Size.gibibytes(16), namespaceProxyMemory: { sales: Size.gibibytes(2) } },
  });
  const services = new Map<string, MeshService>();
  const on = [RetryOn.GATEWAY_ERROR, RetryOn.CONNECT_FAILURE];
  for (const [namespace, inside] of Object.entries(SERVICES)) {
    const chart = charts.get(namespace)!;
    Object.keys(inside).forEach((name, index) => services.set(name, new MeshService(chart, name, {
      mesh, serviceAccountName: name, ports: [portOf(name)],
      ...DELIVERED.includes(name) ? { workload: deployment(chart, name) } : { podLabels: { app: name } },
      replicas: Replicas.between(2, 2 + index % 5),
      language: ['go', 'java', 'python'][index % 3], requestsPerSecond: name === 'mail' ? undefined : 40 + 15 * index,
      egress: Object.values(inside)[index].length === 0 && index % 2 === 0 ? undefined : EgressScope.declared(),
      retry: name in RETRIED ? Retry.upTo(RETRIED[name], { perTry: Duration.millis(400), on }) : undefined,
    })));
  }
  const sales = charts.get('sales')!;
  const externals = new Map([
    ['card-processor', new ExternalService(sales, 'card-processor', { mesh, hosts: ['api.cards.example.com'], ports: [MeshPort.https(443)] })],
    ['carrier-api', new ExternalService(charts.get('fulfilment')!, 'carrier-api', {
      mesh, hosts: ['api.carrier.example.com'], ports: [MeshPort.http(80)], originateTls: true,
    })],
    ['mail-relay', new ExternalService(charts.get('customers')!, 'mail-relay', {
      mesh, hosts: ['smtp.example.com'], addresses: ['192.0.2.25'], ports: [MeshPort.tcp(25)],
    })],
  ]);
  for (const inside of Object.values(SERVICES)) {
    for (const [caller, callees] of Object.entries(inside)) {
      callees.forEach((callee, index) => services.get(caller)!.calls(services.get(callee) ?? externals.get(callee)!, {
        deadline: callee in DEADLINES ? Duration.millis(DEADLINES[callee]) : undefined,
        times: caller === 'home-page' && callee === 'catalog' ? 3 : undefined,
        parallel: caller.endsWith('-page') && index < 3,
        idempotent: callee !== 'card-processor',
      }));
    }
  }
  services.get('checkout')!.addVersion('v2');
  services.get('orders')!.addRoute('history', { matches: [RouteMatch.prefix('/history')], deadline: Duration.seconds(20) });
  services.get('orders')!.addRoute('testers', { matches: [RouteMatch.header('x-user-id', 'jason')] });
  protect(charts.get('edge')!, mesh, (name) => services.get(name)!);
  deliver(sales, (name) => services.get(name)!);
  mesh.suppress(FindingCode.APPLICATION_LOGIC_IN_ROUTE, { on: services.get('orders')!, reason: 'the route goes when the test of the new history ends' });
  return mesh;
}

/** New versions come by a canary, so the workload is the program's own. */
const DELIVERED = ['catalog', 'customers', 'payments', 'promotions', 'recommendations'];

function deployment(chart: Chart, name: string): k8s.KubeDeployment {
  return new k8s.KubeDeployment(chart, `${name}-pods`, {
    metadata: { name },
    spec: {
      replicas: 2, selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `registry.example.com/${name}:1.0`, ports: [{ containerPort: 8080 }] }] } },
    },
  });
}

/** Every engine and every strategy, in one chart. */
function deliver(chart: Chart, service: (name: string) => MeshService): void {
  const gates = [Gate.successRate({ atLeast: 99.5 }), Gate.latency({ percentile: 99, atMost: Duration.millis(500) })];
  const every = Duration.minutes(1);
  const flagger = CanaryEngine.flagger({ approvalUrl: 'http://load-tester.test/gate/check' });
  new Canary(chart, 'catalog-canary', {
    service: service('catalog'), engine: flagger, gates, strategy: CanaryStrategy.linear({ step: 10, max: 50, every }),
    errorBudget: ErrorBudget.of({ objective: 99.9 }), approvals: [Approval.PROMOTION],
  });
  new Canary(chart, 'payments-canary', {
    service: service('payments'), engine: CanaryEngine.argoRollouts(), gates, rollBackAfter: 2,
    strategy: CanaryStrategy.steps([1, 5, 25, 50], { every, hold: { 25: Duration.minutes(5), 50: Duration.minutes(10) } }),
    errorBudget: ErrorBudget.of({ objective: 99.99, perRelease: 20 }),
  });
  new Canary(chart, 'customers-canary', { service: service('customers'), engine: flagger, gates, strategy: CanaryStrategy.mirror({ iterations: 10, every, percent: 20 }) });
  new Canary(chart, 'promotions-canary', {
    service: service('promotions'), engine: CanaryEngine.argoRollouts(), gates,
    strategy: CanaryStrategy.abTest({ iterations: 30, every, audiences: [Audience.header('x-beta', StringMatch.exact('yes')), Audience.cookie('beta', 'yes')] }),
  });
  new Canary(chart, 'checkout-canary', {
    service: service('checkout'), engine: CanaryEngine.manual({ stable: 'v1', canary: 'v2', weight: 5 }), strategy: CanaryStrategy.steps([5, 25, 100], { every: Duration.hours(1) }),
  });
  new Canary(chart, 'recommendations-canary', {
    service: service('recommendations'), engine: CanaryEngine.argoRollouts(), gates, strategy: CanaryStrategy.blueGreen({ iterations: 5, every }),
    webhooks: [CanaryWebhook.loadTest('http://load-tester.test/')],
  });
}

/** Four namespaces are strict, one is audited; gateways let customers in, and a job of another team may place orders. */
function protect(chart: Chart, mesh: Mesh, service: (name: string) => MeshService): void {
  new ZeroTrustPolicy(chart, 'zero-trust', { mesh, mtls: MtlsMigration.strictFor('edge', 'catalog', 'sales', 'fulfilment') });
  const ingress = Principal.serviceAccount('istio-ingress', 'gateway');
  for (const name of ['web-gateway', 'mobile-gateway', 'partner-api']) {
    service(name).allow(ingress, { reason: 'customers come through the ingress gateway' });
    service(name).requireJwt(JwtIssuer.of('https://id.example.com', { audiences: ['shop'] }), { publicPaths: ['/healthz'] });
  }
  service('orders').allow(Principal.serviceAccount('batch', 'nightly'), { methods: ['POST'], paths: ['/reconcile'] });
  service('ledger').deny(Principal.service(service('orders')), { methods: ['DELETE'], reason: 'the ledger is never cut' });
  service('feature-store').allow(Principal.namespace('catalog'), { methods: ['GET'], reason: 'the catalogue team reads features' });
  service('media').deny(Principal.service(service('partner-api')), { reason: 'partners have pictures of their own' });
  service('warehouse').acceptPlaintext(5432, { reason: 'the old stock system has no proxy', until: '2035-12-31', addresses: ['10.20.0.0/16'] });
}
