import { App, Duration } from 'cdk8s';
import { Mesh, MeshProvider, Retry } from 'cdk8s-mesh';
import { Shop } from './shop';

/** Only the hop next to the service that may fail tries again; the hops before it wait long enough for that. */
export function build(app: App, provider = MeshProvider.istio()): Mesh {
  const { mesh, front, orders, payments, ledger } = new Shop(app, provider);
  front.calls(orders, { deadline: Duration.seconds(10) });
  orders.calls(payments, { deadline: Duration.seconds(8) });
  payments.calls(ledger, { deadline: Duration.seconds(6), retry: Retry.upTo(4, { perTry: Duration.seconds(1) }) });
  return mesh;
}
