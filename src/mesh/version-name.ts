import { IConstruct } from 'constructs';
import { VersionDeclaration } from '../model/mesh-model';
import { refusedLabel, refusedLabelValue } from '../model/names';
import { refuse } from './invalid';

/** A version is the value of a label, its subset the name of one; both tell it from the other versions of its service. */
export function acceptedVersion(service: IConstruct, version: string, subset: string, others: readonly VersionDeclaration[]): void {
  const refused = refusedLabelValue(version);
  if (refused !== undefined || version === '') {
    refuse(service, 'version', version, `it ${refused ?? 'is empty'}; give a name that fits a label`);
  }
  for (const [property, value, taken] of [
    ['version', version, others.map((one) => one.name)], ['subset', subset, others.map((one) => one.subset)],
  ] as const) {
    if (taken.includes(value)) {
      refuse(service, property, value, `it is there already; the service has ${taken.join(', ')}`);
    }
  }
  const refusedSubset = refusedLabel(subset);
  if (refusedSubset !== undefined) {
    refuse(service, 'subset', subset, `it ${refusedSubset}; give another name`);
  }
}
