import { isGatewayApiOfIstio } from '../model/data-plane';
import { calleeOf, httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { RetryCondition, RetryPolicy } from '../model/policy';
import type { Check, Report } from './check';
import { listed } from './text';

export const retryConditionLost: Check = {
  code: FindingCode.RETRY_CONDITION_LOST,
  name: 'retry-condition-lost',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'Failures that are not retried, since an HTTPRoute has no word for them',
  why: 'The `retry` of an HTTPRoute names statuses of HTTP and nothing else. Istio adds failed connections, refused streams, and gRPC requests that '
    + 'were cancelled or found nobody. A connection that breaks, or another failure of gRPC, ends the request at once.',
  bad: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  retry: Retry.upTo(1, { on: [RetryOn.GATEWAY_ERROR, RetryOn.RESET] }),
});`,
  good: `
const portable = new Mesh(chart, 'portable', {
  provider: MeshProvider.gatewayApi({ channel: GatewayChannel.EXPERIMENTAL }),
  adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', {
  mesh: portable, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  retry: Retry.upTo(1, { on: [RetryOn.GATEWAY_ERROR] }),
});`,
  run: (model, report) => {
    const { mesh, services, calls } = model;
    if (mesh.gatewayChannel !== 'experimental') {
      return;
    }
    const concerned = services.filter((service) => httpPorts(service).length > 0 && isGatewayApiOfIstio(mesh, service.namespace));
    if (concerned.length > 0) {
      judge(mesh.origin, 'defaults.retry', mesh.defaults.retry, report);
    }
    for (const service of concerned) {
      judge(service.origin, 'retry', service.retry, report);
      service.routes.forEach((route) => judge(route.origin, `the retry of route ${route.name}`, route.retry, report));
    }
    calls.filter(({ callee }) => isGatewayApiOfIstio(mesh, calleeOf(model, callee)?.namespace)).forEach((call) => judge(call.origin, `the retry of the call to ${call.callee}`, call.retry, report));
  },
};

const LOST: readonly RetryCondition[] = ['reset', 'grpc-deadline-exceeded', 'grpc-internal', 'grpc-resource-exhausted'];

function judge(origin: string, what: string, retry: RetryPolicy | undefined, report: Report): void {
  const lost = retry === undefined || retry.retries === 0 ? [] : retry.on.filter((condition) => LOST.includes(condition));
  if (lost.length > 0) {
    report(origin, {
      message: `${what} asks for ${listed(lost)}, which will not be retried`,
      evidence: 'an HTTPRoute names statuses alone',
      fix: 'Leave it out, name statuses with RetryOn.status, or take MeshProvider.istio()',
    });
  }
}
