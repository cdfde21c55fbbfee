import { enforcementOf, isMeshed, securityOf } from '../model/access';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import { listed } from '../model/text';
import type { Check, Report } from './check';
import { handWritten, ISTIO_SECURITY, record, records, texts } from './raw';

export const unknownAccount: Check = {
  code: FindingCode.UNKNOWN_ACCOUNT,
  name: 'unknown-account',
  severity: Severity.WARNING,
  catalogue: ['KIA0106', 'KIA0108'],
  title: 'A rule names an account or a trust domain that is not there',
  why: 'Identities are compared letter by letter. A rule with an account that no pod runs under lets nobody in, and one with another '
    + 'trust domain is for certificates that this mesh never issued.',
  bad: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
orders.allow(Principal.serviceAccount('shop', 'nightly'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
web.calls(orders);
web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
new kplus.ServiceAccount(chart, 'nightly', { metadata: { name: 'nightly' } });
orders.allow(Principal.serviceAccount('shop', 'nightly'));
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    let accounts: KnownAccounts | undefined;
    const known = (): KnownAccounts => accounts ??= knownAccounts(model);
    for (const service of model.services) {
      const { allow, deny } = securityOf(service);
      for (const { principal, origin } of [...allow, ...deny]) {
        if (principal.kind === 'account' && known().get(principal.namespace)?.has(principal.account) === false) {
          accuse(report, origin, `a rule of ${service.id} names the account ${principal.namespace}/${principal.account}`, known().get(principal.namespace)!);
        }
      }
      if (!isMeshed(service) || service.hasWorkload || service.serviceAccount !== undefined) {
        continue;
      }
      const calls = (model.callsFrom.get(service.id) ?? []).filter(({ callee }) => {
        const target = model.serviceById.get(callee);
        return target !== undefined && enforcementOf(target) !== undefined;
      });
      if (calls.length > 0) {
        report(service.origin, {
          message: `nothing says which account the pods of ${service.id} run as, and it calls ${listed(calls.map(({ callee }) => callee))}`,
          evidence: 'its pods are made outside this program; default is assumed',
          fix: 'Say serviceAccountName',
          catalogue: [],
        });
      }
    }
    judgeHandWritten(model, report, known);
  },
};

/** Accounts by namespace, of those namespaces that the program has services in. */
type KnownAccounts = ReadonlyMap<string, ReadonlySet<string>>;

function knownAccounts(model: MeshModel): KnownAccounts {
  const known = new Map<string, Set<string>>();
  const add = (namespace: string | undefined, ...accounts: readonly string[]): void => {
    if (namespace !== undefined) {
      const before = known.get(namespace) ?? new Set(['default']);
      accounts.forEach((account) => before.add(account));
      known.set(namespace, before);
    }
  };
  model.services.forEach((service) => add(service.namespace, ...service.accounts));
  model.objects.filter(({ kind, namespace }) => kind === 'ServiceAccount' && known.has(namespace ?? '')).forEach(({ namespace, name }) => add(namespace, name));
  return known;
}

function accuse(report: Report, origin: string, subject: string, accounts: ReadonlySet<string>): void {
  report(origin, {
    message: `${subject}, which no workload or ServiceAccount of this program has`,
    evidence: `accounts of that namespace: ${listed([...accounts].filter((account) => account !== 'default'), 8) || 'none but default'}`,
    fix: 'Correct the name, or declare the ServiceAccount',
    catalogue: ['KIA0106'],
  });
}

function judgeHandWritten(model: MeshModel, report: Report, known: () => KnownAccounts): void {
  const { trustDomain, trustDomainAliases = [] } = model.mesh;
  // Istio takes cluster.local for the mesh's own domain, whatever that is called.
  const domains = new Set(['*', 'cluster.local', trustDomain, ...trustDomainAliases]);
  for (const { object, spec } of handWritten(model, 'AuthorizationPolicy', ISTIO_SECURITY)) {
    const principals = records(spec.rules).flatMap((rule) => records(rule.from)).flatMap((from) => texts(record(from.source).principals));
    for (const principal of new Set(principals)) {
      const [domain, ns, namespace, sa, account, ...more] = principal.split('/');
      if (ns !== 'ns' || sa !== 'sa' || more.length > 0) {
        continue;
      }
      if (!domains.has(domain)) {
        report(object.origin, {
          message: `the AuthorizationPolicy ${object.name} names the trust domain ${domain} in ${principal}`,
          evidence: `the mesh's own: ${listed([trustDomain, ...trustDomainAliases])}`,
          fix: 'Correct it, or name it in trustDomainAliases of the Mesh',
          catalogue: ['KIA0108'],
        });
      } else if (!account.includes('*') && known().get(namespace)?.has(account) === false) {
        accuse(report, object.origin, `the AuthorizationPolicy ${object.name} names the account ${namespace}/${account}`, known().get(namespace)!);
      }
    }
  }
}
