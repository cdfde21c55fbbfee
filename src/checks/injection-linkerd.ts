/** Who puts Linkerd's proxy into a pod: the pod's own annotation, else the namespace's. A label of the namespace keeps every webhook away. */
import { Severity } from '../model/finding';
import type { WorkloadNode } from '../model/mesh-model';
import type { Report } from './check';
import { listed } from './text';

export const INJECT = 'linkerd.io/inject';
const WEBHOOKS = 'config.linkerd.io/admission-webhooks';
const YES: ReadonlySet<string | undefined> = new Set(['enabled', 'ingress']);

type Values = Readonly<Record<string, string>>;

/** Why a pod takes no proxy whatever its namespace says; undefined where it does. */
export function refusesLinkerd({ hostNetwork, podAnnotations }: WorkloadNode): string | undefined {
  const said = podAnnotations[INJECT];
  return hostNetwork ? 'hostNetwork is true' : said === undefined || YES.has(said) ? undefined : `its pods have the annotation ${INJECT}=${said}`;
}

export function keepsWebhooksAway(labels: Values): boolean {
  return labels[WEBHOOKS] === 'disabled';
}

/** What is known of a namespace and of the services in it. */
export interface LinkerdNamespace {
  readonly origin: string;
  readonly name: string;
  readonly labels: Values;
  readonly annotations: Values;
  readonly services: readonly string[];
  /** Pods of some of them are made outside the program, so that the library cannot annotate them. */
  readonly outside: boolean;
}

export function judgeNamespace({ origin, name, labels, annotations, services, outside }: LinkerdNamespace, report: Report): void {
  const evidence = `services: ${listed(services, 3)}`;
  if (keepsWebhooksAway(labels)) {
    report(origin, { message: `${WEBHOOKS} of Namespace ${name} is disabled: no pod there gets a proxy`, evidence, fix: 'Take the label away', catalogue: [] });
  } else if (outside && !YES.has(annotations[INJECT])) {
    const said = annotations[INJECT];
    report(origin, {
      message: said === undefined ? `Namespace ${name} has no annotation ${INJECT}: only pods that have it themselves get a proxy`
        : `${INJECT} of Namespace ${name} is ${said}: only pods that say otherwise get a proxy`,
      evidence: `${evidence}; some of their pods come from outside this program`,
      fix: `Write ${INJECT}: enabled`,
      severity: said === undefined ? Severity.WARNING : Severity.ERROR,
      catalogue: [],
    });
  }
}
