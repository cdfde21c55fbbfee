import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { moduleDir, type ModulePin, pins } from './modules';

/** Subtree of a kind's schema that is replaced by "anything", as a path of property names; `*` steps into array items. */
export type Trim = readonly string[];

/** Where the CRDs of one product come from, and which kinds this library emits. */
export interface CrdSource {
  readonly name: string;
  /** Goes into the header of every generated file. */
  readonly provenance: string;
  /** Kinds by API group. */
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  readonly trim?: Readonly<Record<string, readonly Trim[]>>;
  /** YAML documents. @throws when they cannot be had */
  read(): string[];
}

const versions = pins();

function yamlFiles(dir: string): string[] {
  return readdirSync(dir).filter(file => file.endsWith('.yaml')).sort().map(file => readFileSync(join(dir, file), 'utf8'));
}

function fromModule(pin: ModulePin, read: (dir: string) => string[]): Pick<CrdSource, 'provenance' | 'read'> {
  return {
    provenance: `${pin.module} ${pin.version}${pin.release ? ` (${pin.release})` : ''}`,
    read: () => read(moduleDir(pin)),
  };
}

export const CRD_SOURCES: readonly CrdSource[] = [
  {
    name: 'istio',
    ...fromModule(versions.istio, dir => [readFileSync(join(dir, 'manifests/charts/base/files/crd-all.gen.yaml'), 'utf8')]),
    kinds: {
      'networking.istio.io': [
        'DestinationRule', 'EnvoyFilter', 'Gateway', 'ProxyConfig', 'ServiceEntry', 'Sidecar', 'VirtualService', 'WorkloadEntry',
      ],
      'security.istio.io': ['AuthorizationPolicy', 'PeerAuthentication', 'RequestAuthentication'],
      'telemetry.istio.io': ['Telemetry'],
    },
  },
  {
    name: 'gateway-api',
    ...fromModule(versions['gateway-api'], dir => yamlFiles(join(dir, 'config/crd/experimental'))),
    kinds: {
      'gateway.networking.k8s.io': [
        'BackendTLSPolicy', 'Gateway', 'GatewayClass', 'GRPCRoute', 'HTTPRoute', 'ReferenceGrant', 'TCPRoute', 'TLSRoute',
      ],
      // Holds the retry budget, which the experimental channel keeps outside the routes.
      'gateway.networking.x-k8s.io': ['XBackendTrafficPolicy'],
    },
  },
  {
    name: 'flagger',
    // Its quoted descriptions go on at a smaller indent, which YAML forbids and Go's parser takes; they are dropped anyway.
    ...fromModule(versions.flagger, dir => [
      readFileSync(join(dir, 'artifacts/flagger/crd.yaml'), 'utf8').replace(/description: '(?:[^']|'')*'/g, "description: ''"),
    ]),
    kinds: { 'flagger.app': ['AlertProvider', 'Canary', 'MetricTemplate'] },
  },
  {
    name: 'argo-rollouts',
    ...fromModule(versions['argo-rollouts'], dir => yamlFiles(join(dir, 'manifests/crds'))),
    kinds: { 'argoproj.io': ['AnalysisTemplate', 'ClusterAnalysisTemplate', 'Rollout'] },
    // Pod and job templates are Kubernetes' own (see test/schemas/apps and batch) and nine tenths of these CRDs.
    trim: {
      Rollout: [['spec', 'template']],
      AnalysisTemplate: [['spec', 'metrics', '*', 'provider', 'job', 'spec']],
      ClusterAnalysisTemplate: [['spec', 'metrics', '*', 'provider', 'job', 'spec']],
    },
  },
  {
    name: 'prometheus-operator',
    ...fromModule(versions['prometheus-operator'], dir => yamlFiles(join(dir, 'example/prometheus-operator-crd'))),
    kinds: { 'monitoring.coreos.com': ['PodMonitor', 'PrometheusRule', 'ServiceMonitor'] },
  },
  {
    name: 'linkerd',
    provenance: 'Linkerd CRDs',
    read: () => {
      const dir = process.env.LINKERD_CRDS ?? '../shared/crds/linkerd';
      try {
        return yamlFiles(dir);
      } catch (e) {
        throw new Error(`Linkerd publishes its CRDs in no Go module; put a folder that holds them into LINKERD_CRDS (looked in '${dir}')`, { cause: e });
      }
    },
    kinds: {
      'linkerd.io': ['ServiceProfile'],
      'multicluster.linkerd.io': ['Link'],
      'policy.linkerd.io': [
        'AuthorizationPolicy', 'EgressNetwork', 'HTTPLocalRateLimitPolicy', 'HTTPRoute', 'MeshTLSAuthentication', 'NetworkAuthentication', 'Server',
      ],
    },
  },
];
