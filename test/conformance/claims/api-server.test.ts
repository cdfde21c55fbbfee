/** Random programs, and every kind that the library can write, against schema, CEL and admission. */
import { App, Chart, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import fc from 'fast-check';
import { build as onlineBoutique } from '../../../examples/online-boutique/app';
import { build as zeroTrust } from '../../../examples/zero-trust/app';
import {
  Canary, CanaryAlert, CanaryEngine, CanaryStrategy, CircuitBreaker, FindingCode, Gate, GatewayChannel, Mesh, MeshPort, MeshProvider,
  MeshService, MetricSource, MigrationProof, MtlsMigration, RouteBackend, RouteMatch, Severity, ZeroTrustPolicy,
} from '../../../src';
import { canaryResources, emitterOf } from '../../../src/mesh/wiring';
import { PROVIDERS } from '../../../src/model/provider';
import { programs } from '../../properties/arbitrary';
import { build, manifestsOf } from '../../properties/program';
import { claim, claimEqual, type KubeObject, stack } from '../stack';
import { Admission, withoutWarnings } from './admission';
import { podTemplate } from './program';

/** What random programs are drawn by; with this seed they are the same in every run. */
const SEED = 20260827;
const PROGRAMS = 150;
/** Written for Gateway API 1.6 alone; the definitions of the stack are those that versions.json pins. */
const NOT_YET = ['gateway.networking.k8s.io TCPRoute'];
const cluster = stack();
const admission = new Admission(cluster);

withoutWarnings();
afterAll(() => admission.drop());

const kindOf = ({ apiVersion, kind }: { apiVersion: string; kind: string }) => `${apiVersion.split('/')[0]} ${kind}`;

test('random programs', async () => {
  const outcome = { manifests: 0, findings: 0, refused: 0 };
  const objects: KubeObject[] = [];
  for (const spec of fc.sample(programs('tidy'), { seed: SEED, numRuns: PROGRAMS })) {
    let program;
    try {
      program = build(spec);
    } catch {
      outcome.refused++;
      continue;
    }
    if (program.mesh.findings.some(({ severity }) => severity === Severity.ERROR)) {
      outcome.findings++;
      continue;
    }
    outcome.manifests++;
    objects.push(...manifestsOf(program));
  }
  claim(`what becomes of ${PROGRAMS} random programs`, 'manifests of more than half, findings or a refusal for the others', outcome,
    outcome.manifests > PROGRAMS / 2 && outcome.manifests + outcome.findings + outcome.refused === PROGRAMS);
  claimEqual(`of ${objects.length} objects that these programs write, refused by the API server`, [], await admission.refusals(objects));
});

/** A service that a delivery engine releases, with everything that an engine can be told. */
function delivered(engine: CanaryEngine, kinds: readonly CanaryAlert[]): App {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.istio() });
  const workload = new k8s.KubeDeployment(chart, 'orders-deployment', {
    metadata: { name: 'orders' },
    spec: { replicas: 2, selector: { matchLabels: { app: 'orders' } }, template: podTemplate('orders', { labels: { app: 'orders' }, containerPorts: [8080] }) },
  });
  const service = new MeshService(chart, 'orders', { mesh, workload, ports: [MeshPort.http(8080)], circuitBreaker: CircuitBreaker.of({}) });
  new Canary(chart, 'canary', {
    service, engine, strategy: CanaryStrategy.steps([10, 50], { every: Duration.minutes(1) }), alerts: [...kinds],
    gates: [Gate.successRate({ atLeast: 99 }), Gate.latency({ percentile: 99, atMost: Duration.millis(500) })],
    metrics: MetricSource.istio({ prometheus: 'http://prometheus.monitoring:9090' }),
  });
  return app;
}

/** The stage of a zero trust policy that asks Prometheus's operator for its proof. */
function proven(): App {
  const app = new App();
  const mesh = onlineBoutique(app);
  new ZeroTrustPolicy(app.charts[0], 'zero-trust', { mesh, mtls: MtlsMigration.permissiveWithProof(), proof: MigrationProof.prometheusRule() });
  return app;
}

/** Calls over every protocol that has a route of its own, into another namespace, to a service with two versions. */
function overGatewayApi(): App {
  const app = new App();
  const [shop, ledgers] = ['shop', 'ledgers'].map(namespace => new Chart(app, namespace, { namespace }));
  const mesh = new Mesh(shop, 'mesh', { provider: MeshProvider.gatewayApi() });
  const web = new MeshService(shop, 'web', { mesh, podLabels: { app: 'web' } });
  const ledger = new MeshService(ledgers, 'ledger', {
    mesh, podLabels: { app: 'ledger' }, ports: [MeshPort.http(8080), MeshPort.grpc(9000), MeshPort.tls(8443)],
  });
  ledger.addVersion('v2');
  ledger.split({ v1: 90, v2: 10 });
  // Gateway API has no time limits for gRPC, so that only streams have a route of that kind.
  const prices = new MeshService(shop, 'prices', { mesh, podLabels: { app: 'prices' }, ports: [MeshPort.grpc(9000, { streaming: true })] });
  prices.addVersion('v2');
  prices.split({ v1: 90, v2: 10 });
  const orders = new MeshService(shop, 'orders', { mesh, podLabels: { app: 'orders' }, ports: [MeshPort.http(8080)] });
  orders.addRoute('moving', { matches: [RouteMatch.prefix('/moving')], backends: [RouteBackend.service(ledger, { port: 8080 })] });
  [ledger, orders, prices].forEach(callee => web.calls(callee));
  return app;
}

/** A retry budget, which Gateway API has on its experimental channel alone. */
function bounded(): App {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const mesh = new Mesh(chart, 'mesh', { provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }) });
  const circuitBreaker = CircuitBreaker.of({ retryBudget: { percent: 20, minConcurrency: 3 } });
  new MeshService(chart, 'bounded', { mesh, podLabels: { app: 'bounded' }, ports: [MeshPort.http(8080)], circuitBreaker });
  return app;
}

function example(write: (app: App) => unknown): App {
  const app = new App();
  write(app);
  return app;
}

/** An example on a mesh that lacks something of it: what it can do is judged all the same. */
function asFarAsItGoes(write: (app: App, provider: MeshProvider) => Mesh, provider: MeshProvider): App {
  const app = new App();
  const mesh = write(app, provider);
  mesh.suppress(FindingCode.UNSUPPORTED_CAPABILITY, { reason: 'the rest is written' });
  return app;
}

test('every kind that the library can write', async () => {
  const written = PROVIDERS.flatMap(provider => {
    const { service, external, namespace, policy, shared = [] } = emitterOf(provider);
    return [
      ...service, ...external, ...namespace, ...policy, ...shared,
      ...canaryResources('flagger', provider), ...canaryResources('argo-rollouts', provider),
    ].map(kindOf);
  });
  const channel = GatewayChannel.EXPERIMENTAL;
  const others = [MeshProvider.linkerd({ channel }), MeshProvider.istioAmbient({ channel })];
  const apps = [
    example(onlineBoutique), example(zeroTrust), proven(), overGatewayApi(), bounded(),
    delivered(CanaryEngine.flagger(), [CanaryAlert.slack('releases', { secret: 'slack' })]), delivered(CanaryEngine.argoRollouts(), []),
    ...others.flatMap(provider => [onlineBoutique, zeroTrust].map(write => asFarAsItGoes(write, provider))),
  ];
  const objects = apps.flatMap(app => app.charts.flatMap(chart => chart.toJson() as KubeObject[]));
  const seen = new Set(objects.map(object => kindOf(object as never)));
  claimEqual('kinds in the emitters\' lists that none of these programs writes', NOT_YET, [...new Set(written)].filter(kind => !seen.has(kind)));
  claimEqual(`of ${objects.length} objects of ${seen.size} kinds, refused by the API server`, [], await admission.refusals(objects));
});
