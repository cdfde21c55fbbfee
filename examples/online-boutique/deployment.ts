/**
 * The Deployments, written with the plain Kubernetes types of cdk8s-plus: its own Deployment knows neither gRPC probes nor capabilities.
 */
import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { CALLS, SERVICES, ServiceFacts } from './services';

const IMAGES = 'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo';
const RELEASE = 'v0.10.6';

export function deployment(chart: Chart, facts: ServiceFacts): k8s.KubeDeployment {
  const { name } = facts;
  const labels = { app: name };
  return new k8s.KubeDeployment(chart, `${name}-deployment`, {
    metadata: { name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: { fsGroup: 1000, runAsGroup: 1000, runAsNonRoot: true, runAsUser: 1000 },
          ...(name === 'redis-cart' ? redis(facts) : { containers: [{ ...container(facts), image: `${IMAGES}/${name}:${RELEASE}` }] }),
        },
      },
    },
  });
}

function redis(facts: ServiceFacts): k8s.PodSpec {
  const check: k8s.Probe = { tcpSocket: { port: k8s.IntOrString.fromNumber(facts.port!.containerPort) }, periodSeconds: 5 };
  return {
    containers: [{
      ...container(facts),
      name: 'redis',
      image: 'redis:alpine',
      readinessProbe: check,
      livenessProbe: check,
      volumeMounts: [{ name: 'redis-data', mountPath: '/data' }],
    }],
    volumes: [{ name: 'redis-data', emptyDir: {} }],
  };
}

function container(facts: ServiceFacts): k8s.Container {
  const { name, port, cpu, memory } = facts;
  const env = Object.entries({ ...facts.env, ...addresses(name) });
  const [requests, limits] = [0, 1].map((index) => ({
    cpu: k8s.Quantity.fromString(cpu[index]), memory: k8s.Quantity.fromString(memory[index]),
  }));
  return {
    name: port === undefined ? 'main' : 'server',
    ports: port && [{ containerPort: port.containerPort }],
    env: env.length === 0 ? undefined : env.map(([key, value]) => ({ name: key, value })),
    readinessProbe: probe(facts, 'readiness'),
    livenessProbe: probe(facts, 'liveness'),
    resources: { requests, limits },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true },
  };
}

/** Where a service finds those that it calls. */
function addresses(caller: string): { [variable: string]: string } {
  const callees = CALLS.filter(({ from }) => from === caller).map(({ to }) => SERVICES.find(({ name }) => name === to)!);
  return Object.fromEntries(callees.map(({ name, address, port }) => [address, `${name}:${port!.port}`]));
}

function probe({ port, startsIn, healthPath }: ServiceFacts, purpose: 'readiness' | 'liveness'): k8s.Probe | undefined {
  if (port === undefined) {
    return undefined;
  }
  const httpGet: k8s.HttpGetAction | undefined = healthPath === undefined ? undefined : {
    path: healthPath,
    port: k8s.IntOrString.fromNumber(port.containerPort),
    // Without a session of its own every probe would open a new one.
    httpHeaders: [{ name: 'Cookie', value: `shop_session-id=x-${purpose}-probe` }],
  };
  return { initialDelaySeconds: startsIn, ...(httpGet === undefined ? { grpc: { port: port.containerPort } } : { httpGet }) };
}
