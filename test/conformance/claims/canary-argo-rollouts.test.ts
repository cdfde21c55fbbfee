import { CanaryEngine } from '../../../src';
import { claim, claimBetween, claimEqual, stack, until } from '../stack';
import { STEPS } from './canary-program';
import { canarySuite } from './canary-suite';
import { UNDONE_WITHIN_MS } from './canary-watch';

const NAMESPACE = 'claims-argo-rollouts';
const cluster = stack();

canarySuite({
  id: 'argo-rollouts',
  namespace: NAMESPACE,
  engine: CanaryEngine.argoRollouts(),
  handedOver: [{ api: '/apis/apps/v1', kind: 'Deployment', field: 'replicas' }],
  weightOf: ({ spec }) => spec.http.find(({ name }: { name: string }) => name === 'default').route
    .find(({ destination }: { destination: { subset?: string } }) => destination.subset === 'canary')?.weight,
  hostsOf: (service) => [service],
  versionsOf: (service) => ['stable', 'canary'].map((subset) => ({ host: service, subset })),
  pathOf: (service) => `/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts/${service}`,
  isTakenOver: async ({ metadata, status }) => {
    const { spec, status: { replicas = 0 } } = await cluster.kubernetes.get(`/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${metadata.name}`);
    return status?.phase === 'Healthy' && spec.replicas === 0 && replicas === 0;
  },
  outcomeOf: ({ metadata, status }) => {
    // Until it has seen the new version, what it says is about the first one.
    const isNew = metadata.annotations['rollout.argoproj.io/revision'] === '2';
    return !isNew ? undefined : status.phase === 'Healthy' ? 'promoted' : status.phase === 'Degraded' && status.abort ? 'rolled back' : undefined;
  },
  // The labels of the subsets are the controller's for good, and a list has one owner.
  applyArguments: ['--force-conflicts'],
  // A rule that names a subset before proxies know it is answered by 503.
  appliedFirst: 'DestinationRule',
  applyOnTheWay: async (manifest, watch) => {
    const { code, stderr } = await cluster.tryApply(manifest);
    claim('a new synth on the way: server-side apply without force', 'conflicts with the controller alone', stderr,
      code !== 0 && /conflicts? with "rollouts-controller"/.test(stderr) && !/conflicts? with "(?!rollouts-controller)/.test(stderr));
    const shares = watch.weights('orders').length;
    const forced = await cluster.tryApply(manifest, '--force-conflicts');
    claimEqual('a new synth on the way: server-side apply by force, as Argo CD and Flux do it', [0, ''], [forced.code, forced.stderr]);
    await until('the controller brings the share back', 10_000, async () => watch.weights('orders').length === shares + 2, 20);
    claimEqual('a new synth on the way: shares since', [0, STEPS[0]], watch.weights('orders').slice(shares));
    claimBetween('a new synth on the way: time for which the share was gone', 0, UNDONE_WITHIN_MS, watch.goneMs('orders'), 'ms');
  },
  leave: async (manifest, gone) => {
    const { code, stderr } = await cluster.tryApply(manifest, '--force-conflicts');
    claimEqual('leaving: server-side apply by force', [0, ''], [code, stderr]);
    await cluster.ready(NAMESPACE);
    await cluster.delete(gone);
  },
});
