/**
 * What an analysis measures. Each step runs it anew, and does not end before it has passed: an analysis in the background could lose the race
 * against the steps, and a bad version be promoted before it has failed often enough.
 */
import type { AnalysisTemplateSpec, AnalysisTemplateSpecMetrics } from '../../../imports/argoproj.io';
import type { Resource } from '../../model/contracts';
import type { CanaryNode, WebhookKind, WebhookNode } from '../../model/delivery';
import { gateBounds, gateQuery } from '../../model/gate-query';
import { type Json, defined, duration, nonEmpty } from '../json';
import { acceptanceName, ARGO, HASH } from './api';

type Spec = Json<AnalysisTemplateSpec>;
type Metric = Json<AnalysisTemplateSpecMetrics>;

export const gateTemplate: Resource<CanaryNode, CanaryNode> = {
  id: 'AnalysisTemplate',
  apiVersion: ARGO,
  kind: 'AnalysisTemplate',
  exists: () => true,
  spec: (node): Spec => ({
    args: [{ name: HASH }],
    metrics: [
      ...webhooksOf(node, 'load-test').map((webhook) => call(node, webhook)),
      ...node.gates.map((gate): Metric => metric(node, gate)),
    ],
  }),
};

export const acceptanceTemplate: Resource<CanaryNode, CanaryNode> = {
  id: 'AcceptanceTemplate',
  apiVersion: ARGO,
  kind: 'AnalysisTemplate',
  nameOf: ({ name }) => acceptanceName(name),
  exists: (declaration) => webhooksOf(declaration, 'acceptance').length > 0,
  spec: (node): Spec => ({ metrics: webhooksOf(node, 'acceptance').map((webhook) => call(node, webhook)) }),
};

export function webhooksOf({ webhooks }: CanaryNode, kind: WebhookKind): readonly WebhookNode[] {
  return webhooks.filter((webhook) => webhook.kind === kind);
}

/**
 * One measurement a check, until one passes, or so many have failed that everything goes back. Without a count it would go on for ever, which
 * Argo Rollouts refuses.
 */
function metric(node: CanaryNode, gate: CanaryNode['gates'][number]): Metric {
  const every = duration(node.strategy.everyMs);
  const pods = `${node.name}-{{args.${HASH}}}-[a-z0-9]{5}`;
  return {
    name: gate.name,
    initialDelay: every,
    interval: every,
    count: node.rollBackAfter,
    failureLimit: node.rollBackAfter - 1,
    consecutiveSuccessLimit: 1,
    consecutiveErrorLimit: node.rollBackAfter - 1,
    successCondition: condition(gate),
    provider: { prometheus: { address: node.metrics.address, query: gateQuery(gate, node.metrics, { namespace: node.namespace ?? '', pods }) } },
  } as unknown as Metric;
}

/** No answer, and an answer that is no number, do not pass. */
function condition(gate: CanaryNode['gates'][number]): string {
  const { min, max } = gateBounds(gate);
  return ['len(result) > 0', '!isNaN(result[0])', min === undefined ? '' : `result[0] >= ${min}`, max === undefined ? '' : `result[0] <= ${max}`]
    .filter((part) => part !== '').join(' && ');
}

/** A webhook as a measurement: an answer of 2xx passes, everything else is an error. */
function call(node: CanaryNode, { name, url, timeoutMs, metadata }: WebhookNode): Metric {
  return {
    name,
    count: 1,
    consecutiveErrorLimit: node.rollBackAfter - 1,
    provider: {
      web: {
        method: 'POST',
        url,
        timeoutSeconds: Math.ceil(timeoutMs / 1000),
        jsonBody: defined({ name: node.name, namespace: node.namespace, metadata: nonEmpty(Object.keys(metadata)) && metadata }),
      },
    },
  } as unknown as Metric;
}
