import { enforcementOf, isMeshed } from '../model/access';
import { arrivalsAt } from '../model/arrivals';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { outlineOf } from '../model/outline';
import { listed } from '../model/text';
import type { Check } from './check';

export const sharedAccount: Check = {
  code: FindingCode.SHARED_ACCOUNT,
  name: 'shared-account',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'Services of different rights share one account',
  why: 'A proxy knows callers by their account alone. Where two services run under one, whatever one of them may do the other may, too: '
    + 'the policy is wider than what the program says.',
  bad: `
const ledger = new MeshService(chart, 'ledger', { mesh, workload: deployment('ledger'), ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), serviceAccountName: 'shop' });
new MeshService(chart, 'mail', { mesh, workload: deployment('mail'), serviceAccountName: 'shop' });
web.calls(ledger);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  good: `
const ledger = new MeshService(chart, 'ledger', { mesh, workload: deployment('ledger'), ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web') });
new MeshService(chart, 'mail', { mesh, workload: deployment('mail') });
web.calls(ledger);
new ZeroTrustPolicy(chart, 'zero-trust', { mesh });`,
  run: (model, report) => {
    const rights = rightsOf(model);
    for (const [account, services] of rights.size === 0 ? [] : accounts(model)) {
      // Several services of the same pods are one caller.
      if (services.length < 2 || new Set(services.flatMap(podsOf)).size < 2) {
        continue;
      }
      const all = new Set(services.flatMap(({ id }) => [...rights.get(id) ?? []]));
      for (const service of services) {
        const gained = [...all].filter((callee) => callee !== service.id && !rights.get(service.id)?.has(callee));
        const sharers = services.filter((one) => one !== service && gained.some((callee) => rights.get(one.id)?.has(callee)));
        if (gained.length > 0) {
          report(service.origin, {
            message: `${service.id} runs under the account ${account}, as ${listed(sharers.map(({ id }) => id))}, so it may call ${listed(gained)}, too`,
            evidence: `it declares no call to ${gained.length === 1 ? 'it' : 'them'}`,
            fix: 'Give each service an account of its own with serviceAccountName, or leave that out so that one is written under its name',
          });
        }
      }
    }
  },
};

/** Callees under a policy, by the caller that declares to call them. */
function rightsOf(model: MeshModel): ReadonlyMap<string, ReadonlySet<string>> {
  const rights = new Map<string, Set<string>>();
  for (const service of outlineOf(model).secured.filter((one) => enforcementOf(one) !== undefined)) {
    for (const { call } of arrivalsAt(model, service.id)) {
      rights.set(call.caller, (rights.get(call.caller) ?? new Set()).add(service.id));
    }
  }
  return rights;
}

function accounts(model: MeshModel): ReadonlyMap<string, readonly ServiceNode[]> {
  const found = new Map<string, ServiceNode[]>();
  for (const service of model.services.filter(isMeshed)) {
    for (const account of service.accounts) {
      const key = `${service.namespace ?? ''}/${account}`;
      const sharers = found.get(key);
      if (sharers === undefined) {
        found.set(key, [service]);
      } else {
        sharers.push(service);
      }
    }
  }
  return found;
}

function podsOf(service: ServiceNode): readonly string[] {
  const workloads = service.versions.flatMap(({ workload }) => workload?.origin ?? []);
  return workloads.length > 0 ? workloads : [service.id];
}
