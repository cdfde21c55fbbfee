import { Answer, Capability, CAPABILITY_TABLE } from '../model/capability';
import { dataPlaneOf } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import { PROVIDER_FACTS } from '../model/provider';
import { capabilitiesUsed } from './capabilities-used';
import type { Check, Report } from './check';
import { counted } from './text';

export const unsupportedCapability: Check = {
  code: FindingCode.UNSUPPORTED_CAPABILITY,
  name: 'unsupported-capability',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'The mesh cannot do what the program asks for',
  why: 'One vocabulary is written out for several meshes, and each lacks something. What it lacks is refused here, with what to use instead, and '
    + 'never left out in silence. Where the mesh does the same in another way, that way is taken without a finding; where requests go the same way '
    + 'without it, at a higher price, it is a warning.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('session')),
});`,
  good: `
new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  loadBalancing: LoadBalancing.consistentHash(HashKey.cookie('session')),
});`,
  run: (model, report) => judgeCapabilities(CAPABILITY_TABLE, model, report),
};

export function judgeCapabilities(table: typeof CAPABILITY_TABLE, model: MeshModel, report: Report): void {
  const { providerVersion, gatewayChannel } = model.mesh;
  const costly = new Map<Capability, { instead: string; count: number }>();
  for (const { capability, origin, namespace } of capabilitiesUsed(model)) {
    const provider = dataPlaneOf(model.mesh, namespace);
    const { label } = PROVIDER_FACTS[provider];
    // A release of Istio says nothing of that of Gateway API.
    const release = provider === 'gateway-api' ? ` ${providerVersion}` : '';
    const answer: Answer = table[capability][provider];
    if (answer.support === 'unsupported' && answer.costsMore) {
      costly.set(capability, { instead: answer.instead, count: (costly.get(capability)?.count ?? 0) + 1 });
    } else if (answer.support === 'unsupported') {
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
    } else if (answer.channel === 'experimental' && gatewayChannel !== 'experimental') {
      report(origin, {
        message: `${label} can do ${capability} only with the experimental channel of Gateway API`,
        evidence: `the mesh is declared with the ${gatewayChannel ?? 'standard'} channel${release === '' ? '' : ` of${release}`}`,
        fix: `Install the experimental channel of Gateway API${release} and say so with GatewayChannel.EXPERIMENTAL in the provider, or take the wish away`,
      });
    }
  }
  const { provider } = model.mesh;
  for (const [capability, { instead, count }] of costly) {
    report(model.mesh.origin, {
      severity: Severity.WARNING,
      message: `${PROVIDER_FACTS[provider].label} cannot do ${capability}, which costs more and changes no request`,
      evidence: `asked for by ${counted(count, 'construct')}; provider ${provider} ${providerVersion}`,
      fix: instead,
    });
  }
}

/** Compares `major.minor`. */
function isBefore(version: string, since: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [sinceMajor, sinceMinor] = since.split('.').map(Number);
  return major < sinceMajor || (major === sinceMajor && minor < sinceMinor);
}
