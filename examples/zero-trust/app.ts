import { App, Chart } from 'cdk8s';
import {
  Adoption, ExternalService, JwtIssuer, KubernetesExperience, Mesh, MeshNamespace, MeshPort, MeshProvider, MeshService, MtlsMigration, Principal,
  ZeroTrustPolicy,
} from 'cdk8s-mesh';
import { deployment, statefulSet } from './workloads';

/**
 * Where the way to mutual TLS stands; one stage on, or back, is this one edit:
 * `permissive()`, `permissiveWithProof()`, `strictFor('shop')`, `strictExcept('archive', …)`, `strict()`.
 */
const STAGE = MtlsMigration.strictExcept('archive', {
  reason: 'invoices, which still run on virtual machines, write to the archive', until: '2035-12-31',
});

export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  const archives = new Chart(app, 'archive', { namespace: 'archive' });
  const mesh = new Mesh(shop, 'mesh', {
    provider,
    adoption: Adoption.assess({ services: 60, regulatedEncryption: true, kubernetes: KubernetesExperience.ESTABLISHED }),
  });
  new MeshNamespace(shop, 'shop-namespace', { mesh, name: 'shop' });
  new MeshNamespace(archives, 'archive-namespace', { mesh, name: 'archive' });
  new ZeroTrustPolicy(shop, 'zero-trust', { mesh, mtls: STAGE });

  const web = new MeshService(shop, 'web', { mesh, workload: deployment(shop, 'web', 8080), ports: [MeshPort.http(8080, { port: 80 })] });
  const orders = new MeshService(shop, 'orders', {
    mesh, workload: deployment(shop, 'orders', 8080, 9090), ports: [MeshPort.http(8080, { port: 80 })],
  });
  const ledger = new MeshService(shop, 'ledger', {
    mesh, workload: statefulSet(shop, 'ledger', 5432), ports: [MeshPort.postgres()], headless: true,
  });
  const archive = new MeshService(archives, 'archive', {
    mesh, workload: deployment(archives, 'archive', 8080), ports: [MeshPort.http(8080, { port: 80 })],
  });
  const stripe = new ExternalService(shop, 'stripe', { mesh, hosts: ['api.stripe.com'], ports: [MeshPort.https(443)] });

  // Who calls whom. Everything else is refused: by the callee, and on its way out.
  web.calls(orders, { methods: ['GET', 'POST'], paths: ['/orders', '/orders/{*}'] });
  orders.calls(ledger);
  orders.calls(archive, { methods: ['PUT'], paths: ['/invoices/{*}'] });
  orders.calls(stripe, { idempotent: false });

  // Who calls from outside the program: the gateway in front of the shop, with a customer's token; and a job of another team.
  web.allow(Principal.serviceAccount('istio-ingress', 'gateway'));
  web.requireJwt(JwtIssuer.of('https://id.example.com', { audiences: ['shop'], claimsToHeaders: { 'x-customer': 'sub' } }), { publicPaths: ['/healthz'] });
  orders.allow(Principal.serviceAccount('batch', 'nightly'), { methods: ['POST'], paths: ['/reconcile'] });
  orders.acceptPlaintext(9090, { reason: 'Prometheus has no proxy', until: '2035-12-31' });

  // A caller that has no proxy yet. Were the archive strict, this call would be an error here, and not an outage there.
  const invoices = new MeshService(archives, 'invoices', { mesh, podLabels: { app: 'invoices' }, serviceAccountName: 'invoices', meshed: false });
  invoices.calls(archive, { methods: ['PUT'], paths: ['/invoices/{*}'] });

  return mesh;
}
