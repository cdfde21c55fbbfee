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
import { type Json, defined, nonEmpty, nonEmptyObject } from '../json';
import { pruned } from './pruned';

type Service = Json<CanarySpecService>;

export function service(handover: Handover, model: MeshModel, node: CanaryNode): Service {
  const of = model.serviceById.get(node.service)!;
  const port = httpPorts(of)[0] ?? of.ports[0];
  const rule = handover.rule(model, of) as Rule;
  const route = handover.route?.(model, of);
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
    rewrite: rule.rewrite && pruned(rule.rewrite, ['uri', 'authority', 'type']),
    gatewayRefs: route && nonEmpty(route.parents) as Service['gatewayRefs'],
    // They come to stand on the route; the Service is the library's own, and keeps what it has.
    apex: route && nonEmptyObject({ annotations: nonEmptyObject(route.annotations) }),
    // What the schema cannot hold is written beside it, and then so is all of the policy. With Gateway API Flagger writes no policy at all.
    trafficPolicy: route !== undefined || policyBeyondFlagger(of, model.mesh).length > 0 ? undefined : trafficPolicy(handover.policy(model, of)),
  });
}

/** The parts of a rule and a policy that both resources call alike; Flagger takes its words from Istio. */
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
