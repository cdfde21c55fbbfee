import { countedLanguages, countedServices } from '../model/adoption';
import { FindingCode, Severity } from '../model/finding';
import type { Check } from './check';

export const adoptionContradicted: Check = {
  code: FindingCode.ADOPTION_CONTRADICTED,
  name: 'adoption-contradicted',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'The assessment states less than the program holds',
  why: 'The counts are the organisation\'s, and the program is a part of it: a smaller number is a mistake, and the score would rest on it.',
  bad: `
const other = new Mesh(chart, 'miscounted', {
  provider: MeshProvider.istio(),
  adoption: Adoption.assess({ services: 1, regulatedEncryption: true, hardToDebugLatency: true, languages: 3, kubernetes: KubernetesExperience.ESTABLISHED }),
});
new MeshService(chart, 'orders', { mesh: other, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new MeshService(chart, 'web', { mesh: other, workload: deployment('web'), ports: [MeshPort.http(8080)] });`,
  good: `
const other = new Mesh(chart, 'counted', {
  provider: MeshProvider.istio(),
  adoption: Adoption.assess({ services: 5, regulatedEncryption: true, hardToDebugLatency: true }),
});
new MeshService(chart, 'orders', { mesh: other, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new MeshService(chart, 'web', { mesh: other, workload: deployment('web'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const stated = model.mesh.adoption;
    for (const [property, said, counted] of [
      ['services', stated?.services, countedServices(model)], ['languages', stated?.languages, countedLanguages(model)],
    ] as const) {
      if (said !== undefined && said < counted) {
        report(model.mesh.origin, {
          message: `adoption.${property} is ${said}, and the program alone holds ${counted}`,
          fix: `State the organisation's own count, ${counted} or more, or leave it out: then the program's is taken`,
        });
      }
    }
  },
};
