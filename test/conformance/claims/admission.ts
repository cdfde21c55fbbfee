import { Yaml } from 'cdk8s';
import type { Cluster, KubeObject } from '../stack';

/** kubectl calls at one time. */
const PARALLEL = 4;

/** Keeps quiet about warnings of the programs of a suite, which say nothing of admission. */
export function withoutWarnings(): void {
  let stderr: jest.SpyInstance;
  beforeAll(() => {
    stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterAll(() => stderr.mockRestore());
}

/** What an API server says against objects: schemas, CEL rules, and Istio's own admission, in server-side dry runs. */
export class Admission {
  private readonly created = new Set<string>();

  public constructor(private readonly cluster: Cluster) {}

  /** One line for each object that is refused. */
  public async refusals(objects: readonly KubeObject[]): Promise<string[]> {
    const used = new Set(objects.map(({ metadata }) => metadata.namespace as string | undefined));
    const namespaces = [...used].filter((name): name is string => name !== undefined && !this.created.has(name));
    // A dry run in a namespace that is not there is refused for that alone.
    for (const name of namespaces) {
      await this.cluster.kubernetes.apply(`/api/v1/namespaces/${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      this.created.add(name);
    }
    // Nor does it accept a pod whose account is not there. Random programs name some accounts that they leave to others.
    const others = objects.filter(({ kind, spec }) => kind === 'Pod' && /(-robot|\.account)$/.test(spec.serviceAccountName ?? ''))
      .map(({ metadata, spec }) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: spec.serviceAccountName, namespace: metadata.namespace } }));
    const accounts = [...objects.filter(({ kind }) => kind === 'ServiceAccount'), ...others];
    if (accounts.length > 0) {
      await this.cluster.apply(Yaml.stringify(...accounts));
    }
    const parts = Array.from({ length: PARALLEL }, (_, part) => objects.filter((_object, index) => index % PARALLEL === part));
    const results = await Promise.all(parts.map(part => this.cluster.tryApply(Yaml.stringify(...part), '--dry-run=server', '--force-conflicts')));
    return results.flatMap(result => result.code === 0 ? [] : result.stderr.trim().split('\n').filter(line => !line.startsWith('Warning: ')));
  }

  /** Takes the namespaces away that the dry runs needed. */
  public async drop(): Promise<void> {
    await this.cluster.drop(...this.created);
  }
}
