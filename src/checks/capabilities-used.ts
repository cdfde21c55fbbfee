/** Which capabilities a program uses, and where it asked for them. Defaults that nobody asked for are not counted. */
import { enforcementOf, readsRequests, securityOf } from '../model/access';
import type { Capability } from '../model/capability';
import { dataPlaneOf } from '../model/data-plane';
import type { CanaryNode, EngineId } from '../model/delivery';
import { calleeOf, callsWithPolicy, httpPorts } from '../model/effective';
import type { CallNode, ExternalNode, MeshModel, MeshNode, ServiceNode, VersionNode } from '../model/mesh-model';
import type { CircuitBreakerPolicy, Deadline, LoadBalancingPolicy, RetryPolicy } from '../model/policy';
import type { RouteMatchNode, RouteNode } from '../model/route';
import type { ZeroTrustNode } from '../model/security';

export interface Use {
  readonly capability: Capability;
  readonly origin: string;
  /** Namespace whose proxies have to do it; undefined: those of the whole mesh. */
  readonly namespace?: string;
}

export function capabilitiesUsed(model: MeshModel): readonly Use[] {
  return [
    ...at(model.mesh.origin, ofDefaults(model.mesh)),
    ...model.services.flatMap((service) => [
      ...at(service.origin, ofService(model, service), service.namespace),
      ...service.versions.flatMap((version) => at(version.origin, ofVersion(version), service.namespace)),
      ...service.routes.flatMap((route) => at(route.origin, ofRoute(service, route), service.namespace)),
    ]),
    ...model.externals.flatMap((external) => at(external.origin, ofExternal(model, external), external.namespace)),
    ...model.calls.filter(asksForSomething).flatMap((call) => at(
      call.origin, [...ofTimes(call.retry, call.deadline), ...ofCall(model, call)], calleeOf(model, call.callee)?.namespace,
    )),
    ...model.policies.flatMap((policy) => at(policy.origin, ofPolicy(policy), namespaceOf(model.mesh, policy))),
    ...model.canaries.flatMap((canary) => at(canary.origin, ofCanary(canary), canary.namespace)),
  ];
}

/** A policy has to be kept in every namespace that it is about, so in one that has moved, if there is such a one. */
function namespaceOf(mesh: MeshNode, { scope }: ZeroTrustNode): string | undefined {
  return scope.kind === 'namespaces' ? scope.namespaces.find((name) => dataPlaneOf(mesh, name) === mesh.provider) ?? scope.namespaces[0] : undefined;
}

function at(origin: string, capabilities: readonly Capability[], namespace?: string): readonly Use[] {
  return capabilities.length === 0 ? [] : [...new Set(capabilities)].map((capability) => ({ capability, origin, namespace }));
}

/** Most calls do not, and there are many. */
function asksForSomething({ retry, deadline, methods, paths }: CallNode): boolean {
  return retry !== undefined || deadline !== undefined || methods !== undefined || paths !== undefined;
}

function when(condition: boolean, capability: Capability): Capability[] {
  return condition ? [capability] : [];
}

function ofDefaults({ defaults }: MeshNode): Capability[] {
  return [...ofTimes(defaults.retry, defaults.deadline), ...ofBreaker(defaults.circuitBreaker), ...ofBalancing(defaults.loadBalancing)];
}

function ofService(model: MeshModel, service: ServiceNode): Capability[] {
  const http = httpPorts(service).length > 0;
  return [
    ...when(service.split !== undefined, http ? 'traffic-split' : 'tcp-split'),
    ...ofTimes(service.retry, service.deadline),
    ...ofBreaker(service.circuitBreaker),
    ...ofBalancing(service.loadBalancing),
    ...when(callsWithPolicy(model, service.id).length > 0, 'per-caller-policy'),
    ...when(service.egress === 'declared' || service.egress === 'namespace', 'egress-scope'),
    ...when(service.existing, 'existing-service'),
    ...ofSecurity(service),
  ];
}

function ofSecurity(service: ServiceNode): Capability[] {
  const { allow, deny, tokens, external, plaintext, pathRules } = securityOf(service);
  const rules = [...allow, ...deny];
  return [
    ...when(rules.some(({ principal }) => principal.kind === 'addresses' && !principal.forwarded), 'address-rule'),
    ...when(rules.some(({ principal }) => principal.kind === 'addresses' && principal.forwarded), 'client-address-rule'),
    ...when(rules.some(({ principal }) => principal.kind !== 'addresses' && principal.kind !== 'anyone'), 'account-rule'),
    ...when(rules.some(readsRequests), 'request-rule'),
    ...when(deny.length > 0, 'denial'),
    ...when(tokens.length > 0, 'token-authentication'),
    ...when(external.length > 0, 'external-authorization'),
    ...when(plaintext.length > 0, 'plaintext-exception'),
    ...when(pathRules && (service.zeroTrust?.refuseEncodedSlashes ?? true), 'path-normalization'),
  ];
}

function ofCall(model: MeshModel, call: CallNode): Capability[] {
  const callee = model.serviceById.get(call.callee);
  const said = call.methods !== undefined || call.paths !== undefined;
  return when(said && callee !== undefined && enforcementOf(callee) !== undefined, 'request-rule');
}

function ofPolicy({ scope, migration, proof, enforcement, networkPolicies, sealEgress }: ZeroTrustNode): Capability[] {
  const byStage = enforcement === 'by-stage';
  const strict = migration.stage === 'strict' || migration.stage === 'strict-namespaces';
  return [
    'default-deny', 'mutual-tls', 'account-rule',
    ...when(scope.kind === 'mesh', 'whole-mesh-policy'),
    ...when(proof.kind === 'rule', 'mutual-tls-proof'),
    ...when(enforcement === 'audit' || (byStage && (migration.stage !== 'strict' || migration.exceptions.length > 0)), 'authorization-audit'),
    ...when(networkPolicies && (enforcement === 'enforce' || (byStage && strict)), 'network-policy'),
    ...when(sealEgress && (enforcement === 'enforce' || (byStage && strict)), 'sealed-egress'),
  ];
}

function ofVersion(version: VersionNode): Capability[] {
  return [
    ...when(version.circuitBreaker !== undefined || version.loadBalancing !== undefined, 'per-version-policy'),
    ...ofBreaker(version.circuitBreaker),
    ...ofBalancing(version.loadBalancing),
    ...when(version.workload?.runsToCompletion === true, 'run-to-completion'),
  ];
}

function ofRoute(service: ServiceNode, route: RouteNode): Capability[] {
  const http = httpPorts(service).length > 0;
  return [
    ...route.matches.flatMap(ofMatch),
    ...when(route.backends.length > 1, http ? 'traffic-split' : 'tcp-split'),
    ...when(route.rewrite?.path !== undefined || route.rewrite?.authority !== undefined, 'rewrite'),
    ...when(route.rewrite?.pathRegex !== undefined, 'regex-rewrite'),
    ...when(route.redirect !== undefined, 'redirect'),
    ...when(route.directResponse !== undefined, 'direct-response'),
    ...when(route.mirrors.length > 0, 'mirror'),
    ...when(route.requestHeaders !== undefined || route.responseHeaders !== undefined, 'header-changes'),
    ...when(route.cors !== undefined, 'cors'),
    ...when(route.fault !== undefined, 'fault-injection'),
    ...ofTimes(route.retry, route.deadline),
  ];
}

/** One that is moved by commits is a split. */
const CANARIES: Readonly<Record<EngineId, Capability>> = {
  'flagger': 'canary-by-flagger', 'argo-rollouts': 'canary-by-argo-rollouts', 'manual': 'traffic-split',
};

function ofCanary({ strategy, engine }: CanaryNode): Capability[] {
  return [
    CANARIES[engine.id],
    ...when(strategy.kind === 'ab-test', 'canary-ab-test'),
    ...when(strategy.kind === 'blue-green' && strategy.mirrorPercent !== undefined, 'canary-mirror'),
  ];
}

function ofMatch(match: RouteMatchNode): Capability[] {
  const headers = Object.values(match.headers);
  const values = [match.path, match.method, ...headers, ...Object.values(match.query)];
  return [
    ...when(match.path !== undefined, 'path-match'),
    ...when(match.method !== undefined, 'method-match'),
    ...when(headers.some((value) => value.kind !== 'absent'), 'header-match'),
    ...when(headers.some((value) => value.kind === 'absent'), 'absent-header-match'),
    ...when(Object.keys(match.query).length > 0, 'query-match'),
    ...when(match.caller !== undefined, 'caller-match'),
    ...when(match.port !== undefined, 'port-match'),
    ...when(values.some((value) => value?.kind === 'regex'), 'regex-match'),
  ];
}

function ofTimes(retry: RetryPolicy | undefined, deadline: Deadline | undefined): Capability[] {
  const retries = retry !== undefined && retry.retries > 0;
  return [
    ...when(retries, 'retry'),
    ...when(retries && retry.backoffMs !== undefined, 'retry-back-off'),
    ...when(retries && retry.perTryMs !== undefined, 'per-try-timeout'),
    ...when(typeof deadline === 'number', 'deadline'),
  ];
}

function ofBreaker(policy: CircuitBreakerPolicy | undefined): Capability[] {
  if (policy === undefined) {
    return [];
  }
  const { upgradeToHttp2, ...limits } = policy.pool;
  return [
    ...when(Object.values(limits).some((value) => value !== undefined), 'connection-pool'),
    ...when(upgradeToHttp2 === true, 'http2-upgrade'),
    ...when(typeof policy.ejection === 'object', 'outlier-detection'),
    ...when(policy.retryBudget !== undefined, 'retry-budget'),
  ];
}

function ofBalancing(policy: LoadBalancingPolicy | undefined): Capability[] {
  const kind = policy?.algorithm.kind;
  return [
    ...when(kind === 'hash', 'consistent-hash'),
    ...when(kind !== undefined && kind !== 'hash' && kind !== 'least-request', 'load-balancing-algorithm'),
    ...when(policy?.locality !== undefined, 'locality'),
    ...when(policy?.warmUp !== undefined, 'warm-up'),
  ];
}

function ofExternal(model: MeshModel, external: ExternalNode): Capability[] {
  return [
    'external-service',
    ...when(external.endpoints.length > 0, 'external-endpoints'),
    ...when(external.originateTls, 'tls-origination'),
    ...ofTimes(external.retry, external.deadline),
    ...ofBreaker(external.circuitBreaker),
    ...when(callsWithPolicy(model, external.id).length > 0, 'per-caller-policy'),
  ];
}
