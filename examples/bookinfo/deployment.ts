import { Chart } from 'cdk8s';
import { Deployment, EnvValue, Volume } from 'cdk8s-plus-28';

const IMAGES = 'registry.istio.io/release/examples-bookinfo';
const RELEASE = '1.20.3';

export interface DeploymentOptions {
  /** Environment of the container. */
  readonly env?: { readonly [name: string]: string };
  /** Directories that the container writes to. */
  readonly scratch?: readonly string[];
}

/** One version of a service, as Istio's sample ships it: one pod, no resources. */
export function deployment(chart: Chart, service: string, version: string, options: DeploymentOptions = {}): Deployment {
  const name = `${service}-${version}`;
  const result = new Deployment(chart, `${name}-deployment`, {
    metadata: { name },
    replicas: 1,
    containers: [{
      name: service,
      image: `${IMAGES}-${name}:${RELEASE}`,
      portNumber: 9080,
      envVariables: Object.fromEntries(Object.entries(options.env ?? {}).map(([key, value]) => [key, EnvValue.fromValue(value)])),
      resources: {},
      securityContext: { readOnlyRootFilesystem: false },
    }],
  });
  for (const path of options.scratch ?? []) {
    const volume = path.slice(1).replace(/\//g, '-');
    result.containers[0].mount(path, Volume.fromEmptyDir(chart, `${name}-${volume}`, volume));
  }
  return result;
}
