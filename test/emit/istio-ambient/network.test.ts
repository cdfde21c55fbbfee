import { istioAmbient } from '../../../src/emit/istio-ambient';
import type { AmbientNode } from '../../../src/model/ambient';
import type { CallNode, ServiceNode } from '../../../src/model/mesh-model';
import { ambient } from '../../checks/ambient-builder';
import { PERMISSIVE, plaintext, security, STRICT } from '../../checks/security-builder';
import { schemaErrors } from '../../support/schemas';
import { aCall, aModel, aService } from '../model';
import { manifestsOf } from '../resources';

const resource = istioAmbient.service.find(({ kind }) => kind === 'NetworkPolicy')!;
const TUNNEL = { protocol: 'TCP', port: 15008 };
const OWN = { protocol: 'TCP', port: 8080 };
const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const pods = (app: string, name = 'shop') => ({ ...namespace(name), podSelector: { matchLabels: { app } } });
const WAYPOINT = { ...namespace('shop'), podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'waypoint' } } };

function ingress(orders: ServiceNode, caller = aService('web'), rest: Partial<AmbientNode> = {}): unknown {
  const call: CallNode = { ...aCall('web', 'orders'), caller: caller.id, callee: orders.id };
  const model = aModel({ services: [caller, orders], calls: [call], mesh: ambient(rest) });
  const manifests = manifestsOf([resource], orders, model);
  expect(manifests.flatMap(schemaErrors)).toEqual([]);
  return (manifests[0].spec as any).ingress;
}

test('callers come by the tunnel, whatever port they ask for; through a waypoint, where there is one', () => {
  const orders = aService('orders', { zeroTrust: STRICT });
  expect(ingress(orders)).toEqual([{ from: [pods('web')], ports: [TUNNEL] }]);
  expect(ingress({ ...orders, deadline: 1 })).toEqual([{ from: [WAYPOINT], ports: [TUNNEL] }]);
});

test('sidecars get connections on their own port, and by the tunnel', () => {
  const moving = { sidecarNamespaces: ['old'] };
  expect(ingress(aService('orders.old', { zeroTrust: STRICT }), aService('web'), moving)).toEqual([{ from: [pods('web')], ports: [OWN, TUNNEL] }]);
  expect(ingress(aService('orders', { zeroTrust: STRICT }), aService('web.old'), moving)).toEqual([{ from: [pods('web', 'old')], ports: [TUNNEL] }]);
});

test('plain callers come on the port itself', () => {
  const orders = aService('orders', { zeroTrust: STRICT, security: security({ plaintext: [plaintext(80, { addresses: ['192.0.2.1'] })] }) });
  expect(ingress(orders)).toEqual([{ from: [pods('web')], ports: [TUNNEL] }, { from: [{ ipBlock: { cidr: '192.0.2.1/32' } }], ports: [OWN] }]);
});

test('a namespace is closed but for probes, and its waypoint is not closed', () => {
  const [policy] = istioAmbient.policy.filter(({ kind }) => kind === 'NetworkPolicy');
  const of = (zeroTrust: typeof STRICT, rest: Partial<AmbientNode> = {}) => {
    const node = { name: 'shop', origin: 'zero-trust', policy: zeroTrust, root: false };
    const model = aModel({ mesh: ambient(rest) });
    return policy.exists(node, model.mesh) ? policy.spec!(node, model) : undefined;
  };
  expect(of(STRICT)).toEqual({
    podSelector: { matchExpressions: [{ key: 'gateway.networking.k8s.io/gateway-name', operator: 'NotIn', values: ['waypoint'] }] },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ ipBlock: { cidr: '169.254.7.127/32' } }, { ipBlock: { cidr: 'fd16:9254:7127:1337:ffff:ffff:ffff:ffff/128' } }] }],
  });
  expect(of(STRICT, { waypoints: 'never' })).toMatchObject({ podSelector: {} });
  expect(of(STRICT, { sidecarNamespaces: ['shop'] })).toMatchObject({ podSelector: {}, ingress: [{ ports: [{ port: 15020 }, { port: 15021 }, { port: 15090 }] }] });
  expect(of(PERMISSIVE)).toBeUndefined();
});
