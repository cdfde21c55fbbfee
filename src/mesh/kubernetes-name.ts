/** Refuses names that the API server would refuse, where they are said. */
import { IConstruct } from 'constructs';
import { refusedLabelKey, refusedLabelValue } from '../model/names';
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
