import { mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { FABRIC_ADDRESS } from './fabric';
import { local } from './http';
import type { Kubernetes, KubeObject } from './kubernetes';
import { logTail, Running, until } from './process';
import type { Run } from './run';
import type { Artifacts } from './tools';

/** What tells one istiod of the mesh from another. */
export interface Istiod {
  readonly revision: string;
  /** Where it listens, by the names of its Service's ports; `http` is for the harness. */
  readonly ports: Readonly<Record<'grpc-xds' | 'https-dns' | 'https-webhook' | 'http-monitoring' | 'http', number>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The one that serves all suites that start none of their own. */
export const ISTIOD: Istiod = {
  revision: 'default',
  ports: { 'grpc-xds': 15010, 'https-dns': 15012, 'https-webhook': 15017, 'http-monitoring': 15014, 'http': 15080 },
  env: { VALIDATION_WEBHOOK_CONFIG_NAME: 'istio-validator-istio-system', INJECTION_WEBHOOK_CONFIG_NAME: 'istio-sidecar-injector' },
};

/** Its name: that of its Service, its log and its sockets. */
export function nameOf({ revision }: Istiod): string {
  return revision === 'default' ? 'istiod' : `istiod-${revision}`;
}

/** Addresses inside the fabric that the harness reads from, by the name of a socket. */
export function relaysOf(istiod: Istiod): { socket: string; tcp: string }[] {
  return [
    { socket: `${nameOf(istiod)}.sock`, tcp: `127.0.0.1:${istiod.ports.http}` },
    { socket: `${nameOf(istiod)}-monitoring.sock`, tcp: `127.0.0.1:${istiod.ports['http-monitoring']}` },
  ];
}

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
    ...rest, defaultValidator(validator), endpoints(ISTIOD),
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
export function endpoints(istiod: Istiod): KubeObject {
  const { http: _, ...ports } = istiod.ports;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${nameOf(istiod)}-conformance`, namespace: 'istio-system',
      labels: { 'kubernetes.io/service-name': nameOf(istiod), 'endpointslice.kubernetes.io/managed-by': 'conformance' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [FABRIC_ADDRESS], conditions: { ready: true } }],
    ports: Object.entries(ports).map(([name, port]) => ({ name, port, protocol: 'TCP' })),
  };
}

/** What an istiod is started with. */
export interface IstiodMaterial {
  readonly owner: Run;
  /** Network namespace. */
  readonly namespace: string;
  readonly binaries: string;
  readonly kubeconfig: string;
  readonly client: Kubernetes;
}

/** Starts an istiod; {@link istiodReady} waits for it. */
export function startIstiod({ owner, namespace, binaries, kubeconfig }: IstiodMaterial, istiod: Istiod): Running {
  const name = nameOf(istiod);
  const cwd = owner.path(name);
  const { ports } = istiod;
  mkdirSync(cwd, { recursive: true });
  return new Running({
    namespace, cwd, log: owner.path(`${name}.log`),
    argv: [join(binaries, 'pilot-discovery'), 'discovery', '--kubeconfig', kubeconfig,
      '--grpcAddr', `:${ports['grpc-xds']}`, '--secureGRPCAddr', `:${ports['https-dns']}`, '--httpsAddr', `:${ports['https-webhook']}`,
      '--httpAddr', `127.0.0.1:${ports.http}`, '--monitoringAddr', `127.0.0.1:${ports['http-monitoring']}`],
    env: {
      ...UPSTREAM_ENVOY,
      // Kinds of Gateway API that only its experimental channel has.
      PILOT_ENABLE_ALPHA_GATEWAY_API: 'true',
      POD_NAME: `${name}-0`, POD_NAMESPACE: 'istio-system', SERVICE_ACCOUNT: 'istiod', REVISION: istiod.revision, CLUSTER_ID: 'Kubernetes',
      PILOT_CERT_PROVIDER: 'istiod', ENABLE_CA_SERVER: 'true', ISTIOD_CUSTOM_HOST: `${name}.istio-system.svc`,
      ...istiod.env,
    },
  });
}

/** Waits until an istiod is ready and the API server trusts its webhooks. */
export async function istiodReady({ owner, client }: IstiodMaterial, istiod: Istiod, program: Running): Promise<void> {
  const name = nameOf(istiod);
  const log = owner.path(`${name}.log`);
  await until(`${name} is ready`, 60_000, async () => {
    program.mustLive();
    return (await local(owner.path(`${name}.sock`), 'GET', '/ready')).status === 200;
  });
  await until(`${name} has its webhooks (${log})`, 30_000, async () => {
    const groups = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];
    const configurations = await Promise.all(groups.map(group => client.items(`/apis/admissionregistration.k8s.io/v1/${group}`)));
    return configurations.flat().flatMap(one => one.webhooks).every(webhook => webhook.clientConfig.caBundle);
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${logTail(log)}`);
  });
}
