/** Refuses names that the API server would refuse, where they are said. */
import { IConstruct } from 'constructs';
import { refusedLabel, refusedLabelKey, refusedLabelValue, refusedServiceName, refusedSubdomain } from '../model/names';
import { refuse } from './invalid';

/** `reasonOf` answers why Kubernetes refuses a name, as the functions of the model do. */
export function acceptedName(where: IConstruct | string, property: string, name: string, reasonOf: (name: string) => string | undefined): string {
  const reason = reasonOf(name);
  if (reason !== undefined) {
    refuse(where, property, name, `it ${reason}; give a name that Kubernetes accepts`);
  }
  return name;
}

export function acceptedLabels(where: IConstruct | string, property: string, labels: { [name: string]: string } = {}): Record<string, string> {
  for (const [key, value] of Object.entries(labels)) {
    acceptedName(where, property, key, refusedLabelKey);
    acceptedName(where, `${property}.${key}`, value, refusedLabelValue);
  }
  return { ...labels };
}

/** The names that a service says of itself and its pods. */
interface ServiceNames {
  readonly serviceAccountName?: string;
  readonly podLabels?: { [name: string]: string };
}

export function acceptedServiceNames(where: IConstruct, name: string, namespace: string | undefined, others: ServiceNames): void {
  const { serviceAccountName, podLabels } = others;
  acceptedName(where, 'name', name, refusedServiceName);
  if (namespace !== undefined) {
    acceptedName(where, 'namespace', namespace, refusedLabel);
  }
  if (serviceAccountName !== undefined) {
    acceptedName(where, 'serviceAccountName', serviceAccountName, refusedSubdomain);
  }
  if (podLabels !== undefined && Object.keys(acceptedLabels(where, 'podLabels', podLabels)).length === 0) {
    refuse(where, 'podLabels', podLabels, 'name at least one label: without any, every pod of the namespace would be selected');
  }
}
