import { App } from 'cdk8s';
import { Mesh, Retry } from 'cdk8s-mesh';
import { Shop } from './shop';

/** Every hop tries five times, each for good reasons of its own. This program does not synthesize. */
export function buildStorm(app: App): Mesh {
  const { mesh, front, orders, payments, ledger } = new Shop(app);
  front.calls(orders, { retry: Retry.upTo(4) });
  orders.calls(payments, { retry: Retry.upTo(4) });
  payments.calls(ledger, { retry: Retry.upTo(4) });
  return mesh;
}

if (require.main === module) {
  const app = new App();
  buildStorm(app);
  app.synth();
}
