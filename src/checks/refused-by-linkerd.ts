import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { POLICY_RULES } from './linkerd/policies';
import { PROFILE_RULES } from './linkerd/profiles';
import { ROUTE_RULES } from './linkerd/routes';
import type { LinkerdRule } from './linkerd/rule';
import { handWritten } from './raw';

/** All rules by which Linkerd's admission refuses an object that its schema takes. */
export const ADMISSION_RULES: readonly LinkerdRule[] = [...POLICY_RULES, ...ROUTE_RULES, ...PROFILE_RULES];

export const refusedByLinkerd: Check = {
  code: FindingCode.REFUSED_BY_LINKERD,
  name: 'refused-by-linkerd',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A hand-written object that Linkerd refuses although its schema takes it',
  why: 'Linkerd\'s policy controller judges more than the schemas do, and refuses the object when it is applied. Where the webhook is not there in '
    + 'that moment the object is taken, and Linkerd leaves it out with a line in a log: what it should have closed stays open.',
  bad: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: linkerd, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'NetworkAuthentication', metadata: { name: 'office' },
  spec: { networks: [{ cidr: '10.0.0.0/8', except: ['192.168.0.0/16'] }] },
});`,
  good: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: linkerd, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'NetworkAuthentication', metadata: { name: 'office' },
  spec: { networks: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] },
});`,
  run: (model, report) => {
    for (const rule of model.mesh.provider === 'linkerd' ? ADMISSION_RULES : []) {
      for (const { object, spec } of rule.kinds.flatMap((kind) => handWritten(model, kind, rule.group))) {
        for (const { what, fix } of rule.broken(spec, object)) {
          report(object.origin, { message: `the ${object.kind} ${object.name} ${what}`, evidence: `the rule ${rule.name} of Linkerd's admission`, fix });
        }
      }
    }
  },
};
