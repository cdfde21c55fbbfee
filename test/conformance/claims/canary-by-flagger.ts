/** What the suite has to know of Flagger, whichever routes it writes. */
import { CanaryEngine } from '../../../src';
import { claimEqual, stack, until } from '../stack';
import { DELIVERED } from './canary-program';
import type { EngineUnderTest } from './canary-suite';

/** @param made what Flagger makes for every version, as kubectl calls the kinds */
export function byFlagger(namespace: string, made: string): Omit<EngineUnderTest, 'weightOf'> {
  const cluster = stack();
  const canaries = `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries`;
  const deleteCanaries = async (propagationPolicy: string) => {
    await cluster.kubernetes.delete(canaries, { propagationPolicy });
    await until('the Canaries are gone', 60_000, async () => (await cluster.kubernetes.items(canaries)).length === 0, 200);
  };
  return {
    id: 'flagger',
    namespace,
    engine: CanaryEngine.flagger(),
    handedOver: [{ api: '/apis/apps/v1', kind: 'Deployment', field: 'replicas' }, { api: '/api/v1', kind: 'Service', field: 'selector' }],
    hostsOf: (service) => [service, `${service}-canary`, `${service}-primary`],
    versionsOf: (service) => ['primary', 'canary'].map((version) => ({ host: `${service}-${version}`, subset: '' })),
    pathOf: (service) => `${canaries}/${service}`,
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
      await cluster.ready(namespace);
      const left = DELIVERED.flatMap((service) => ['primary', 'canary'].map((version) => `${service}-${version}`));
      await cluster.kubernetes.kubectl(['delete', made, '--ignore-not-found', '--wait=false', '--namespace', namespace, ...left]);
      await cluster.delete(gone);
    },
    // Flagger brings back what was before, which it can no longer do once the namespace goes.
    cleanUp: () => deleteCanaries('Background'),
  };
}
