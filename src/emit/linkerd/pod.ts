/** What makes pods members of the mesh. What the program says itself on its pods always stays. */
import { enforcementOf, isMeshed } from '../../model/access';
import type { PodAdditions } from '../../model/contracts';
import type { MeshModel, MeshNode, ServiceNode, VersionNode } from '../../model/mesh-model';
import { proxyResources } from '../../model/proxy-resources';
import { opaquePodPorts } from './protocol';

const INJECT = 'linkerd.io/inject';
const DEFAULT_POLICY = 'config.linkerd.io/default-inbound-policy';

/** The annotation by which Linkerd gives the pods of a namespace a proxy. */
export const INJECTED: Readonly<Record<string, string>> = Object.freeze({ [INJECT]: 'enabled' });

/**
 * The application waits for its proxy by itself (`proxy-await`), and probes pass where a Server lets them. A pod that ends by itself gets its
 * proxy as a native sidecar, which Kubernetes stops once the job is done.
 */
export function pod(service: ServiceNode, version: VersionNode, model: MeshModel): PodAdditions {
  const { podAnnotations = {}, runsToCompletion = false } = version.workload ?? {};
  if (!isMeshed(service)) {
    return { labels: {}, annotations: without({ [INJECT]: 'disabled' }, podAnnotations) };
  }
  return {
    labels: {},
    annotations: without({
      ...INJECTED,
      ...runsToCompletion && { [nativeSidecar(model.mesh)]: 'true' },
      ...RESOURCES.some((key) => key in podAnnotations) ? {} : resources(model, service),
      ...opaquePodPorts(service),
      ...defaultPolicy(service),
    }, podAnnotations),
  };
}

/** Each release knows it by another name; the newest has it on by default. */
function nativeSidecar({ providerVersion }: MeshNode): string {
  const stage = { '2.18': 'alpha.', '2.19': 'beta.' }[providerVersion] ?? '';
  return `config.${stage}linkerd.io/proxy-enable-native-sidecar`;
}

/** For ports that no Server speaks of: nothing else closes them, a policy for the namespace included. */
function defaultPolicy(service: ServiceNode): Record<string, string> {
  const enforcement = enforcementOf(service);
  return enforcement === undefined ? {} : { [DEFAULT_POLICY]: enforcement === 'enforce' ? 'deny' : 'audit' };
}

const RESOURCES = ['cpu-request', 'cpu-limit', 'memory-request', 'memory-limit'].map((name) => `config.linkerd.io/proxy-${name}`);

function resources(model: MeshModel, service: ServiceNode): Record<string, string> {
  const figures = proxyResources(model, service);
  if (figures === undefined) {
    return {};
  }
  const values = [
    `${Math.round(figures.cpuRequest * 1000)}m`, `${Math.round(figures.cpuLimit * 1000)}m`, mebibytes(figures.memoryRequest), mebibytes(figures.memoryLimit),
  ];
  return Object.fromEntries(RESOURCES.map((key, index) => [key, values[index]]));
}

function mebibytes(bytes: number): string {
  return bytes % 1024 ** 2 === 0 ? `${bytes / 1024 ** 2}Mi` : `${Math.ceil(bytes / 1024)}Ki`;
}

function without(additions: Record<string, string>, said: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(additions).filter(([key]) => !(key in said)));
}
