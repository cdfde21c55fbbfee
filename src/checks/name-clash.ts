import { FindingCode, Severity } from '../model/finding';
import { grouped } from '../model/grouped';
import type { MeshModel, ObjectNode } from '../model/mesh-model';
import type { Check, Report } from './check';
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
    const seen = new Map<string, Map<string, ObjectNode[]>>();
    const clashes = new Map<string, { blamed: string; other: string; object: ObjectNode; kinds: string[]; byHand: boolean }>();
    for (const object of model.objects) {
      const first = firstOf(seen, object);
      if (first === object) {
        continue;
      }
      // The one to change is the program's own, if either is.
      const [blamed, other] = object.ours && !first.ours ? [first, object] : [object, first];
      const pair = `${declaredBy(blamed)}\n${declaredBy(other)}\n${object.name}`;
      const clash = clashes.get(pair) ?? { blamed: declaredBy(blamed), other: declaredBy(other), object, kinds: [], byHand: !blamed.ours };
      clash.kinds.push(object.kind);
      clashes.set(pair, clash);
    }
    judgeWaypoints(model, report);
    for (const { blamed, other, object, kinds, byHand } of clashes.values()) {
      report(blamed, {
        message: `the ${listed(kinds)} ${object.name}${object.namespace === undefined ? '' : ` in namespace ${object.namespace}`} ${kinds.length === 1 ? 'is' : 'are'} there already`,
        evidence: `${other} has the same ${kinds.length === 1 ? 'name' : 'names'}`,
        fix: byHand ? 'Take this one away, or give it another name' : 'Give one of the two another name',
      });
    }
  },
};

/** The first object of that kind, namespace and name: this one, if none was seen before. */
function firstOf(seen: Map<string, Map<string, ObjectNode[]>>, object: ObjectNode): ObjectNode {
  const { namespace = '', name, kind } = object;
  const neighbours = seen.get(namespace) ?? new Map<string, ObjectNode[]>();
  seen.set(namespace, neighbours);
  const namesakes = neighbours.get(name);
  if (namesakes === undefined) {
    neighbours.set(name, [object]);
    return object;
  }
  // Of as many kinds as one service has objects.
  const first = namesakes.find((one) => one.kind === kind && groupOf(one) === groupOf(object));
  if (first === undefined) {
    namesakes.push(object);
  }
  return first ?? object;
}

/** With its account, a service would have the identity by which pods know their waypoint. */
const MADE_OF_WAYPOINTS: ReadonlySet<string> = new Set(['Deployment', 'Service', 'ServiceAccount']);

/** Of the Gateway of a waypoint, istiod makes objects that no program writes. */
function judgeWaypoints({ mesh, objects }: MeshModel, report: Report): void {
  const named = mesh.ambient === undefined ? [] : objects.filter(({ name }) => name === mesh.ambient?.waypointName);
  const namespaces = new Set(named.filter(({ ours, kind }) => ours && kind === 'Gateway').map(({ namespace }) => namespace));
  const taken = grouped(named.filter(({ kind, namespace }) => MADE_OF_WAYPOINTS.has(kind) && namespaces.has(namespace)), declaredBy);
  for (const [blamed, [first, ...others]] of taken) {
    report(blamed, {
      message: `the ${listed([first, ...others].map(({ kind }) => kind))} ${first.name} in namespace ${first.namespace} would be the waypoint's`,
      evidence: 'istiod makes an account, a Deployment and a Service of the waypoint of a namespace, under its name',
      fix: 'Give this one another name, or the waypoint: Waypoints.whereNeeded({ name })',
    });
  }
}

/** The construct that a person wrote: an object of ours belongs to its service. */
function declaredBy(object: ObjectNode): string {
  return object.ours ? ownerOf(object) : object.origin;
}
