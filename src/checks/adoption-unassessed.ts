import { adoptionScore } from '../model/adoption';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';
import { listed } from './text';

export const adoptionUnassessed: Check = {
  code: FindingCode.ADOPTION_UNASSESSED,
  name: 'adoption-unassessed',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A mesh without an assessment whether the organisation should have one',
  why: 'A mesh that comes too early costs more than it gives: a proxy beside every pod, a control plane to run, and one more place to look '
    + 'for every failure. Eight questions tell whether it pays.',
  bad: `
const other = new Mesh(chart, 'unassessed', { provider: MeshProvider.istio() });
new MeshService(chart, 'orders', { mesh: other, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  good: `
const other = new Mesh(chart, 'assessed', {
  provider: MeshProvider.istio(),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: other, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    if (model.mesh.adoption !== undefined) {
      return;
    }
    const { score, advised, lines } = adoptionScore(model, undefined);
    const points = lines.filter(({ holds }) => holds).map(({ name, points: value }) => `${name} ${value > 0 ? '+' : '−'}${Math.abs(value)}`);
    report(model.mesh.origin, {
      message: 'whether this organisation should have a mesh has not been assessed',
      evidence: `what the program shows scores ${score} (${points.length === 0 ? 'no line holds' : listed(points, 8)}), which alone advises ${advised}`,
      fix: 'Give the Mesh adoption: Adoption.assess({ … }) with what holds for the organisation',
    });
  },
};
