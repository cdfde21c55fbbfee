import { Answer, CAPABILITY_TABLE } from '../model/capability';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import { PROVIDER_FACTS } from '../model/provider';
import { capabilitiesUsed } from './capabilities-used';
import type { Check, Report } from './check';

export const unsupportedCapability: Check = {
  code: FindingCode.UNSUPPORTED_CAPABILITY,
  name: 'unsupported-capability',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'The mesh cannot do what the program asks for',
  why: 'One vocabulary is written out for several meshes, and each lacks something. What it lacks is refused here, with what to use instead, and '
    + 'never left out in silence. Where the mesh does the same in another way, that way is taken without a finding.',
  bad: '',
  good: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
orders.addRoute('api', { matches: [RouteMatch.prefix('/api')], retry: Retry.upTo(2) });`,
  run: (model, report) => judgeCapabilities(CAPABILITY_TABLE, model, report),
};

export function judgeCapabilities(table: typeof CAPABILITY_TABLE, model: MeshModel, report: Report): void {
  const { provider, providerVersion } = model.mesh;
  const { label } = PROVIDER_FACTS[provider];
  for (const { capability, origin } of capabilitiesUsed(model)) {
    const answer: Answer = table[capability][provider];
    if (answer.support === 'unsupported') {
      report(origin, {
        message: `${label} cannot do ${capability}`,
        evidence: `asked for here; provider ${provider} ${providerVersion}`,
        fix: answer.instead,
      });
    } else if (answer.since !== undefined && isBefore(providerVersion, answer.since)) {
      report(origin, {
        message: `${label} can do ${capability} only since ${answer.since}`,
        evidence: `the mesh is declared as ${providerVersion}`,
        fix: `Upgrade the mesh to ${answer.since} and say so in its provider, or take the wish away`,
      });
    }
  }
}

/** Compares `major.minor`. */
function isBefore(version: string, since: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [sinceMajor, sinceMinor] = since.split('.').map(Number);
  return major < sinceMajor || (major === sinceMajor && minor < sinceMinor);
}
