import { FindingCode, Severity } from '../model/finding';
import type { ExistingServiceNode } from '../model/mesh-model';
import { isHttp, PROTOCOLS, type Protocol } from '../model/protocol';
import type { ProviderId } from '../model/provider';
import type { Check } from './check';

export const portNaming: Check = {
  code: FindingCode.PORT_NAMING,
  name: 'port-naming',
  severity: Severity.WARNING,
  catalogue: ['IST0118', 'IST0150', 'KIA0601', 'KIA0602'],
  title: 'A port of an existing Service that the mesh reads as another protocol than was declared',
  why: 'The mesh takes a port\'s protocol from its appProtocol, else from its name up to the first hyphen. What it does not know it guesses from the first '
    + 'bytes, which stalls servers that speak first and loses routes, retries and metrics where the guess is wrong.',
  bad: `
const service = new ApiObject(chart, 'service', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'web', port: 8080 }] },
});
MeshService.fromService(chart, 'orders', { mesh, service });`,
  good: `
const service = new ApiObject(chart, 'service', {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'orders' },
  spec: { selector: { app: 'orders' }, ports: [{ name: 'http-web', port: 8080 }] },
});
MeshService.fromService(chart, 'orders', { mesh, service });`,
  run: (model, report) => {
    const read = READERS[model.mesh.provider];
    for (const service of model.services) {
      for (const port of service.existingService?.ports ?? []) {
        const declared = service.ports.find((candidate) => candidate.number === port.number)?.protocol;
        const seen = declared === undefined ? '' : read(port, declared);
        const external = service.existingService!.type === 'ExternalName';
        if (declared === undefined || (seen === ON_THE_WIRE[declared] && !(external && port.name === 'tcp'))) {
          continue;
        }
        const by = port.appProtocol === undefined ? `its name is ${port.name ?? 'not given'}` : `its appProtocol is ${port.appProtocol}`;
        report(service.origin, {
          message: `port ${port.number} of Service ${service.existingService!.name} is declared ${declared}, and the mesh ${seen === 'guessed' ? 'has to guess its protocol' : `reads it as ${seen}`}`,
          evidence: by,
          fix: model.mesh.provider === 'linkerd' ? `Give the port appProtocol ${linkerdWord(declared)}`
            : `Give the port appProtocol ${ON_THE_WIRE[declared]}, or a name that begins with ${ON_THE_WIRE[declared]}-`,
          catalogue: seen !== 'guessed' && !external ? [] : external ? ['IST0150'] : port.appProtocol === undefined ? ['IST0118', 'KIA0601'] : ['IST0118', 'KIA0602'],
        });
      }
    }
  },
};

type ExistingPort = ExistingServiceNode['ports'][number];

/** What a mesh makes of each protocol: those it has no name for are TCP. */
const ON_THE_WIRE: Readonly<Record<Protocol, string>> = {
  'http': 'http', 'http2': 'http2', 'grpc': 'grpc', 'grpc-web': 'grpc-web', 'https': 'https', 'tls': 'tls', 'tcp': 'tcp', 'udp': 'udp',
  'mongo': 'mongo', 'mysql': 'mysql', 'redis': 'redis', 'postgres': 'tcp', 'amqp': 'tcp',
};

/** What a mesh makes of a port that is declared so: the same word as for the declared one where it reads it rightly. */
const READERS: Readonly<Record<ProviderId, (port: ExistingPort, declared: Protocol) => string>> = {
  'istio': istioReads, 'gateway-api': istioReads, 'istio-ambient': istioReads, 'linkerd': linkerdReads,
};

const ISTIO_PROTOCOLS: ReadonlySet<string> = new Set([
  'tcp', 'udp', 'grpc', 'grpc-web', 'http', 'http_proxy', 'http2', 'https', 'tls', 'mongo', 'redis', 'mysql',
]);

/** Names that Kubernetes itself gives a meaning. */
const STANDARD_APP_PROTOCOLS: Readonly<Record<string, string>> = {
  'kubernetes.io/h2c': 'http2', 'kubernetes.io/ws': 'http', 'kubernetes.io/wss': 'https',
};

/** SMTP, DNS, MySQL and MongoDB: never guessed, but TCP, since their servers speak first. */
const NEVER_GUESSED: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

function istioReads(port: ExistingPort): string {
  if (port.transport === 'UDP') {
    return 'udp';
  }
  const standard = port.appProtocol === undefined ? undefined : STANDARD_APP_PROTOCOLS[port.appProtocol];
  if (standard !== undefined) {
    return standard;
  }
  const name = (port.appProtocol ?? port.name ?? '').toLowerCase();
  if (name.startsWith('grpc-web')) {
    return 'grpc-web';
  }
  const word = name.split('-')[0];
  if (ISTIO_PROTOCOLS.has(word)) {
    return word;
  }
  return NEVER_GUESSED.has(port.number) ? 'tcp' : 'guessed';
}

/** Ports that Linkerd takes for opaque wherever nothing else is said: servers that speak first. */
const LINKERD_OPAQUE: ReadonlySet<number> = new Set([25, 587, 3306, 4444, 5432, 6379, 9300, 11211]);

/** Linkerd knows three words, and looks at the first bytes where there is none; every other word makes the port opaque. */
function linkerdReads(port: ExistingPort, declared: Protocol): string {
  const rightly = ON_THE_WIRE[declared];
  if (port.transport === 'UDP') {
    return 'udp';
  }
  switch (port.appProtocol?.toLowerCase()) {
    case undefined: return PROTOCOLS[declared].serverFirst && !LINKERD_OPAQUE.has(port.number) ? 'guessed' : rightly;
    case 'http': return isHttp(declared) && !PROTOCOLS[declared].multiplexed ? rightly : 'http';
    case 'kubernetes.io/h2c': return PROTOCOLS[declared].multiplexed ? rightly : 'http2';
    default: return isHttp(declared) ? 'tcp' : rightly;
  }
}

function linkerdWord(declared: Protocol): string {
  return !isHttp(declared) ? 'linkerd.io/opaque' : PROTOCOLS[declared].multiplexed ? 'kubernetes.io/h2c' : 'http';
}
