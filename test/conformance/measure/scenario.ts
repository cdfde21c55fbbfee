import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import { EgressScope, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, Replicas, RouteMatch } from '../../../src';

/** A mesh of one shape, and clients that see more or less of it. */
export interface Shape {
  readonly services: number;
  /** Every n-th service is TCP, has two versions, has two more routes; 0: none. */
  readonly tcpEvery: number;
  readonly versionsEvery: number;
  readonly routesEvery: number;
  /** Distinct HTTP port numbers. */
  readonly ports: number;
  /** Characters of a service's name. */
  readonly nameLength: number;
  readonly namespaces: number;
  readonly endpoints: number;
}

export interface Scenario {
  readonly namespaces: string[];
  readonly manifest: string;
  readonly mesh: Mesh;
  readonly clients: readonly { readonly name: string; readonly service: MeshService }[];
}

export const CLIENT_NAMESPACE = 'size-client';

/** The services have endpoints but no pods: proxies are told about both alike, and one machine can hold the mesh. */
export function scenario(shape: Shape, reaches: readonly (number | 'all')[]): Scenario {
  const app = new App();
  const mesh = new Mesh(new Chart(app, 'mesh'), 'mesh', { provider: MeshProvider.istio() });
  const spaces = Array.from({ length: shape.namespaces }, (_, index) => `size-${index}`);
  const charts = spaces.map((namespace) => {
    const chart = new Chart(app, namespace, { namespace });
    new MeshNamespace(chart, 'namespace', { mesh, name: namespace });
    return chart;
  });
  const every = (index: number, period: number): boolean => period > 0 && index % period === 0;
  const services = Array.from({ length: shape.services }, (_, index) => {
    const chart = charts[index % charts.length];
    const name = `s${index}`.padEnd(shape.nameLength, 'x');
    const port = 8000 + index % shape.ports;
    const service = new MeshService(chart, name, {
      mesh, podLabels: { app: name }, replicas: Replicas.exactly(shape.endpoints),
      ports: [every(index, shape.tcpEvery) ? MeshPort.tcp(9000) : MeshPort.http(port)],
    });
    if (every(index, shape.versionsEvery)) {
      service.addVersion('v2');
      service.split({ v1: 90, v2: 10 });
    }
    if (every(index, shape.routesEvery) && !every(index, shape.tcpEvery)) {
      service.addRoute('one', { matches: [RouteMatch.prefix('/one')] });
      service.addRoute('two', { matches: [RouteMatch.prefix('/two')] });
    }
    slices(chart, name, index, shape.endpoints);
    return service;
  });
  const chart = new Chart(app, CLIENT_NAMESPACE, { namespace: CLIENT_NAMESPACE });
  new MeshNamespace(chart, 'namespace', { mesh, name: CLIENT_NAMESPACE });
  const clients = reaches.map((reach) => {
    const name = `client-${reach}`;
    const service = new MeshService(chart, name, {
      mesh, workload: deployment(chart, name), egress: reach === 'all' ? EgressScope.everything() : EgressScope.declared(),
    });
    services.slice(0, reach === 'all' ? 0 : reach).forEach((callee) => service.calls(callee));
    return { name, service };
  });
  const manifest = Yaml.stringify(...app.charts.flatMap((one) => one.toJson()));
  return { namespaces: [...spaces, CLIENT_NAMESPACE], manifest, mesh, clients };
}

function deployment(chart: Chart, name: string): ApiObject {
  return new ApiObject(chart, `${name}-pods`, {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'cdk8s-mesh/test': name } },
      template: { metadata: { labels: { 'cdk8s-mesh/test': name } }, spec: { containers: [{ name: 'app', image: 'application' }] } },
    },
  });
}

function slices(chart: Chart, name: string, index: number, endpoints: number): void {
  if (endpoints === 0) {
    return;
  }
  new ApiObject(chart, `${name}-endpoints`, {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: `${name}-made`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: Array.from({ length: endpoints }, (_, pod) => {
      const address = index * endpoints + pod;
      return { addresses: [`10.77.${Math.floor(address / 250) % 250}.${address % 250 + 1}`], conditions: { ready: true } };
    }),
    ports: [{ name: 'http', port: 8000, protocol: 'TCP' }, { name: 'tcp', port: 9000, protocol: 'TCP' }],
  });
}
