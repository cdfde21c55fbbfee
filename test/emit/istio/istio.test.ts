import { istio } from '../../../src/emit/istio';
import { hostsOf, httpPorts } from '../../../src/model/effective';
import type { MeshModel } from '../../../src/model/mesh-model';
import fc from '../../support/fc';
import { type Manifest, schemaErrors } from '../../support/schemas';
import { anyModel } from '../arbitrary';
import { aModel, aPort, aRoute, aService, aVersion, anExternal, prefix } from '../model';
import { allManifests, manifestsOf } from '../resources';

const kinds = (manifests: readonly Manifest[]) => manifests.map(({ kind }) => kind);

test('what is written for a service that calls another one, in the order in which it may be applied', () => {
  const web = aService('web', { callees: ['shop/orders'] });
  const model = aModel({ services: [web, aService('orders')] });
  expect(kinds(manifestsOf(istio.service, web, model))).toEqual(['Service', 'ServiceAccount', 'DestinationRule', 'VirtualService', 'Sidecar']);
  expect(istio.provider).toBe('istio');
});

test('what is written for an external service with two hosts', () => {
  const google = anExternal('google', { hosts: ['a.example.com', 'b.example.com'], originateTls: true });
  const manifests = manifestsOf(istio.external, google, aModel({ externals: [google] }));
  expect(manifests.map(({ kind, metadata }) => `${kind} ${(metadata as any).name}`)).toEqual([
    'ServiceEntry google', 'DestinationRule google', 'DestinationRule google-b.example.com', 'VirtualService google', 'VirtualService google-b.example.com',
  ]);
});

test('a resource that another one comes after stands before it', () => {
  for (const list of [istio.service, istio.external]) {
    const ids = list.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    list.forEach(({ after }, index) => after === undefined || expect(ids.slice(0, index)).toContain(after));
  }
});

test('namespaces carry the injection label', () => {
  const node = { origin: 'shop', name: 'shop', labels: {}, injected: true };
  expect(manifestsOf(istio.namespace, node, aModel({}))).toMatchObject([{ metadata: { labels: { 'istio-injection': 'enabled' } } }]);
});

/** Every destination that the rules name, with the host's DestinationRule at hand. */
function destinationsOf(manifests: readonly Manifest[]): { host: string; subset?: string; port?: { number: number } }[] {
  const found: any[] = [];
  JSON.stringify(manifests.filter(({ kind }) => kind === 'VirtualService'), (key, value) => {
    if (key === 'destination') {
      found.push(value);
    }
    return value;
  });
  return found;
}

function httpRulesOf(manifests: readonly Manifest[]): any[] {
  return manifests.filter(({ kind }) => kind === 'VirtualService').flatMap(({ spec }) => (spec as any).http ?? []);
}

describe('of any program', () => {
  const always = (property: (manifests: Manifest[], model: MeshModel) => void, runs = 100) => {
    fc.assert(fc.property(anyModel, (model) => property(allManifests(istio, model), model)), { numRuns: runs });
  };

  test('every manifest fits its schema', () => {
    always((manifests) => expect(manifests.flatMap(schemaErrors)).toEqual([]));
  });

  test('the same model gives the same bytes', () => {
    always((manifests, model) => expect(JSON.stringify(allManifests(istio, model))).toBe(JSON.stringify(manifests)), 50);
  });

  test('kind, namespace and name are unique, and so is the host of a rule', () => {
    always((manifests) => {
      const names = manifests.map(({ kind, metadata }) => `${kind} ${(metadata as any).namespace} ${(metadata as any).name}`);
      expect(names.length).toBe(new Set(names).size);
      for (const kind of ['VirtualService', 'DestinationRule']) {
        const hosts = manifests.filter((one) => one.kind === kind).map(({ spec }) => (spec as any).host ?? (spec as any).hosts.join());
        expect(hosts.length).toBe(new Set(hosts).size);
      }
    });
  });

  test('every rule that sends requests on says its retries', () => {
    always((manifests) => {
      for (const rule of httpRulesOf(manifests)) {
        expect({ rule, says: rule.retries !== undefined }).toEqual({ rule, says: rule.route !== undefined });
      }
    });
  });

  test('every HTTP port ends with a rule for whatever is left, and nothing stands behind it', () => {
    always((manifests, model) => {
      for (const service of model.services) {
        const rules = httpRulesOf(manifests.filter(({ metadata }) => (metadata as any).name === service.name));
        for (const { number } of httpPorts(service)) {
          const whole = JSON.stringify({ port: number });
          const catches = rules.map(({ match }) => match === undefined || match.some((one: object) => JSON.stringify(one) === whole));
          const concerned = rules.map(({ match }) => match === undefined || match.some((one: any) => (one.port ?? number) === number));
          expect(catches.filter(Boolean)).toHaveLength(1);
          expect(concerned.lastIndexOf(true)).toBe(catches.indexOf(true));
        }
      }
    });
  });

  test('weights stand where there is something to weigh, on different destinations', () => {
    always((manifests) => {
      for (const { route } of httpRulesOf(manifests).filter((rule) => rule.route)) {
        expect(new Set(route.map(({ destination }: any) => JSON.stringify(destination))).size).toBe(route.length);
        expect(route.every(({ weight }: any) => (weight === undefined) === (route.length === 1))).toBe(true);
      }
    });
  });

  test('every subset that a rule names exists, wherever anything answers', () => {
    always((manifests) => {
      const rules = manifests.filter(({ kind }) => kind === 'DestinationRule').map(({ spec }) => spec as any);
      const known = new Map<string, string[]>(rules.map(({ host, subsets = [] }) => [host, subsets.map(({ name }: any) => name)]));
      for (const { host, subset } of destinationsOf(manifests)) {
        // A service with nothing but UDP, or without ports, takes no requests: a route to it is a finding of its own.
        expect([undefined, ...known.get(host) ?? ['v1', 'v2']]).toContain(subset);
      }
    });
  });

  test('a destination with several ports names one that it has', () => {
    always((manifests, model) => {
      for (const { host, port } of destinationsOf(manifests)) {
        const callee = [...model.services, ...model.externals].find((one) => hostsOf(one).includes(host))!;
        const numbers = callee.ports.map(({ number }) => number);
        expect(numbers.length <= 1 ? [undefined, ...numbers] : numbers).toContain(port?.number);
      }
    });
  });
});

test('nothing throws on what other checks refuse', () => {
  const lost = aService('lost', {
    namespace: undefined, selector: {}, ports: [aPort('http', 80), aPort('http', 81), aPort('tls', 443)], versions: [aVersion('v1')], split: { nothing: 100 }, callees: ['nowhere/nobody'],
    routes: [aRoute('r', [{ ...prefix('/'), caller: 'nowhere/nobody' }, { port: 9 }], { backends: [{ service: 'nowhere/nobody', subset: 'x', weight: 100 }], mirrors: [{ service: '', percent: 1 }] })],
  });
  const model = aModel({ services: [lost], externals: [anExternal('e', { hosts: ['not a host'], ports: [], namespace: undefined })] });
  expect(() => allManifests(istio, model)).not.toThrow();
});
