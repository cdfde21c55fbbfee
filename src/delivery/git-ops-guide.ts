/** What users of Argo CD, Flux and kubectl have to know of a canary, with the names of this one. */
import { dataPlaneOf } from '../model/data-plane';
import { CanaryNode, ENGINE_FACTS, EngineId } from '../model/delivery';
import { MeshModel, WorkloadNode } from '../model/mesh-model';
import { IgnoreDifference, ignoredDifferences } from './ignore-difference';
import { manualGuide } from './manual-guide';

export function gitOpsGuide(canary: CanaryNode, model: MeshModel): string {
  const { engine } = canary;
  if (engine.id === 'manual') {
    return manualGuide(canary, engine, model);
  }
  const { label, fieldManager } = ENGINE_FACTS[engine.id];
  const workload = model.serviceById.get(canary.service)?.versions[0]?.workload;
  return [
    `# ${canary.service}: delivered by ${label}`,
    '',
    `${label} writes these fields while it works, as field manager \`${fieldManager}\`. The program leaves them out where they can be left out.`,
    '',
    ...OWNED[engine.id](canary, model, workload).map((line) => `- ${line}`),
    '',
    '## Argo CD',
    '',
    'Add to the Application (`canary.ignoreDifferences` is the same list):',
    '',
    '```yaml',
    'spec:',
    '  syncPolicy:',
    '    syncOptions: [ServerSideApply=true, RespectIgnoreDifferences=true]',
    '  ignoreDifferences:',
    ...ignoredDifferences(canary, model).flatMap(ignored),
    '```',
    '',
    '## Flux',
    '',
    ...FLUX[engine.id],
    '',
    '## kubectl',
    '',
    ...KUBECTL[engine.id],
    '',
    '## The first time on a service that runs already',
    '',
    ...handOver(canary, workload),
    '',
    '## Taking the canary out again',
    '',
    ...LEAVING[engine.id](canary, model, workload),
    '',
  ].join('\n');
}

type Automatic = Exclude<EngineId, 'manual'>;

const OWNED: Readonly<Record<Automatic, (canary: CanaryNode, model: MeshModel, workload?: WorkloadNode) => readonly string[]>> = {
  'flagger': ({ name, namespace }, { mesh }, workload) => [
    dataPlaneOf(mesh, namespace) === 'istio' ? `VirtualService \`${name}\`, DestinationRules \`${name}-primary\` and \`${name}-canary\`: whole; Flagger makes them`
      : `HTTPRoute \`${name}\`: whole; Flagger makes it`,
    `Services \`${name}-primary\` and \`${name}-canary\`: whole; Flagger makes them`,
    `Service \`${name}\`: \`spec.selector\`. Its ports are written as Flagger writes them`,
    ...workload === undefined ? [] : [
      `${workload.kind} \`${workload.name}\`: \`spec.replicas\`. ${workload.kind} \`${workload.name}-primary\`: whole; Flagger makes it`,
    ],
  ],
  'argo-rollouts': ({ name }, _model, workload) => [
    `VirtualService \`${name}\`: the weights of the rules that the Rollout lists`,
    `DestinationRule \`${name}\`: the label \`rollouts-pod-template-hash\` of the subsets, and an annotation`,
    ...workload === undefined ? [] : [`${workload.kind} \`${workload.name}\`: \`spec.replicas\``],
  ],
};

const FLUX: Readonly<Record<Automatic, readonly string[]>> = {
  'flagger': ['Nothing: Flux applies on the server, and leaves fields alone that no manifest holds.'],
  'argo-rollouts': [
    'Flux applies by force, and rules and subsets are lists that have one owner: each time that something changed it sets the weights to 100 and 0,',
    'and takes the label off the subsets. The controller sets both back within a second. No request is lost; for that moment the shares do not hold.',
  ],
};

const KUBECTL: Readonly<Record<Automatic, readonly string[]>> = {
  'flagger': [
    '`kubectl apply --server-side` needs no force: no field of the manifest is written by Flagger. A commit that changes retries, the deadline or',
    'headers of the service while a new version is on its way makes Flagger write its route anew, and begin with the first share again.',
  ],
  'argo-rollouts': [
    '`kubectl apply --server-side` reports a conflict with the controller: the weights and the labels of the subsets are its own. Add',
    '`--force-conflicts`: the controller sets them back within a second, as with Flux.',
  ],
};

function ignored({ group, kind, name, namespace, jsonPointers, jqPathExpressions }: IgnoreDifference): readonly string[] {
  const quoted = (texts: readonly string[]) => `[${texts.map((text) => `'${text}'`).join(', ')}]`;
  return [
    `    - kind: ${kind}`,
    ...group === undefined ? [] : [`      group: ${group}`],
    `      name: ${name}`,
    ...namespace === undefined ? [] : [`      namespace: ${namespace}`],
    ...jsonPointers === undefined ? [] : [`      jsonPointers: ${quoted(jsonPointers)}`],
    ...jqPathExpressions === undefined ? [] : [`      jqPathExpressions: ${quoted(jqPathExpressions)}`],
  ];
}

/** A field that leaves a manifest falls back to its default, unless somebody else has asked for its value, too. */
function handOver({ name, namespace, engine }: CanaryNode, workload: WorkloadNode | undefined): readonly string[] {
  const place = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const objects = [
    ...workload === undefined || workload.kind === 'DaemonSet' ? [] : [['deployment', workload.name, 'spec: {replicas: .spec.replicas}']],
    ...engine.id === 'flagger' ? [['service', name, 'spec: {selector: .spec.selector}']] : [],
  ];
  return [
    'Kubernetes sets a field back to its default when it leaves the manifest: one pod, a Service without pods. So let somebody else ask for the values',
    'that the cluster has, before the first apply with the canary:',
    '',
    '```sh',
    ...objects.map(([kind, object, field]) => [
      `kubectl get ${kind} ${object}${place} -o json`,
      `| jq '{apiVersion, kind, metadata: {name: .metadata.name, namespace: .metadata.namespace}, ${field}}'`,
      '| kubectl apply --server-side --field-manager=canary-hand-over --force-conflicts -f -',
    ].join(' \\\n  ')),
    '```',
    ...engine.id === 'argo-rollouts' ? [
      '',
      'Then apply the DestinationRule alone, and the rest some seconds later: a rule that names a subset before all proxies know it is answered by 503.',
    ] : [],
  ];
}

/** Tried with requests going on: at most 4 of 14,000 were lost in this order. Flagger's own objects go all at once where nobody keeps them. */
const LEAVING: Readonly<Record<Automatic, (canary: CanaryNode, model: MeshModel, workload?: WorkloadNode) => readonly string[]>> = {
  'flagger': ({ name, namespace }, { mesh }, workload) => {
    const policies = dataPlaneOf(mesh, namespace) === 'istio';
    const place = namespace === undefined ? '' : ` --namespace ${namespace}`;
    const { kind = 'Deployment', name: target = name } = workload ?? {};
    return [
      'After a release that was promoted, not after one that failed: Flagger brings the workload back as its manifest has it.',
      '',
      '1. Delete the Canary alone, and wait until it is gone. What Flagger made stays, and serves:',
      `   \`kubectl delete canary ${name}${place} --cascade=orphan\``,
      '2. Apply the program without the canary, once with `--force-conflicts`, and wait until all proxies have it.',
      '3. Delete what Flagger made:',
      `   \`kubectl delete ${kind.toLowerCase()}/${target}-primary service/${name}-primary service/${name}-canary${place}\`${policies ? ', and' : ''}`,
      ...policies ? [`   \`kubectl delete destinationrule/${name}-primary destinationrule/${name}-canary${place}\``] : [],
    ];
  },
  'argo-rollouts': ({ name, namespace }, _model, workload) => {
    const place = namespace === undefined ? '' : ` --namespace ${namespace}`;
    return [
      '1. Apply the program without the canary, with `--force-conflicts` and without pruning.',
      `2. Wait for the pods of the workload: \`kubectl rollout status deployment/${workload?.name ?? name}${place}\``,
      `3. Delete the Rollout: \`kubectl delete rollout ${name}${place}\``,
    ];
  },
};
