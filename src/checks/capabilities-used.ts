/** Which capabilities a program uses, and where it asked for them. Defaults that nobody asked for are not counted. */
import { enforcementOf, readsRequests, securityOf } from '../model/access';
import type { Capability } from '../model/capability';
import { dataPlaneOf } from '../model/data-plane';
import type { CanaryNode, EngineId } from '../model/delivery';
import { calleeOf, httpPorts } from '../model/effective';
import type { CallNode, ExternalNode, MeshModel, MeshNode, ServiceNode, VersionNode } from '../model/mesh-model';
import { callsWithPolicy, outlineOf } from '../model/outline';
import type { CircuitBreakerPolicy, Deadline, LoadBalancingPolicy, RetryPolicy } from '../model/policy';
import type { RouteMatchNode, RouteNode } from '../model/route';
import { NO_SECURITY, type ZeroTrustNode } from '../model/security';

export interface Use {
  readonly capability: Capability;
  readonly origin: string;
  /** Namespace whose proxies have to do it; undefined: those of the whole mesh. */
  readonly namespace?: string;
}

type Add = (capability: Capability) => void;

export function capabilitiesUsed(model: MeshModel): readonly Use[] {
  const uses: Use[] = [];
  // One collector for all: few constructs ask for anything, and there are many.
  let found: Capability[] = [];
  const add: Add = (capability) => {
    if (!found.includes(capability)) {
      found.push(capability);
    }
  };
  const close = (origin: string, namespace?: string): void => {
    if (found.length > 0) {
      uses.push(...found.map((capability) => ({ capability, origin, namespace })));
      found = [];
    }
  };
  ofDefaults(add, model.mesh);
  close(model.mesh.origin);
  for (const service of model.services) {
    ofService(add, model, service);
    close(service.origin, service.namespace);
    for (const version of service.versions) {
      ofVersion(add, version);
      close(version.origin, service.namespace);
    }
    for (const route of service.routes) {
      ofRoute(add, service, route);
      close(route.origin, service.namespace);
    }
  }
  for (const external of model.externals) {
    ofExternal(add, model, external);
    close(external.origin, external.namespace);
  }
  for (const call of outlineOf(model).detailed.filter(asksForSomething)) {
    ofTimes(add, call.retry, call.deadline);
    ofCall(add, model, call);
    close(call.origin, calleeOf(model, call.callee)?.namespace);
  }
  for (const policy of model.policies) {
    ofPolicy(add, policy);
    close(policy.origin, namespaceOf(model.mesh, policy));
  }
  for (const canary of model.canaries) {
    ofCanary(add, canary);
    close(canary.origin, canary.namespace);
  }
  return uses;
}

/** A policy has to be kept in every namespace that it is about, so in one that has moved, if there is such a one. */
function namespaceOf(mesh: MeshNode, { scope }: ZeroTrustNode): string | undefined {
  return scope.kind === 'namespaces' ? scope.namespaces.find((name) => dataPlaneOf(mesh, name) === mesh.provider) ?? scope.namespaces[0] : undefined;
}

/** Most calls do not, and there are many. */
function asksForSomething({ retry, deadline, methods, paths }: CallNode): boolean {
  return retry !== undefined || deadline !== undefined || methods !== undefined || paths !== undefined;
}

function when(add: Add, condition: boolean, capability: Capability): void {
  if (condition) {
    add(capability);
  }
}

function ofDefaults(add: Add, { defaults }: MeshNode): void {
  ofTimes(add, defaults.retry, defaults.deadline);
  ofBreaker(add, defaults.circuitBreaker);
  ofBalancing(add, defaults.loadBalancing);
}

function ofService(add: Add, model: MeshModel, service: ServiceNode): void {
  when(add, service.split !== undefined, httpPorts(service).length > 0 ? 'traffic-split' : 'tcp-split');
  ofTimes(add, service.retry, service.deadline);
  ofBreaker(add, service.circuitBreaker);
  ofBalancing(add, service.loadBalancing);
  when(add, callsWithPolicy(model, service.id).length > 0, 'per-caller-policy');
  when(add, service.egress === 'declared' || service.egress === 'namespace', 'egress-scope');
  when(add, service.existing, 'existing-service');
  when(add, service.proxyResources?.kind === 'stated', 'proxy-resources');
  ofSecurity(add, service);
}

function ofSecurity(add: Add, service: ServiceNode): void {
  const security = securityOf(service);
  if (security === NO_SECURITY) {
    return;
  }
  const { allow, deny, tokens, external, plaintext, pathRules } = security;
  const rules = [...allow, ...deny];
  when(add, rules.some(({ principal }) => principal.kind === 'addresses' && !principal.forwarded), 'address-rule');
  when(add, rules.some(({ principal }) => principal.kind === 'addresses' && principal.forwarded), 'client-address-rule');
  when(add, rules.some(({ principal }) => principal.kind !== 'addresses' && principal.kind !== 'anyone'), 'account-rule');
  when(add, rules.some(readsRequests), 'request-rule');
  when(add, deny.length > 0, 'denial');
  when(add, tokens.length > 0, 'token-authentication');
  when(add, external.length > 0, 'external-authorization');
  when(add, plaintext.length > 0, 'plaintext-exception');
  when(add, pathRules && (service.zeroTrust?.refuseEncodedSlashes ?? true), 'path-normalization');
}

function ofCall(add: Add, model: MeshModel, call: CallNode): void {
  const callee = model.serviceById.get(call.callee);
  const said = call.methods !== undefined || call.paths !== undefined;
  when(add, said && callee !== undefined && enforcementOf(callee) !== undefined, 'request-rule');
}

function ofPolicy(add: Add, { scope, migration, proof, enforcement, networkPolicies, sealEgress }: ZeroTrustNode): void {
  const byStage = enforcement === 'by-stage';
  const strict = migration.stage === 'strict' || migration.stage === 'strict-namespaces';
  (['default-deny', 'mutual-tls', 'account-rule'] as const).forEach(add);
  when(add, scope.kind === 'mesh', 'whole-mesh-policy');
  when(add, proof.kind === 'rule', 'mutual-tls-proof');
  when(add, enforcement === 'audit' || (byStage && (migration.stage !== 'strict' || migration.exceptions.length > 0)), 'authorization-audit');
  when(add, networkPolicies && (enforcement === 'enforce' || (byStage && strict)), 'network-policy');
  when(add, sealEgress && (enforcement === 'enforce' || (byStage && strict)), 'sealed-egress');
}

function ofVersion(add: Add, version: VersionNode): void {
  when(add, version.circuitBreaker !== undefined || version.loadBalancing !== undefined, 'per-version-policy');
  ofBreaker(add, version.circuitBreaker);
  ofBalancing(add, version.loadBalancing);
  when(add, version.workload?.runsToCompletion === true, 'run-to-completion');
}

function ofRoute(add: Add, service: ServiceNode, route: RouteNode): void {
  const http = httpPorts(service).length > 0;
  route.matches.forEach((match) => ofMatch(add, match));
  when(add, route.backends.length > 1, http ? 'traffic-split' : 'tcp-split');
  when(add, route.rewrite?.path !== undefined || route.rewrite?.authority !== undefined, 'rewrite');
  when(add, route.rewrite?.pathRegex !== undefined, 'regex-rewrite');
  when(add, route.redirect !== undefined, 'redirect');
  when(add, route.directResponse !== undefined, 'direct-response');
  when(add, route.mirrors.length > 0, 'mirror');
  when(add, route.requestHeaders !== undefined || route.responseHeaders !== undefined, 'header-changes');
  when(add, route.cors !== undefined, 'cors');
  when(add, route.fault !== undefined, 'fault-injection');
  ofTimes(add, route.retry, route.deadline);
}

/** One that is moved by commits is a split. */
const CANARIES: Readonly<Record<EngineId, Capability>> = {
  'flagger': 'canary-by-flagger', 'argo-rollouts': 'canary-by-argo-rollouts', 'manual': 'traffic-split',
};

function ofCanary(add: Add, { strategy, engine }: CanaryNode): void {
  add(CANARIES[engine.id]);
  when(add, strategy.kind === 'ab-test', 'canary-ab-test');
  when(add, strategy.kind === 'blue-green' && strategy.mirrorPercent !== undefined, 'canary-mirror');
}

function ofMatch(add: Add, match: RouteMatchNode): void {
  const headers = Object.values(match.headers);
  const values = [match.path, match.method, ...headers, ...Object.values(match.query)];
  when(add, match.path !== undefined, 'path-match');
  when(add, match.method !== undefined, 'method-match');
  when(add, headers.some((value) => value.kind !== 'absent'), 'header-match');
  when(add, headers.some((value) => value.kind === 'absent'), 'absent-header-match');
  when(add, Object.keys(match.query).length > 0, 'query-match');
  when(add, match.caller !== undefined, 'caller-match');
  when(add, match.port !== undefined, 'port-match');
  when(add, values.some((value) => value?.kind === 'regex'), 'regex-match');
}

function ofTimes(add: Add, retry: RetryPolicy | undefined, deadline: Deadline | undefined): void {
  if (retry === undefined && deadline === undefined) {
    return;
  }
  const retries = retry !== undefined && retry.retries > 0;
  when(add, retries, 'retry');
  when(add, retries && retry.backoffMs !== undefined, 'retry-back-off');
  when(add, retries && retry.perTryMs !== undefined, 'per-try-timeout');
  when(add, typeof deadline === 'number', 'deadline');
}

function ofBreaker(add: Add, policy: CircuitBreakerPolicy | undefined): void {
  if (policy === undefined) {
    return;
  }
  const { upgradeToHttp2, ...limits } = policy.pool;
  when(add, Object.values(limits).some((value) => value !== undefined), 'connection-pool');
  when(add, upgradeToHttp2 === true, 'http2-upgrade');
  when(add, typeof policy.ejection === 'object', 'outlier-detection');
  when(add, policy.retryBudget !== undefined, 'retry-budget');
}

function ofBalancing(add: Add, policy: LoadBalancingPolicy | undefined): void {
  if (policy === undefined) {
    return;
  }
  const { kind } = policy.algorithm;
  when(add, kind === 'hash', 'consistent-hash');
  when(add, kind !== 'hash' && kind !== 'least-request', 'load-balancing-algorithm');
  when(add, policy.locality !== undefined, 'locality');
  when(add, policy.warmUp !== undefined, 'warm-up');
}

function ofExternal(add: Add, model: MeshModel, external: ExternalNode): void {
  add('external-service');
  when(add, external.endpoints.length > 0, 'external-endpoints');
  when(add, external.originateTls, 'tls-origination');
  ofTimes(add, external.retry, external.deadline);
  ofBreaker(add, external.circuitBreaker);
  when(add, callsWithPolicy(model, external.id).length > 0, 'per-caller-policy');
}
