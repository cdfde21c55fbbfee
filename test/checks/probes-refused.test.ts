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
