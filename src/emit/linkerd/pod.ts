/** What makes pods members of the mesh. What the program says itself on its pods always stays. */
import { enforcementOf, isMeshed } from '../../model/access';
import type { PodAdditions } from '../../model/contracts';
import type { MeshModel, MeshNode, ServiceNode, VersionNode } from '../../model/mesh-model';
import { resourceAnnotations, without } from '../pod-additions';
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
      ...resourceAnnotations(model, service, RESOURCES, podAnnotations),
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

const RESOURCES = [
  'config.linkerd.io/proxy-cpu-request', 'config.linkerd.io/proxy-cpu-limit', 'config.linkerd.io/proxy-memory-request', 'config.linkerd.io/proxy-memory-limit',
] as const;
