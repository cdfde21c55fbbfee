import { adoptionScore, beyondMtls, FULL_MESH_AT, MTLS_ONLY_AT } from '../model/adoption';
import { FindingCode, Severity } from '../model/finding';
import { PROVIDER_FACTS } from '../model/provider';
import type { Check } from './check';
import { listed } from './text';

export const adoptionLevelExceeded: Check = {
  code: FindingCode.ADOPTION_LEVEL_EXCEEDED,
  name: 'adoption-level-exceeded',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'The program uses more of a mesh than its assessment allows',
  why: 'From a score of 5 on a full mesh pays; from 2 to 4 its encryption and identity do, without a proxy that reads requests; below 2 the '
    + 'organisation is better off without one. The score is enforced, so that the decision is made once and by its reasons.',
  bad: `
const other = new Mesh(chart, 'early', { provider: MeshProvider.istio(), adoption: Adoption.assess({ services: 3 }) });
new MeshService(chart, 'orders', { mesh: other, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  good: `
const other = new Mesh(chart, 'in-time', {
  provider: MeshProvider.istio(),
  adoption: Adoption.assess({ services: 3 }).overriddenTo(AdoptionLevel.FULL_MESH, 'the pilot that the assessment will rest on'),
});
new MeshService(chart, 'orders', { mesh: other, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const { mesh } = model;
    const result = mesh.adoption && adoptionScore(model, mesh.adoption);
    if (result === undefined || result.level === 'full-mesh') {
      return;
    }
    const { score, level, lines } = result;
    const missing = lines.filter(({ holds, points }) => holds ? points < 0 : points > 0).map(({ name, points }) => `${name} ${points > 0 ? '+' : '−'}${Math.abs(points)}`);
    const fix = `What would change the level: ${listed(missing, 8)}. If the score shall not decide, say overriddenTo(level, reason)`;
    if (level === 'too-early') {
      report(mesh.origin, {
        message: `the assessment scores ${score}, and below ${MTLS_ONLY_AT} it is too early for any mesh`,
        evidence: scored(lines),
        fix,
      });
      return;
    }
    const allows = `the assessment scores ${score}, and below ${FULL_MESH_AT} only encryption and identity are allowed`;
    const sidecars = listed(mesh.ambient?.sidecarNamespaces ?? []);
    if (PROVIDER_FACTS[mesh.provider].readsRequests || sidecars !== '') {
      const what = sidecars === '' ? `${PROVIDER_FACTS[mesh.provider].label} is a full mesh` : `${sidecars} still has sidecars, which are a full mesh`;
      report(mesh.origin, { message: `${allows}; ${what}`, evidence: scored(lines), fix });
    }
    for (const { origin, uses } of beyondMtls(model)) {
      report(origin, { message: `${allows}; this uses ${uses}`, evidence: scored(lines), fix });
    }
  },
};

function scored(lines: readonly { readonly name: string; readonly points: number; readonly holds: boolean; readonly reason: string }[]): string {
  const counting = lines.filter(({ holds }) => holds).map(({ points, reason, name }) => `${points > 0 ? '+' : '−'}${Math.abs(points)} ${name}: ${reason}`);
  return counting.length === 0 ? 'no line of the score holds' : counting.join('; ');
}
