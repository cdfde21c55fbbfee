/** All checks, and the judge that runs them. A new check is one line here. */
import type { Judge } from '../model/contracts';
import { Finding, Severity } from '../model/finding';
import { forgetJudged } from '../model/once';
import { accountContradicted } from './account-contradicted';
import { adoptionContradicted } from './adoption-contradicted';
import { adoptionLevelExceeded } from './adoption-level-exceeded';
import { adoptionUnassessed } from './adoption-unassessed';
import { allowWithoutPolicy } from './allow-without-policy';
import { allowsEverything } from './allows-everything';
import { applicationLogicInRoute } from './application-logic-in-route';
import { autoscalerFightsCanary } from './autoscaler-fights-canary';
import { beyondGatewayApi } from './beyond-gateway-api';
import { callCycle } from './call-cycle';
import { callerGivesUpFirst } from './caller-gives-up-first';
import { callersIndistinguishable } from './callers-indistinguishable';
import { canaryBreaksSessions } from './canary-breaks-sessions';
import { canaryNameTaken } from './canary-name-taken';
import { canaryNeverEnds } from './canary-never-ends';
import { canaryOfConnections } from './canary-of-connections';
import { canarySelectorLabel } from './canary-selector-label';
import { canaryStepOvershoots } from './canary-step-overshoots';
import type { Check } from './check';
import { configuredTwice } from './configured-twice';
import { deniedPath } from './denied-path';
import { denyBlocksTcp } from './deny-blocks-tcp';
import { egressByName } from './egress-by-name';
import { egressUnscoped } from './egress-unscoped';
import { ejectionEmptiesService } from './ejection-empties-service';
import { ejectionNeverHappens } from './ejection-never-happens';
import { engineCannotCarry } from './engine-cannot-carry';
import { exceptionExpired } from './exception-expired';
import { externalHostConflict } from './external-host-conflict';
import { externalTcpWithoutAddresses } from './external-tcp-without-addresses';
import { gateCannotFail } from './gate-cannot-fail';
import { gateWithoutData } from './gate-without-data';
import { httpPolicyOnTcp } from './http-policy-on-tcp';
import { identityWithoutMtls } from './identity-without-mtls';
import { ignoredByLinkerd } from './ignored-by-linkerd';
import { imageAuto } from './image-auto';
import { ineffectiveMatch } from './ineffective-match';
import { localityWithoutEjection } from './locality-without-ejection';
import { mixedDataPlanes } from './mixed-data-planes';
import { nameClash } from './name-clash';
import { namespaceMismatch } from './namespace-mismatch';
import { namespaceMissing } from './namespace-missing';
import { namespaceNotInjected } from './namespace-not-injected';
import { nobodyMayCall } from './nobody-may-call';
import { operationNotEnforced } from './operation-not-enforced';
import { overlappingPeerAuthentication } from './overlapping-peer-authentication';
import { overlappingWorkloads } from './overlapping-workloads';
import { patchOnReleasedObject } from './patch-on-released-object';
import { pinnedLabel } from './pinned-label';
import { plaintextWithoutEnd } from './plaintext-without-end';
import { podNotInjected } from './pod-not-injected';
import { policySelectsNothing } from './policy-selects-nothing';
import { portNaming } from './port-naming';
import { portNotExposed } from './port-not-exposed';
import { portNumberUnknown } from './port-number-unknown';
import { prefixBySegment } from './prefix-by-segment';
import { prematureStrict } from './premature-strict';
import { probesRefused } from './probes-refused';
import { proxyBudgetExceeded } from './proxy-budget-exceeded';
import { proxyUid } from './proxy-uid';
import { refusedByLinkerd } from './refused-by-linkerd';
import { releaseExceedsErrorBudget } from './release-exceeds-error-budget';
import { requestRuleOnTcp } from './request-rule-on-tcp';
import { requestRulesOverlap } from './request-rules-overlap';
import { retriesBeyondDeadline } from './retries-beyond-deadline';
import { retryAmplification } from './retry-amplification';
import { retryConditionLost } from './retry-condition-lost';
import { routePrecedence } from './route-precedence';
import { selectorMatchesNothing } from './selector-matches-nothing';
import { sharedAccount } from './shared-account';
import { silentRetries } from './silent-retries';
import { subsetSelectsNothing } from './subset-selects-nothing';
import { uncoveredService } from './uncovered-service';
import { unknownAccount } from './unknown-account';
import { unknownCallPort } from './unknown-call-port';
import { unknownHost } from './unknown-host';
import { unknownOperation } from './unknown-operation';
import { unknownRoutePort } from './unknown-route-port';
import { unknownRulePort } from './unknown-rule-port';
import { unknownSubset } from './unknown-subset';
import { unreachableRoute } from './unreachable-route';
import { unsafeRetry } from './unsafe-retry';
import { unsupportedCapability } from './unsupported-capability';
import { waypointBypassed } from './waypoint-bypassed';
import { waypointMissing } from './waypoint-missing';
import { wildcardPrincipal } from './wildcard-principal';
import { workloadUnreadable } from './workload-unreadable';

export const CHECKS: readonly Check[] = Object.freeze([
  accountContradicted,
  adoptionContradicted,
  adoptionLevelExceeded,
  adoptionUnassessed,
  allowWithoutPolicy,
  allowsEverything,
  applicationLogicInRoute,
  autoscalerFightsCanary,
  beyondGatewayApi,
  callCycle,
  callerGivesUpFirst,
  callersIndistinguishable,
  canaryBreaksSessions,
  canaryNameTaken,
  canaryNeverEnds,
  canaryOfConnections,
  canarySelectorLabel,
  canaryStepOvershoots,
  configuredTwice,
  deniedPath,
  denyBlocksTcp,
  egressByName,
  egressUnscoped,
  ejectionEmptiesService,
  ejectionNeverHappens,
  engineCannotCarry,
  exceptionExpired,
  externalHostConflict,
  externalTcpWithoutAddresses,
  gateCannotFail,
  gateWithoutData,
  httpPolicyOnTcp,
  identityWithoutMtls,
  ignoredByLinkerd,
  imageAuto,
  ineffectiveMatch,
  localityWithoutEjection,
  mixedDataPlanes,
  nameClash,
  namespaceMismatch,
  namespaceMissing,
  namespaceNotInjected,
  nobodyMayCall,
  operationNotEnforced,
  overlappingPeerAuthentication,
  overlappingWorkloads,
  patchOnReleasedObject,
  pinnedLabel,
  plaintextWithoutEnd,
  podNotInjected,
  policySelectsNothing,
  portNaming,
  portNotExposed,
  portNumberUnknown,
  prefixBySegment,
  prematureStrict,
  probesRefused,
  proxyBudgetExceeded,
  proxyUid,
  refusedByLinkerd,
  releaseExceedsErrorBudget,
  requestRuleOnTcp,
  requestRulesOverlap,
  retriesBeyondDeadline,
  retryAmplification,
  retryConditionLost,
  routePrecedence,
  selectorMatchesNothing,
  sharedAccount,
  silentRetries,
  subsetSelectsNothing,
  uncoveredService,
  unknownAccount,
  unknownCallPort,
  unknownHost,
  unknownOperation,
  unknownRoutePort,
  unknownRulePort,
  unknownSubset,
  unreachableRoute,
  unsafeRetry,
  unsupportedCapability,
  waypointBypassed,
  waypointMissing,
  wildcardPrincipal,
  workloadUnreadable,
]);

const WEIGHT: Readonly<Record<Severity, number>> = { [Severity.ERROR]: 0, [Severity.WARNING]: 1, [Severity.INFO]: 2 };

/** The heaviest findings first, then by code; those of one code as the program declared their subjects. */
export const judge: Judge = (model) => {
  const findings = CHECKS.flatMap((check) => findingsOf(check, model));
  forgetJudged(model);
  return findings.sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || (a.code < b.code ? -1 : Number(a.code > b.code)));
};

export function findingsOf(check: Check, model: Parameters<Judge>[0]): Finding[] {
  const findings: Finding[] = [];
  check.run(model, (construct, { message, evidence, fix, severity, catalogue }) => findings.push({
    code: check.code,
    check: check.name,
    severity: severity ?? check.severity,
    construct,
    message,
    evidence: evidence ?? '',
    fix,
    catalogue: [...catalogue ?? check.catalogue],
  }));
  return findings;
}
