/** All checks, and the judge that runs them. A new check is one line here. */
import type { Judge } from '../model/contracts';
import { Finding, Severity } from '../model/finding';
import { adoptionContradicted } from './adoption-contradicted';
import { adoptionLevelExceeded } from './adoption-level-exceeded';
import { adoptionUnassessed } from './adoption-unassessed';
import { applicationLogicInRoute } from './application-logic-in-route';
import { callCycle } from './call-cycle';
import { callerGivesUpFirst } from './caller-gives-up-first';
import type { Check } from './check';
import { configuredTwice } from './configured-twice';
import { egressUnscoped } from './egress-unscoped';
import { ejectionEmptiesService } from './ejection-empties-service';
import { ejectionNeverHappens } from './ejection-never-happens';
import { externalHostConflict } from './external-host-conflict';
import { externalTcpWithoutAddresses } from './external-tcp-without-addresses';
import { httpPolicyOnTcp } from './http-policy-on-tcp';
import { imageAuto } from './image-auto';
import { ineffectiveMatch } from './ineffective-match';
import { localityWithoutEjection } from './locality-without-ejection';
import { nameClash } from './name-clash';
import { namespaceMismatch } from './namespace-mismatch';
import { namespaceMissing } from './namespace-missing';
import { namespaceNotInjected } from './namespace-not-injected';
import { overlappingWorkloads } from './overlapping-workloads';
import { pinnedLabel } from './pinned-label';
import { podNotInjected } from './pod-not-injected';
import { portNaming } from './port-naming';
import { portNotExposed } from './port-not-exposed';
import { proxyBudgetExceeded } from './proxy-budget-exceeded';
import { proxyUid } from './proxy-uid';
import { retriesBeyondDeadline } from './retries-beyond-deadline';
import { retryAmplification } from './retry-amplification';
import { selectorMatchesNothing } from './selector-matches-nothing';
import { subsetSelectsNothing } from './subset-selects-nothing';
import { unknownCallPort } from './unknown-call-port';
import { unknownHost } from './unknown-host';
import { unknownOperation } from './unknown-operation';
import { unknownRoutePort } from './unknown-route-port';
import { unknownSubset } from './unknown-subset';
import { unreachableRoute } from './unreachable-route';
import { unsafeRetry } from './unsafe-retry';
import { unsupportedCapability } from './unsupported-capability';
import { workloadUnreadable } from './workload-unreadable';

export const CHECKS: readonly Check[] = Object.freeze([
  adoptionContradicted,
  adoptionLevelExceeded,
  adoptionUnassessed,
  applicationLogicInRoute,
  callCycle,
  callerGivesUpFirst,
  configuredTwice,
  egressUnscoped,
  ejectionEmptiesService,
  ejectionNeverHappens,
  externalHostConflict,
  externalTcpWithoutAddresses,
  httpPolicyOnTcp,
  imageAuto,
  ineffectiveMatch,
  localityWithoutEjection,
  nameClash,
  namespaceMismatch,
  namespaceMissing,
  namespaceNotInjected,
  overlappingWorkloads,
  pinnedLabel,
  podNotInjected,
  portNaming,
  portNotExposed,
  proxyBudgetExceeded,
  proxyUid,
  retriesBeyondDeadline,
  retryAmplification,
  selectorMatchesNothing,
  subsetSelectsNothing,
  unknownCallPort,
  unknownHost,
  unknownOperation,
  unknownRoutePort,
  unknownSubset,
  unreachableRoute,
  unsafeRetry,
  unsupportedCapability,
  workloadUnreadable,
]);

const WEIGHT: Readonly<Record<Severity, number>> = { [Severity.ERROR]: 0, [Severity.WARNING]: 1, [Severity.INFO]: 2 };

/** The heaviest findings first, then by code; those of one code as the program declared their subjects. */
export const judge: Judge = (model) => {
  const findings = CHECKS.flatMap((check) => findingsOf(check, model));
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
