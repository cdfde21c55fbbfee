import { FABRIC_ADDRESS } from './fabric';
import type { Kubernetes, KubeObject } from './kubernetes';

/** The nodes, with region and zone: two zones side by side and one far away. */
const NODES: Record<string, { region: string; zone: string }> = {
  'node-1': { region: 'region-1', zone: 'zone-1' },
  'node-2': { region: 'region-1', zone: 'zone-2' },
  'node-3': { region: 'region-2', zone: 'zone-3' },
};

/** The node that kube-proxy runs for: its rules in the fabric serve the pods of all nodes. */
export const FIRST_NODE = 'node-1';

/** Makes the nodes. kube-proxy ends when the address of its node changes, so they must be there before it starts. */
export async function registerNodes(client: Kubernetes): Promise<void> {
  const at = new Date().toISOString();
  await Promise.all(Object.keys(NODES).map(async name => {
    await client.apply(`/api/v1/nodes/${name}`, { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: labelsOf(name) } });
    await client.merge(`/api/v1/nodes/${name}/status`, {
      status: {
        addresses: [{ type: 'InternalIP', address: FABRIC_ADDRESS }],
        capacity: { cpu: '64', memory: '256Gi', pods: '2000' },
        allocatable: { cpu: '64', memory: '256Gi', pods: '2000' },
        conditions: [{ type: 'Ready', status: 'True', reason: 'Conformance', lastHeartbeatTime: at, lastTransitionTime: at }],
      },
    });
  }));
}

/**
 * The first node that the pod's nodeSelector accepts.
 * @throws when there is none
 */
export function nodeFor(pod: KubeObject): string {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {});
  const node = Object.keys(NODES).find(name => wanted.every(([key, value]) => labelsOf(name)[key] === value));
  if (!node) {
    throw new Error(`no node has ${JSON.stringify(pod.spec.nodeSelector)}`);
  }
  return node;
}

function labelsOf(node: string): Record<string, string> {
  const { region, zone } = NODES[node];
  return { 'kubernetes.io/hostname': node, 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/region': region, 'topology.kubernetes.io/zone': zone };
}
