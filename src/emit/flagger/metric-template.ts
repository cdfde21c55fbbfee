/** One MetricTemplate for every gate. */
import type { MetricTemplateSpec } from '../../../imports/flagger.app';
import type { Resource } from '../../model/contracts';
import type { CanaryNode } from '../../model/delivery';
import { targetOf } from '../../model/delivery-target';
import { gateQuery, podNames } from '../../model/gate-query';
import type { Json } from '../json';
import { FLAGGER } from './api';

type Spec = Json<MetricTemplateSpec>;

export const metricTemplate: Resource<CanaryNode, CanaryNode> = {
  id: 'MetricTemplate',
  apiVersion: FLAGGER,
  kind: 'MetricTemplate',
  exists: () => true,
  each: ({ gates }) => gates.map(({ name }) => name),
  spec: (node, model, key): Spec => {
    const gate = node.gates.find(({ name }) => name === key)!;
    const { kind, name } = targetOf(model, node) ?? { kind: 'Deployment', name: node.name };
    // The new version keeps the workload's name; the promoted one is a copy with another.
    const query = gateQuery(gate, node.metrics, { namespace: node.namespace ?? '', workload: name, kind, pods: podNames(kind, name) });
    return { provider: { type: 'prometheus', address: node.metrics.address }, query };
  },
};
