import { Amplification, AmplificationHop, AmplificationPath } from '../model/amplification';
import { FindingCode, Severity } from '../model/finding';
import type { CallNode } from '../model/mesh-model';
import type { Check } from './check';
import { listed } from './text';

export const retryAmplification: Check = {
  code: FindingCode.RETRY_AMPLIFICATION,
  name: 'retry-amplification',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'One request may become more requests to one service than the budget allows',
  why: 'Retries multiply along a call path: three hops of five attempts each turn one request into 125 at the last service, at the very '
    + 'moment when it fails. What was a short failure then becomes an outage that feeds itself.',
  bad: `
const ledger = new MeshService(chart, 'ledger', { mesh, workload: deployment('ledger'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(orders, { retry: Retry.upTo(2) });
orders.calls(ledger, { retry: Retry.upTo(2) });`,
  good: `
const ledger = new MeshService(chart, 'ledger', { mesh, workload: deployment('ledger'), ports: [MeshPort.http(8080)] });
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
const web = new MeshService(chart, 'web', { mesh, workload: deployment('web'), ports: [MeshPort.http(8080)] });
web.calls(orders);
orders.calls(ledger, { retry: Retry.upTo(2) });`,
  run: (model, report) => {
    const limit = model.mesh.budgets.requestAmplification;
    const amplification = new Amplification(model);
    for (const path of amplification.exceeding(limit)) {
      const { origin } = model.serviceById.get(path.entry)!;
      report(origin, {
        message: `one request to ${path.entry} may become ${count(path.requests)} requests to ${path.target}, and the limit is ${limit}`,
        evidence: `${words(path)}; ${count(path.healthy)} while nothing fails`,
        fix: fix(amplification.proposal(path, limit)),
      });
    }
  },
};

function words(path: AmplificationPath): string {
  const along = path.hops.reduce((product, hop) => product * hop.times * hop.attempts, 1);
  const hops = path.hops.map(hopWords).join(', ');
  return along < path.requests ? `${hops} make ${count(along)}, and other paths add ${count(path.requests - along)}` : hops;
}

function hopWords({ call, times, attempts }: AmplificationHop): string {
  const hop = `${short(call.caller)} → ${short(call.callee)}`;
  if (attempts === 1) {
    return `${hop} ${times} call${times === 1 ? '' : 's'}`;
  }
  return `${hop} ${times === 1 ? '' : `${times} × `}${count(attempts)} attempts`;
}

function fix(proposal: readonly CallNode[] | 'fan-out' | 'too-large'): string {
  if (proposal === 'fan-out') {
    return 'Call less often: even without any retry the limit is passed; or raise budgets.requestAmplification to what the service can bear';
  }
  if (proposal === 'too-large') {
    return 'Retry at one hop of each path only, the one next to the service that fails, and say Retry.never() at the others';
  }
  const hops = proposal.map((call) => `${short(call.caller)} → ${short(call.callee)}`);
  return `Say Retry.never() for ${listed(hops, 10)}${hops.length > 1 ? ', none of which can be left out' : ''}; or raise budgets.requestAmplification`;
}

/** Names alone read best, and the finding's message holds the namespaces. */
function short(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

function count(value: number): string {
  return String(Math.round(value * 10) / 10);
}
