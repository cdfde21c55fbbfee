import { ENGINE_FACTS } from '../model/delivery';
import { httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import { PROTOCOLS } from '../model/protocol';
import type { Check } from './check';
import { listed } from './text';

export const canaryOfConnections: Check = {
  code: FindingCode.CANARY_OF_CONNECTIONS,
  name: 'canary-of-connections',
  severity: Severity.ERROR,
  catalogue: [],
  title: 'A canary of connections that nobody can judge',
  why: 'The gates count requests, and a connection that is passed on as a whole has none: every check would fail for want of an answer. Connections '
    + 'live on with the version that took them, too, so that the shares of a step come true only as they end.',
  bad: `
const ledger = new MeshService(chart, 'ledger', { mesh, workload: deployment('ledger'), ports: [MeshPort.tcp(8080)] });
new Canary(chart, 'ledger-canary', {
  service: ledger, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  good: `
const ledger = new MeshService(chart, 'ledger', { mesh, workload: deployment('ledger'), ports: [MeshPort.grpc(8080)] });
new Canary(chart, 'ledger-canary', {
  service: ledger, engine: CanaryEngine.argoRollouts(), gates: [Gate.successRate({ atLeast: 99 })],
  strategy: CanaryStrategy.linear({ step: 10, max: 50, every: Duration.minutes(1) }),
});`,
  run: (model, report) => {
    for (const { origin, engine, service } of model.canaries.filter((canary) => ENGINE_FACTS[canary.engine.id].automatic)) {
      const of = model.serviceById.get(service)!;
      const http = httpPorts(of);
      const connections = of.ports.filter((port) => !http.includes(port) && PROTOCOLS[port.protocol].transport === 'TCP');
      const ports = listed(connections.map(({ name, number }) => `${name} (${number})`));
      if (http.length === 0) {
        report(origin, {
          message: `${service} has no port whose requests the mesh can read, so there is nothing to shift or to measure`,
          evidence: connections.length === 0 ? 'it has no TCP port at all' : `its ports are ${ports}`,
          fix: 'Declare the protocol if it is HTTP or gRPC; otherwise replace the pods step by step, without a canary',
        });
      } else if (connections.length > 0 && !ENGINE_FACTS[engine.id].ownsRoutes) {
        const routed = of.split !== undefined || of.routes.some(({ backends }) => backends.length > 0);
        report(origin, {
          message: `connections to ${ports} of ${service} do not follow the canary: they reach both versions by their number of pods`,
          evidence: routed ? 'routes of the service send connections, too, and the engine would move the first of those rules' : `${ENGINE_FACTS[engine.id].label} moves the weights of HTTP rules`,
          fix: 'Move these ports to a service of their own',
          severity: routed ? Severity.ERROR : Severity.WARNING,
        });
      }
    }
  },
};
