/** Pods that run to completion end although a proxy runs in them, and have their proxy as long as they work. */
import { k8s } from 'cdk8s-plus-28';
import { EgressScope, MeshPort, MeshService, ZeroTrustPolicy } from '../../../src';
import { claimEqual, type KubeObject, stack, until } from '../stack';
import { podTemplate, Program } from './program';

const NAMESPACE = 'claims-jobs';
const cluster = stack();
const [orders, ledger] = ['orders', 'ledger'].map(name => cluster.workload(NAMESPACE, name));

/** Jobs by name, with what makes each another one. */
const JOBS: Record<string, { readonly image: string; readonly annotations?: Record<string, string> }> = {
  reconcile: { image: 'reconcile:1' },
  failing: { image: 'failing:1' },
  // Overrules the library: what a pod says itself stays.
  ordinary: {
    image: 'reconcile:1', annotations: { 'sidecar.istio.io/nativeSidecar': 'false', 'proxy.istio.io/config': 'holdApplicationUntilProxyStarts: true' },
  },
};

function job({ image, annotations }: typeof JOBS[string], name: string): k8s.JobSpec {
  const { metadata, spec } = podTemplate(name, { image, annotations });
  return { backoffLimit: 0, template: { metadata, spec: { ...spec!, restartPolicy: 'Never' } } };
}

/** A service that takes requests, a database that takes connections, and jobs that need both, under zero trust. */
function program(): Program {
  const it = new Program(NAMESPACE);
  const callees = [it.service('orders'), it.service('ledger', { ports: [MeshPort.tcp(5432)] })];
  const member = (name: string, workload: k8s.KubeJob | k8s.KubeCronJob) => {
    const service = new MeshService(it.chart, name, { mesh: it.mesh, workload, egress: EgressScope.declared() });
    callees.forEach(callee => service.calls(callee));
  };
  for (const [name, options] of Object.entries(JOBS)) {
    member(name, new k8s.KubeJob(it.chart, `${name}-job`, { metadata: { name }, spec: job(options, name) }));
  }
  member('nightly', new k8s.KubeCronJob(it.chart, 'nightly-job', {
    metadata: { name: 'nightly' }, spec: { schedule: '0 3 * * *', jobTemplate: { spec: job({ image: 'reconcile:1' }, 'nightly') } },
  }));
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh });
  return it;
}

const work = [{ url: `http://orders.${NAMESPACE}/reconcile`, method: 'POST' }, { url: `http://ledger.${NAMESPACE}:5432`, protocol: 'tcp' as const }];

beforeAll(async () => {
  cluster.behaviors({ 'reconcile:1': { calls: work }, 'failing:1': { calls: [...work, { url: `http://orders.${NAMESPACE}/broken` }] } });
  const objects = program().yaml().split(/^---$/m);
  const isJob = (text: string) => /^kind: Job$/m.test(text);
  // Jobs do not wait for what they call.
  await cluster.apply(objects.filter(text => !isJob(text)).join('---\n'));
  await cluster.ready(NAMESPACE);
  await orders.configure({ rules: [{ path: '/broken', status: 500 }] });
  await cluster.apply(objects.filter(isJob).join('---\n'));
});
afterAll(() => cluster.drop(NAMESPACE));

async function podOf(name: string): Promise<KubeObject> {
  const pods = await cluster.kubernetes.items(`/api/v1/namespaces/${NAMESPACE}/pods`);
  return pods.find(({ metadata }) => metadata.labels['batch.kubernetes.io/job-name'] === name)!;
}

/** The pod of a job once its application has ended, and what became of the job, once its controller has seen the pod's end. */
async function ended(name: string): Promise<{ phase: string; containers: string[]; job: string }> {
  const pod = await until(`the application of ${name} ends`, 120_000, async () => {
    const found = await podOf(name);
    return found?.status.containerStatuses?.some((one: KubeObject) => one.state.terminated) && found;
  }, 200);
  const { phase, containerStatuses, initContainerStatuses = [] } = pod.status;
  const statuses: KubeObject[] = [...initContainerStatuses, ...containerStatuses];
  const fate = phase === 'Running' ? 'active' : await until(`the controller sees the end of ${name}`, 30_000, async () => {
    const { status } = await cluster.kubernetes.get(`/apis/batch/v1/namespaces/${NAMESPACE}/jobs/${name}`);
    return (status.conditions ?? []).find((one: KubeObject) => ['Complete', 'Failed'].includes(one.type))?.type as string | undefined;
  }, 200);
  return { phase, job: fate, containers: statuses.filter(({ state }) => state.running).map(one => one.name) };
}

test('a job ends, and its proxy with it', async () => {
  claimEqual('a Job that has done its calls: phase of its pod, containers left, the job', { phase: 'Succeeded', job: 'Complete', containers: [] }, await ended('reconcile'));
  claimEqual('a Job whose last call fails', { phase: 'Failed', job: 'Failed', containers: [] }, await ended('failing'));
  const made = await cluster.kubernetes.kubectl(['create', 'job', 'nightly-1', '--from=cronjob/nightly', '--namespace', NAMESPACE]);
  expect(made.stderr).toBe('');
  claimEqual('a Job that a CronJob makes', { phase: 'Succeeded', job: 'Complete', containers: [] }, await ended('nightly-1'));
});

test('it works as a member of the mesh', async () => {
  await ended('ordinary');
  const { rows } = await orders.counts();
  const account = (name: string) => `spiffe://cluster.local/ns/${NAMESPACE}/sa/${name}`;
  claimEqual('requests by identity: each job one', Object.fromEntries(['failing', 'nightly', 'ordinary', 'reconcile'].map(name => [account(name), 1])),
    Object.fromEntries(rows.filter(({ path }) => path === '/reconcile').map(({ principal, count }) => [principal, count]).sort()));
  claimEqual('connections to the database, which speaks TCP alone', 4, (await ledger.counts()).total);
});

test('the other way round: a proxy in an ordinary container outlives the job', async () => {
  claimEqual('the same Job without the library\'s annotation: it has worked and never ends', { phase: 'Running', job: 'active', containers: ['istio-proxy'] },
    await ended('ordinary'));
});

test('no proxy rejects its configuration', async () => {
  claimEqual('rejected resources of all proxies', [], await cluster.rejections());
});
