/** What makes pods members of the mesh. What the program says itself on its pods always stays. */
import type { PodAdditions } from '../../model/contracts';
import type { MeshModel, MeshNode, ServiceNode, VersionNode } from '../../model/mesh-model';
import { resourceAnnotations, without } from '../pod-additions';
import { hasProxies } from './security-api';

const INJECT = 'sidecar.istio.io/inject';
const REVISION = 'istio.io/rev';
const PROXY_CONFIG = 'proxy.istio.io/config';
const HELD = { holdApplicationUntilProxyStarts: 'true' };

/** The labels by which Istio gives the pods of a namespace a proxy. Both together contradict each other. */
export function injectionLabels(mesh: MeshNode): Record<string, string> {
  return mesh.revision === undefined ? { 'istio-injection': 'enabled' } : { [REVISION]: mesh.revision };
}

/**
 * A pod that ends by itself gets its proxy as a native sidecar, which Kubernetes stops once the job is done; such a proxy is up before the
 * application by itself. In all others the application waits, or its first requests would fail. Probes are answered by the agent beside
 * the proxy: the kubelet has no certificate for strict mTLS.
 */
export function pod(service: ServiceNode, version: VersionNode, model: MeshModel): PodAdditions {
  const { podLabels = {}, podAnnotations = {}, runsToCompletion = false } = version.workload ?? {};
  const { revision } = model.mesh;
  if (!hasProxies(service)) {
    return { labels: without({ [INJECT]: 'false' }, podLabels), annotations: {} };
  }
  const labels: Record<string, string> = { [INJECT]: 'true', ...(revision !== undefined && { [REVISION]: revision }) };
  const annotations: Record<string, string> = {
    'sidecar.istio.io/rewriteAppHTTPProbers': 'true',
    ...(runsToCompletion && { 'sidecar.istio.io/nativeSidecar': 'true' }),
    ...resourceAnnotations(model, service, RESOURCES, podAnnotations),
  };
  if (INJECT in podAnnotations) {
    // The annotation is the old way to say it, and the label would overrule it.
    delete labels[INJECT];
  }
  return {
    labels: without(labels, podLabels),
    annotations: {
      ...without(annotations, podAnnotations),
      ...proxyConfig(podAnnotations[PROXY_CONFIG], { ...!runsToCompletion && HELD, ...kept(service) }),
    },
  };
}

/** Istio's injector drops its own requests and limits as soon as one of these is set, so they come together. */
const RESOURCES = ['sidecar.istio.io/proxyCPU', 'sidecar.istio.io/proxyCPULimit', 'sidecar.istio.io/proxyMemory', 'sidecar.istio.io/proxyMemoryLimit'] as const;

/** The statistics of the inbound side that a canary's gates read; Envoy would not keep any of them. */
const KEPT = { proxyStatsMatcher: '{"inclusionRegexps": ["cluster\\\\.inbound\\\\|.*\\\\.upstream_rq_([1-5]xx|time|tx_reset)"]}' };

function kept({ delivery }: ServiceNode): Readonly<Record<string, string>> {
  return delivery?.metrics.kind === 'envoy' ? KEPT : {};
}

/** The proxy's configuration with what it does not say yet: YAML, or the JSON that is YAML, too. */
function proxyConfig(config: string | undefined, additions: Readonly<Record<string, string>>): Record<string, string> {
  const missing = Object.entries(additions).filter(([key]) => !config?.includes(key));
  if (missing.length === 0) {
    return {};
  }
  const text = config?.trim() ?? '';
  const lines = missing.map(([key, value]) => `${key}: ${value}`);
  if (text === '' || text === '{}') {
    return { [PROXY_CONFIG]: lines.join('\n') };
  }
  const json = missing.map(([key, value]) => `"${key}": ${value}, `).join('');
  return { [PROXY_CONFIG]: text.startsWith('{') ? `{${json}${text.slice(1).trimStart()}` : [text, ...lines].join('\n') };
}
