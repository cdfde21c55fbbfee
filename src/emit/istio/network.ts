/** How connections between sidecars look to the network: each comes on the port that it is for. */
import type { NetworkDialect } from '../kubernetes/network-policy';
import { AGENT_PORTS } from './agent-ports';
import { podLabels } from './source';

export const network: NetworkDialect = {
  podLabels,
  unproven: () => [{ ports: AGENT_PORTS.map((port) => ({ protocol: 'TCP', port })) }],
};
