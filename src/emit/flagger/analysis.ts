/** How Flagger moves the requests, and what it looks at meanwhile. */
import type { CanarySpecAnalysis } from '../../../imports/flagger.app';
import type { Approval, AudienceNode, CanaryNode, StrategyNode, WebhookKind } from '../../model/delivery';
import { gateBounds } from '../../model/gate-query';
import { type Json, defined, nonEmpty, nonEmptyObject } from '../json';
import { sendable } from './alert-provider';
import { seconds } from './api';

type Analysis = Json<CanarySpecAnalysis>;
type Webhook = NonNullable<Analysis['webhooks']>[number];

export function analysis(node: CanaryNode): Analysis {
  return defined({
    interval: seconds(node.strategy.everyMs),
    threshold: node.rollBackAfter,
    ...strategy(node.strategy),
    metrics: node.gates.map((gate) => {
      const { min, max } = gateBounds(gate);
      // Without an interval the time range would be empty; without a range every value above 0 would fail.
      return { name: gate.name, templateRef: { name: `${node.name}-${gate.name}` }, interval: seconds(gate.windowMs), thresholdRange: defined({ min, max }) };
    }),
    webhooks: nonEmpty(webhooks(node)),
    alerts: nonEmpty(sendable(node).map(({ name, severity }) => ({
      name, severity: severity === 'warning' ? 'warn' : severity, providerRef: { name: `${node.name}-${name}` },
    }))),
  }) as unknown as Analysis;
}

function strategy(node: StrategyNode): Partial<Analysis> {
  switch (node.kind) {
    case 'weights':
      return defined({
        ...steps(node),
        sessionAffinity: node.session && { cookieName: node.session.cookie, maxAge: Math.ceil(node.session.maxAgeMs / 1000) },
      });
    case 'blue-green':
      return { iterations: node.iterations, ...node.mirrorPercent !== undefined && { mirror: true, mirrorWeight: node.mirrorPercent } };
    case 'ab-test':
      return { iterations: node.iterations, match: node.audiences.map(audience) };
  }
}

/** With `stepWeight` alone Flagger would go beyond a maximum that the step does not divide. */
function steps({ linear, steps: all }: Extract<StrategyNode, { kind: 'weights' }>): Partial<Analysis> {
  return linear !== undefined && linear.max % linear.step === 0
    ? { stepWeight: linear.step, maxWeight: linear.max } : { stepWeights: all.map(({ weight }) => weight) };
}

function audience({ header, value }: AudienceNode): NonNullable<Analysis['match']>[number] {
  return { headers: { [header]: { [value.kind]: value.value } } };
}

const WEBHOOKS: Readonly<Record<WebhookKind, string>> = {
  'acceptance': 'pre-rollout', 'load-test': 'rollout', 'event': 'event', 'rollback': 'rollback',
};

const APPROVALS: Readonly<Record<Approval, string>> = {
  'start': 'confirm-rollout', 'each-step': 'confirm-traffic-increase', 'promotion': 'confirm-promotion',
};

function webhooks({ webhooks: all, approvals, engine }: CanaryNode): readonly Webhook[] {
  const url = engine.id === 'flagger' ? engine.approvalUrl : undefined;
  return [
    ...all.map(({ kind, name, url: address, timeoutMs, metadata }) => defined({
      name, type: WEBHOOKS[kind], url: address, timeout: seconds(timeoutMs), metadata: nonEmptyObject(metadata),
    })),
    ...url === undefined ? [] : approvals.map((approval) => ({ name: `approve-${approval}`, type: APPROVALS[approval], url })),
  ] as readonly Webhook[];
}
