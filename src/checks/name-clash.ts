import { FindingCode, Severity } from '../model/finding';
import type { ObjectNode } from '../model/mesh-model';
import type { Check } from './check';
import { groupOf, ownerOf } from './raw';
import { listed } from './text';

export const nameClash: Check = {
  code: FindingCode.NAME_CLASH,
  name: 'name-clash',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Two objects of one kind share namespace and name',
  why: 'The API server holds one object of a kind under a name. The second apply overwrites the first, and with server-side apply the two fight '
    + 'over every field at each deployment.',
  bad: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'http', port: 8080 }] },
});`,
  good: `
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const seen = new Map<string, ObjectNode>();
    const clashes = new Map<string, { blamed: string; other: string; object: ObjectNode; kinds: string[]; byHand: boolean }>();
    for (const object of model.objects) {
      const key = [groupOf(object), object.kind, object.namespace ?? '', object.name].join('\n');
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, object);
        continue;
      }
      // The one to change is the program's own, if either is.
      const [blamed, other] = object.ours && !first.ours ? [first, object] : [object, first];
      const pair = `${declaredBy(blamed)}\n${declaredBy(other)}\n${object.name}`;
      const clash = clashes.get(pair) ?? { blamed: declaredBy(blamed), other: declaredBy(other), object, kinds: [], byHand: !blamed.ours };
      clash.kinds.push(object.kind);
      clashes.set(pair, clash);
    }
    for (const { blamed, other, object, kinds, byHand } of clashes.values()) {
      report(blamed, {
        message: `the ${listed(kinds)} ${object.name}${object.namespace === undefined ? '' : ` in namespace ${object.namespace}`} ${kinds.length === 1 ? 'is' : 'are'} there already`,
        evidence: `${other} has the same ${kinds.length === 1 ? 'name' : 'names'}`,
        fix: byHand ? 'Take this one away, or give it another name' : 'Give one of the two another name',
      });
    }
  },
};

/** The construct that a person wrote: an object of ours belongs to its service. */
function declaredBy(object: ObjectNode): string {
  return object.ours ? ownerOf(object) : object.origin;
}
