/**
 * What Flagger writes the service's Services and its route from. It replaces the whole route by one rule of its own, so everything that the
 * service's rule says stands here; what has no field here is a finding.
 */
import type { CanarySpecService } from '../../../imports/flagger.app';
import { policyBeyondFlagger } from '../../model/carry';
import type { Handover } from '../../model/contracts';
import type { CanaryNode } from '../../model/delivery';
import { httpPorts } from '../../model/effective';
import type { MeshModel } from '../../model/mesh-model';
import { type Json, defined } from '../json';
import { pruned } from './pruned';

type Service = Json<CanarySpecService>;

export function service(handover: Handover, model: MeshModel, node: CanaryNode): Service {
  const of = model.serviceById.get(node.service)!;
  const port = httpPorts(of)[0] ?? of.ports[0];
  const rule = handover.rule(model, of) as Rule;
  return defined<Service>({
    name: of.name,
    port: port?.number,
    portName: port?.name,
    targetPort: port?.containerPort as Service['targetPort'],
    appProtocol: port && handover.appProtocol(port, of),
    timeout: rule.timeout,
    retries: rule.retries && pruned(rule.retries, ['attempts', 'perTryTimeout', 'retryOn']),
    headers: rule.headers,
    corsPolicy: rule.corsPolicy,
    rewrite: rule.rewrite && pruned(rule.rewrite, ['uri', 'authority']),
    // What the schema cannot hold is written beside it, and then so is all of the policy.
    trafficPolicy: policyBeyondFlagger(of, model.mesh).length > 0 ? undefined : trafficPolicy(handover.policy(model, of)),
  });
}

/** The parts of Istio's rule and policy that both resources call alike. */
type Rule = Pick<Service, 'timeout' | 'retries' | 'headers' | 'corsPolicy' | 'rewrite'>;
type Policy = NonNullable<Service['trafficPolicy']> & {
  readonly loadBalancer?: {
    readonly consistentHash?: { readonly ringHash?: { readonly minimumRingSize?: number } };
    readonly warmup?: { readonly duration?: string };
  };
};

function trafficPolicy({ loadBalancer, connectionPool, outlierDetection }: Policy): Service['trafficPolicy'] {
  const { consistentHash, warmup, ...balancing } = loadBalancer ?? {};
  const { ringHash, ...hash } = consistentHash ?? {};
  return defined<NonNullable<Service['trafficPolicy']>>({
    loadBalancer: loadBalancer && defined({
      ...balancing,
      // Flagger knows both by the names that they had in Istio before.
      consistentHash: consistentHash && defined({ ...hash, minimumRingSize: ringHash?.minimumRingSize }),
      warmupDurationSecs: warmup?.duration,
    }),
    connectionPool,
    outlierDetection,
  });
}
