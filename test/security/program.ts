/** Programs under zero trust, and what they write. */
import { ApiObject, App, Chart } from 'cdk8s';
import {
  Adoption, Mesh, MeshPort, MeshProps, MeshProvider, MeshService, MeshServiceProps, ZeroTrustPolicy, ZeroTrustPolicyProps,
} from '../../src';
import { type Manifest, schemaErrors } from '../support/schemas';

export type Written = Manifest & { readonly metadata: any; readonly spec: any };

export class Shop {
  public readonly app = new App();
  public readonly chart = new Chart(this.app, 'shop', { namespace: 'shop' });
  public readonly mesh: Mesh;

  public constructor(props: Partial<MeshProps> = {}) {
    this.mesh = new Mesh(this.chart, 'mesh', {
      provider: MeshProvider.istio(), asOf: '2026-01-01', adoption: Adoption.assess({ services: 60, regulatedEncryption: true, languages: 3 }), ...props,
    });
  }

  public service(name: string, rest: Partial<MeshServiceProps> = {}): MeshService {
    const outside = rest.podLabels !== undefined;
    return new MeshService(this.chart, name, {
      mesh: this.mesh, workload: outside ? undefined : this.pods(name, rest.namespace, rest.ports?.map((port) => port.containerPort)),
      ports: [MeshPort.http(8080, { port: 80 })], ...rest,
    });
  }

  public policy(rest: Partial<ZeroTrustPolicyProps> = {}): ZeroTrustPolicy {
    return new ZeroTrustPolicy(this.chart, 'zero-trust', { mesh: this.mesh, ...rest });
  }

  public pods(name: string, namespace = 'shop', ports: number[] = [8080]): ApiObject {
    return new ApiObject(this.chart, `${name}-pods`, {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace },
      spec: {
        replicas: 2, selector: { matchLabels: { pods: name } },
        template: { metadata: { labels: { pods: name } }, spec: { containers: [{ name: 'main', image: `${name}:1`, ports: ports.map((containerPort) => ({ containerPort })) }] } },
      },
    });
  }

  /** Everything that is written, all of it as its schema says. */
  public written(): Written[] {
    const all = this.app.charts.flatMap((chart): Written[] => chart.toJson());
    expect(all.filter(({ kind }) => kind !== 'Deployment').flatMap((one) => schemaErrors(one).map((error) => `${one.kind}/${one.metadata.name} ${error}`))).toEqual([]);
    return all;
  }

  public find(kind: string, name: string, namespace = 'shop'): Written | undefined {
    return this.written().find((one) => one.kind === kind && one.metadata.name === name && one.metadata.namespace === namespace);
  }

  /** `Kind namespace/name` of everything of these groups. */
  public names(...groups: string[]): string[] {
    return this.written().filter(({ apiVersion }) => groups.some((group) => apiVersion.startsWith(group)))
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`).sort();
  }
}
