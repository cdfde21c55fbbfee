import { stringify } from 'yaml';
import type { Cluster } from './cluster';
import { ControlPlane } from './control-plane';
import { localJson } from './http';
import { endpoints, type Istiod, istiodReady, nameOf, relaysOf, startIstiod } from './istiod';
import type { KubeObject } from './kubernetes';
import type { Running } from './process';
import { Run } from './run';
import { binaries } from './tools';

/** The revision whose control plane runs ambient mode; gateways and waypoints name it by `istio.io/rev`. */
export const AMBIENT_REVISION = 'ambient';

const ISTIOD: Istiod = {
  revision: AMBIENT_REVISION,
  ports: { 'grpc-xds': 15110, 'https-dns': 15112, 'https-webhook': 15117, 'http-monitoring': 15114, 'http': 15180 },
  // Tunnels to further networks need a type of Istio's own Envoy; there is one network.
  env: { PILOT_ENABLE_AMBIENT: 'true', AMBIENT_ENABLE_MULTI_NETWORK_WAYPOINT: 'false' },
};

const SYSTEM = '/api/v1/namespaces/istio-system';

/**
 * An istiod with ambient mode on, beside the one that all suites share: with it, that one would tell sidecars more than those of a mesh
 * without ambient mode are told. A suite starts it and stops it at its end.
 */
export class AmbientControlPlane {
  /** Installs the revision, starts its istiod, and waits until it is ready. */
  public static async start(cluster: Cluster): Promise<AmbientControlPlane> {
    const owner = new Run(cluster.state.run);
    const { kubeconfig, namespace } = cluster.state.api;
    const installation = [...await configuration(cluster), await injection(cluster), service(), endpoints(ISTIOD), UPSTREAM_ENVOY].map(object => stringify(object)).join('---\n');
    // An earlier suite may have changed what it installed.
    const { code, stderr } = await cluster.tryApply(installation, '--force-conflicts');
    if (code !== 0) {
      throw new Error(`the revision ${AMBIENT_REVISION}: ${stderr}`);
    }
    const material = { owner, namespace, binaries: binaries('istio'), kubeconfig, client: cluster.kubernetes };
    const program = startIstiod(material, ISTIOD);
    try {
      await Promise.all(relaysOf(ISTIOD).map(({ socket, tcp }) =>
        localJson(owner.path('fabric.sock'), 'POST', '/relays', { unix: owner.path(socket), tcp })));
      await istiodReady(material, ISTIOD, program);
    } catch (error) {
      await program.stop();
      throw error;
    }
    return new AmbientControlPlane(cluster, program, new ControlPlane(owner, nameOf(ISTIOD)));
  }

  private constructor(private readonly cluster: Cluster, private readonly program: Running, public readonly controlPlane: ControlPlane) {
    cluster.furtherControlPlanes.push(controlPlane);
  }

  /** Ends it. Its proxies must be gone by then. */
  public async stop(): Promise<void> {
    this.cluster.furtherControlPlanes.splice(this.cluster.furtherControlPlanes.indexOf(this.controlPlane), 1);
    await this.program.stop(2000);
  }
}

/** The configuration of the installed revision, with what `istioctl install --revision` would write in it otherwise. */
async function configuration({ kubernetes }: Cluster): Promise<KubeObject[]> {
  const [mesh, injector] = await Promise.all(['istio', 'istio-sidecar-injector'].map(name => kubernetes.get(`${SYSTEM}/configmaps/${name}`)));
  const values = JSON.parse(injector.data.values);
  values.revision = AMBIENT_REVISION;
  // One worker thread a waypoint, as in istio-operator.yaml for sidecars: limits count exactly.
  values.global.waypoint.resources.limits.cpu = '1';
  return [
    configMap('istio', { ...mesh.data, mesh: mesh.data.mesh.replaceAll('istiod.istio-system', `${nameOf(ISTIOD)}.istio-system`) }),
    configMap('istio-sidecar-injector', { ...injector.data, values: JSON.stringify(values) }),
  ];
}

/** What gives the pods of namespaces of the revision their sidecars: its webhooks beside those of the installed one. */
async function injection({ kubernetes }: Cluster): Promise<KubeObject> {
  const path = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector';
  const { webhooks } = await kubernetes.get(path) as { webhooks: KubeObject[] };
  const named = webhooks.filter(({ name }) => name.startsWith('rev.'));
  const expression = (one: KubeObject) => one.key === 'istio.io/rev' && one.operator === 'In' ? { ...one, values: [AMBIENT_REVISION] } : one;
  const selecting = ({ matchExpressions }: KubeObject) => ({ matchExpressions: matchExpressions.map(expression) });
  return {
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name: `istio-sidecar-injector-${AMBIENT_REVISION}` },
    webhooks: named.map(webhook => ({
      ...webhook, namespaceSelector: selecting(webhook.namespaceSelector), objectSelector: selecting(webhook.objectSelector),
      clientConfig: {
        caBundle: webhook.clientConfig.caBundle, service: { name: nameOf(ISTIOD), namespace: 'istio-system', path: '/inject', port: ISTIOD.ports['https-webhook'] - 100 },
      },
    })),
  };
}

function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${name}-${AMBIENT_REVISION}`, namespace: 'istio-system' }, data };
}

function service(): KubeObject {
  const { http: _, ...ports } = ISTIOD.ports;
  return {
    apiVersion: 'v1', kind: 'Service', metadata: { name: nameOf(ISTIOD), namespace: 'istio-system' },
    // Proxies ask on the port of every istiod.
    spec: { ports: Object.entries(ports).map(([name, port]) => ({ name, port: port - 100, targetPort: port, protocol: 'TCP' })) },
  };
}

/** Names of the state that a tunnel hands to the requests inside it, as istiod writes them, and what each is taken from. */
const TUNNEL_STATE: readonly (readonly [name: string, from: string, hashed: boolean])[] = [
  ['envoy.filters.listener.original_dst.local_ip', '%REQ(:AUTHORITY)%', false],
  ['io.istio.connect_authority', '%REQ(:AUTHORITY)%', true],
  ['envoy.filters.listener.original_dst.remote_ip', '%DOWNSTREAM_REMOTE_ADDRESS%', false],
  ['io.istio.peer_principal', '%DOWNSTREAM_PEER_URI_SAN%', true],
  ['io.istio.local_principal', '%DOWNSTREAM_LOCAL_URI_SAN%', true],
];

/**
 * What the upstream Envoy lacks for a waypoint: the filters that look up whose pod connects and answers, for telemetry alone; and Istio's own type of
 * a text in the state of a connection, which upstream has under another name.
 */
const UPSTREAM_ENVOY: KubeObject = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'conformance-upstream-waypoint', namespace: 'istio-system' },
  spec: {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }],
    configPatches: [
      ...['waypoint_downstream_peer_metadata', 'waypoint_upstream_peer_metadata'].map(name => httpFilter(name, { operation: 'REMOVE' })),
      httpFilter('connect_authority', {
        operation: 'REPLACE',
        value: {
          name: 'connect_authority',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.set_filter_state.v3.Config',
            'on_request_headers': TUNNEL_STATE.map(([name, from, hashed]) => ({
              object_key: name, ...hashed ? { factory_key: 'envoy.hashable_string' } : {}, shared_with_upstream: 'ONCE',
              format_string: { text_format_source: { inline_string: from } },
            })),
          },
        },
      }),
    ],
  },
};

function httpFilter(name: string, patch: KubeObject): KubeObject {
  return {
    applyTo: 'HTTP_FILTER',
    match: { context: 'SIDECAR_INBOUND', listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager', subFilter: { name } } } } },
    patch,
  };
}
