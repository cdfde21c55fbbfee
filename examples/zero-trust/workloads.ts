import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';

export function deployment(chart: Chart, name: string, ...ports: number[]): k8s.KubeDeployment {
  return new k8s.KubeDeployment(chart, `${name}-pods`, {
    metadata: { name },
    spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: template(name, `registry.example.com/${name}:1.0`, ports) },
  });
}

export function statefulSet(chart: Chart, name: string, ...ports: number[]): k8s.KubeStatefulSet {
  return new k8s.KubeStatefulSet(chart, `${name}-pods`, {
    metadata: { name },
    spec: { replicas: 2, serviceName: name, selector: { matchLabels: { app: name } }, template: template(name, 'postgres:17', ports) },
  });
}

function template(name: string, image: string, ports: number[]): k8s.PodTemplateSpec {
  return {
    metadata: { labels: { app: name } },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 1000 },
      containers: [{ name: 'main', image, ports: ports.map((containerPort) => ({ containerPort })) }],
    },
  };
}
