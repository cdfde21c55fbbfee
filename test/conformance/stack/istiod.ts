import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { FABRIC_ADDRESS } from './fabric';
import { local } from './http';
import type { Kubernetes, KubeObject } from './kubernetes';
import { logTail, Running, until } from './process';
import type { Run } from './run';
import type { Artifacts } from './tools';

/** Addresses of istiod inside the fabric that the harness reads from. */
export const ISTIOD_HTTP = '127.0.0.1:15080';
export const ISTIOD_MONITORING = '127.0.0.1:15014';

const SERVICE_PORTS = { 'grpc-xds': 15010, 'https-dns': 15012, 'https-webhook': 15017, 'http-monitoring': 15014 };

/**
 * Switches for the upstream Envoy, which lacks the filters that only Istio's own build has: metadata exchange and the
 * ALPN filter. Everything else is as istioctl installs it.
 */
const UPSTREAM_ENVOY = {
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_DISABLE_MX_ALPN: 'true',
};

/** Stands in istio-operator.yaml for the path of the run's Envoy. */
const ENVOY_PLACEHOLDER = '/ENVOY';
const MESH_CONFIG = '/api/v1/namespaces/istio-system/configmaps/istio';

/** Writes the path of the run's Envoy into the installed mesh configuration. */
export async function useEnvoy(client: Kubernetes, path: string): Promise<void> {
  const { data } = await client.get(MESH_CONFIG);
  await client.merge(MESH_CONFIG, { data: { mesh: data.mesh.replaceAll(ENVOY_PLACEHOLDER, path) } });
}

/** What istioctl installs, without istiod's own Deployment. */
export function installation(artifacts: Artifacts): string {
  const objects = parseAllDocuments(readFileSync(artifacts.istio, 'utf8')).map(document => document.toJS() as KubeObject).filter(object => object?.kind);
  const rest = objects.filter(object => !['Deployment', 'HorizontalPodAutoscaler'].includes(object.kind));
  const validator = rest.find(object => object.kind === 'ValidatingWebhookConfiguration');
  if (!validator) {
    throw new Error('istioctl generated no ValidatingWebhookConfiguration');
  }
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } },
    ...rest, defaultValidator(validator), endpoints(),
  ].map(object => stringify(object)).join('---\n');
}

/**
 * What `istioctl install` adds by making the revision the default one: validation of every object, labelled or not.
 * It refuses from the first moment, so no object slips through before istiod is up.
 */
function defaultValidator(validator: KubeObject): KubeObject {
  const [webhook] = validator.webhooks;
  return {
    ...validator,
    metadata: { ...validator.metadata, name: 'istiod-default-validator' },
    webhooks: [{
      ...webhook, name: 'validation.istio.io', failurePolicy: 'Fail',
      objectSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'DoesNotExist' }] },
    }],
  };
}

/** istiod is no pod here, so its Service gets its endpoint by hand. */
function endpoints(): KubeObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'istiod-conformance', namespace: 'istio-system',
      labels: { 'kubernetes.io/service-name': 'istiod', 'endpointslice.kubernetes.io/managed-by': 'conformance' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [FABRIC_ADDRESS], conditions: { ready: true } }],
    ports: Object.entries(SERVICE_PORTS).map(([name, port]) => ({ name, port, protocol: 'TCP' })),
  };
}

/** Starts istiod and waits until it is ready and the API server trusts its webhooks. */
export async function startIstiod(owner: Run, namespace: string, binaries: string, kubeconfig: string, client: Kubernetes): Promise<Running> {
  const cwd = owner.path('istiod');
  const log = owner.path('istiod.log');
  mkdirSync(cwd);
  const istiod = new Running({
    namespace, cwd, log,
    argv: [join(binaries, 'pilot-discovery'), 'discovery', '--kubeconfig', kubeconfig,
      '--grpcAddr', ':15010', '--secureGRPCAddr', ':15012', '--httpsAddr', ':15017',
      '--httpAddr', ISTIOD_HTTP, '--monitoringAddr', ISTIOD_MONITORING],
    env: {
      ...UPSTREAM_ENVOY,
      // Kinds of Gateway API that only its experimental channel has.
      PILOT_ENABLE_ALPHA_GATEWAY_API: 'true',
      POD_NAME: 'istiod-0', POD_NAMESPACE: 'istio-system', SERVICE_ACCOUNT: 'istiod', REVISION: 'default', CLUSTER_ID: 'Kubernetes',
      PILOT_CERT_PROVIDER: 'istiod', ENABLE_CA_SERVER: 'true', ISTIOD_CUSTOM_HOST: 'istiod.istio-system.svc',
      VALIDATION_WEBHOOK_CONFIG_NAME: 'istio-validator-istio-system', INJECTION_WEBHOOK_CONFIG_NAME: 'istio-sidecar-injector',
    },
  });
  await until('istiod is ready', 60_000, async () => {
    istiod.mustLive();
    return (await local(owner.path('istiod.sock'), 'GET', '/ready')).status === 200;
  });
  await until(`istiod has its webhooks (${log})`, 30_000, async () => {
    const groups = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];
    const configurations = await Promise.all(groups.map(group => client.items(`/apis/admissionregistration.k8s.io/v1/${group}`)));
    return configurations.flat().flatMap(one => one.webhooks).every(webhook => webhook.clientConfig.caBundle);
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${logTail(log)}`);
  });
  return istiod;
}
