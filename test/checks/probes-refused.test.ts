import { probesRefused } from '../../src/checks/probes-refused';
import { found, lines, service, version, workload } from './model-builder';
import { guarded, PERMISSIVE } from './security-builder';

const kept = (value: string) => ({ versions: [version('v1', { workload: workload('orders', { podAnnotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': value } }) })] });

test('probes that stay as they are', () => {
  expect(lines(probesRefused, { services: [guarded('orders', kept('false'))] })).toEqual([
    '[shop/orders] probes of Deployment orders are refused, since shop/orders is strict (its pods have the annotation '
    + 'sidecar.istio.io/rewriteAppHTTPProbers=false). Take the annotation away, or give the probes a port of their own and take plain '
    + 'connections there with acceptPlaintext.',
  ]);
});

test('probes that the agent answers, and services that are not strict', () => {
  const services = [
    guarded('orders'), guarded('web', kept('true')), service('open', kept('false')), service('soft', { zeroTrust: PERMISSIVE, ...kept('false') }),
    guarded('outside', { meshed: false, ...kept('false') }),
  ];
  expect(found(probesRefused, { services })).toEqual([]);
});

test.each([
  ['gRPC on a port that nobody declares', 'grpc', 9999, 1], ['gRPC on the service\'s own', 'grpc', 8080, 0], ['HTTP on any', 'http', 9999, 0],
] as const)('of Linkerd: %s', (_, kind, port, count) => {
  const containers = [{ name: 'orders', image: 'x', ports: [{ number: 8080 }], probes: [{ kind, port }] }];
  const service_ = guarded('orders', { versions: [version('v1', { workload: workload('orders', { containers }) })] });
  expect(found(probesRefused, { services: [service_], mesh: { provider: 'linkerd' } })).toHaveLength(count);
});
