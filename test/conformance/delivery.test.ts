/** The delivery engines of this stack work, before anything of the library rests on them. */
import { claim, claimEqual, Delivery, stack, until } from './stack';

const cluster = stack();
let delivery: Delivery;

beforeAll(async () => {
  await cluster.apply('{apiVersion: v1, kind: Namespace, metadata: {name: delivery, labels: {istio-injection: enabled}}}');
  await cluster.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: delivery}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders, version: v1}}
    spec: {containers: [{name: orders, image: 'orders:1'}]}
`);
  await cluster.ready('delivery');
  delivery = await Delivery.start(cluster, ['flagger', 'argo-rollouts']);
});

afterAll(async () => {
  await delivery?.stop();
  await cluster.drop('delivery');
});

test('Prometheus reads every proxy', async () => {
  const up = await until('Prometheus scrapes the proxy', 30_000, async () => {
    const samples = await delivery.query('up{namespace="delivery",app="orders"}');
    return samples.length > 0 && samples[0].value === 1 && samples;
  });
  claimEqual('Prometheus reads a proxy, labelled by app and version', { app: 'orders', version: 'v1' }, { app: up[0].metric.app, version: up[0].metric.version });
});

test('Flagger adopts a Canary', async () => {
  await cluster.apply(`
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: orders, namespace: delivery}
spec:
  provider: istio
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  service: {port: 80, targetPort: 8080, portName: http}
  analysis: {interval: 10s, threshold: 2, stepWeight: 20, maxWeight: 60}
`);
  const phase = await until('Flagger initializes the Canary', 90_000, async () => {
    const { status } = await cluster.kubernetes.get('/apis/flagger.app/v1beta1/namespaces/delivery/canaries/orders');
    return status?.phase === 'Initialized' && status.phase;
  }, 500);
  const made = await cluster.kubernetes.get('/apis/networking.istio.io/v1/namespaces/delivery/virtualservices/orders');
  claim('Flagger initializes a Canary and writes its VirtualService', 'Initialized, 100 to orders-primary',
    `${phase}, ${made.spec.http[0].route[0].weight} to ${made.spec.http[0].route[0].destination.host}`,
    made.spec.http[0].route[0].weight === 100 && made.spec.http[0].route[0].destination.host === 'orders-primary');
});

test('Argo Rollouts runs a Rollout', async () => {
  await cluster.apply(`
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: ledger, namespace: delivery}
spec:
  replicas: 1
  selector: {matchLabels: {app: ledger}}
  strategy: {canary: {steps: [{setWeight: 50}]}}
  template:
    metadata: {labels: {app: ledger, version: v1}}
    spec: {containers: [{name: ledger, image: 'ledger:1'}]}
`);
  const phase = await until('the Rollout is healthy', 90_000, async () => {
    const { status } = await cluster.kubernetes.get('/apis/argoproj.io/v1alpha1/namespaces/delivery/rollouts/ledger');
    return status?.phase === 'Healthy' && (status.phase as string);
  }, 500);
  claimEqual('Argo Rollouts brings a Rollout up', 'Healthy', phase);
  claimEqual('its pod serves', 'ledger', (await cluster.workload('delivery', 'ledger').pods())[0].metadata.labels.app);
});
