import { build } from '../../examples/bookinfo/app';
import { synthesized } from './synthesized';

const { mesh, warnings, find } = synthesized(build);
const host = (name: string) => `${name}.bookinfo.svc.cluster.local`;

/** Which of a VirtualService's routes a request with these headers from a pod with these labels takes. */
function taken(service: string, headers: Record<string, string>, labels: Record<string, string>) {
  interface Match { headers?: Record<string, { exact: string }>; sourceLabels?: Record<string, string> }
  const holds = ({ headers: wanted = {}, sourceLabels = {} }: Match) => Object.entries(wanted).every(([name, { exact }]) => headers[name] === exact)
    && Object.entries(sourceLabels).every(([name, value]) => labels[name] === value);
  return find('VirtualService', service).spec.http.find(({ match }: { match?: Match[] }) => match === undefined || match.some(holds));
}

const shares = (route: { route: { destination: { subset?: string }; weight?: number }[] }) => Object.fromEntries(
  route.route.map(({ destination, weight }) => [destination.subset, weight ?? 100]),
);

test('four services in six versions', () => {
  expect(mesh.services.map(({ serviceName }) => serviceName)).toEqual(['productpage', 'details', 'ratings', 'reviews']);
  expect(find('DestinationRule', 'reviews').spec.subsets.map(({ name }: { name: string }) => name)).toEqual(['v1', 'v2', 'v3']);
});

test('Jason sees v2, of all others nine in ten see v1 and one v3', () => {
  const productpage = { app: 'productpage' };
  expect(shares(taken('reviews', { 'end-user': 'jason' }, productpage))).toEqual({ v2: 100 });
  expect(shares(taken('reviews', { 'end-user': 'mary' }, productpage))).toEqual({ v1: 90, v3: 10 });
});

test('the tester has as long as everybody else', () => {
  expect(taken('reviews', { 'end-user': 'jason' }, { app: 'productpage' }).timeout).toBe('3s');
});

test.each([
  ['productpage', 'details', '3s'], ['productpage', 'reviews', '3s'], ['productpage', 'ratings', '3s'], ['reviews', 'ratings', '10s'],
  ['somebody', 'ratings', '15s'],
])('%s waits for %s for %s', (caller, callee, timeout) => {
  expect(taken(callee, {}, { app: caller }).timeout).toBe(timeout);
});

test('a warning names the hop where the times of the sample do not fit', () => {
  expect(warnings).toEqual([expect.stringMatching(/^\[bookinfo\/productpage\] warning MESH204 .*3 s.*bookinfo\/reviews.*10 s.*bookinfo\/ratings/)]);
});

test.each([['productpage', ['details', 'ratings', 'reviews']], ['reviews', ['ratings']], ['details', []], ['ratings', []]])(
  'the proxies of %s know %j', (caller, callees) => {
    const hosts: string[] = find('Sidecar', caller).spec.egress.flatMap((egress: { hosts: string[] }) => egress.hosts);
    expect(hosts.filter((entry) => entry.includes('.bookinfo.')).sort()).toEqual(callees.map((callee) => `bookinfo/${host(callee)}`));
  },
);

test('the versions of reviews share one account and one Service', () => {
  const account = (version: string) => find('Deployment', `reviews-${version}`).spec.template.spec.serviceAccountName;
  expect([account('v1'), account('v2'), account('v3')]).toEqual(['reviews', 'reviews', 'reviews']);
  expect(find('Service', 'reviews').spec.selector).toEqual({ app: 'reviews' });
});
