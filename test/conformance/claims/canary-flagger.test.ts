import { CanaryEngine } from '../../../src';
import { claimEqual, stack, until } from '../stack';
import { DELIVERED } from './canary-program';
import { canarySuite } from './canary-suite';

const NAMESPACE = 'claims-flagger';
const CANARIES = `/apis/flagger.app/v1beta1/namespaces/${NAMESPACE}/canaries`;
const cluster = stack();

canarySuite({
  id: 'flagger',
  namespace: NAMESPACE,
  engine: CanaryEngine.flagger(),
  handedOver: [{ api: '/apis/apps/v1', kind: 'Deployment', field: 'replicas' }, { api: '/api/v1', kind: 'Service', field: 'selector' }],
  weightOf: ({ metadata, spec }) => spec.http[0].route.find(({ destination }: { destination: { host: string } }) =>
    destination.host === `${metadata.name}-canary`)?.weight,
  hostsOf: (service) => [service, `${service}-canary`, `${service}-primary`],
  versionsOf: (service) => ['primary', 'canary'].map((version) => ({ host: `${service}-${version}`, subset: '' })),
  pathOf: (service) => `${CANARIES}/${service}`,
  isTakenOver: async ({ status }) => status?.phase === 'Initialized',
  outcomeOf: ({ status: { phase } }) => phase === 'Succeeded' ? 'promoted' : phase === 'Failed' ? 'rolled back' : undefined,
  applyArguments: [],
  appliedFirst: undefined,
  applyOnTheWay: async (manifest) => {
    const { code, stderr } = await cluster.tryApply(manifest);
    claimEqual('a new synth on the way: server-side apply without force', [0, ''], [code, stderr]);
  },
  leave: async (manifest, gone) => {
    await deleteCanaries('Orphan');
    const { code, stderr } = await cluster.tryApply(manifest, '--force-conflicts');
    claimEqual('leaving: server-side apply by force', [0, ''], [code, stderr]);
    await cluster.ready(NAMESPACE);
    const left = DELIVERED.flatMap((service) => ['primary', 'canary'].map((version) => `${service}-${version}`));
    await cluster.kubernetes.kubectl(['delete', 'deployment,service,destinationrule', '--ignore-not-found', '--wait=false', '--namespace', NAMESPACE, ...left]);
    await cluster.delete(gone);
  },
  // Flagger brings back what was before, which it can no longer do once the namespace goes.
  cleanUp: () => deleteCanaries('Background'),
});

async function deleteCanaries(propagationPolicy: string): Promise<void> {
  await cluster.kubernetes.delete(CANARIES, { propagationPolicy });
  await until('the Canaries are gone', 60_000, async () => (await cluster.kubernetes.items(CANARIES)).length === 0, 200);
}
