import { externalDestinationRule } from '../../../src/emit/istio/external-destination-rule';
import { serviceEntry } from '../../../src/emit/istio/service-entry';
import type { ExternalNode } from '../../../src/model/mesh-model';
import { aMesh, aModel, aPort, anExternal } from '../model';

const pool = { pool: { maxConnections: 5, maxRequests: 6 }, ejection: 'default' } as const;
const limits = { tcp: { maxConnections: 5 }, http: { http2MaxRequests: 6 } };

describe('ServiceEntry', () => {
  function specOf(rest: Partial<ExternalNode>) {
    const node = anExternal('stripe', rest);
    expect(serviceEntry.exists(node, aMesh())).toBe(true);
    return serviceEntry.spec!(node, aModel({ externals: [node] }));
  }

  test('names the hosts, which the proxy looks up', () => {
    expect(specOf({ ports: [aPort('https', 443)] })).toStrictEqual({
      hosts: ['stripe.example.com'], ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }], location: 'MESH_EXTERNAL', resolution: 'DNS',
    });
  });

  test.each<[string, Partial<ExternalNode>]>([
    ['DNS', { addresses: ['10.0.0.1'] }], ['NONE', { addresses: ['10.0.0.1', '10.0.0.0/8'] }], ['NONE', { hosts: ['a.example.com', '*.example.com'] }],
    ['STATIC', { endpoints: ['10.0.0.1', 'fd00::1'] }], ['DNS', { endpoints: ['10.0.0.1', 'a.example.com'] }],
    ['STATIC', { endpoints: ['10.0.0.1'], addresses: ['10.0.0.0/8'] }],
  ])('resolution %s for %j', (resolution, rest) => {
    expect(specOf(rest)).toMatchObject({ resolution });
  });

  test('carries addresses and endpoints', () => {
    expect(specOf({ addresses: ['10.0.0.1'], endpoints: ['10.0.0.2'], ports: [aPort('mysql', 3306)] })).toStrictEqual({
      hosts: ['stripe.example.com'], addresses: ['10.0.0.1'], ports: [{ number: 3306, name: 'mysql', protocol: 'MYSQL' }], location: 'MESH_EXTERNAL',
      resolution: 'STATIC', endpoints: [{ address: '10.0.0.2' }],
    });
  });

  test('sends plain requests that the proxy encrypts to 443, or to the port that was said', () => {
    const ports = [aPort('http', 80), aPort('grpc', 8080), aPort('http2', 81, { containerPort: 8443 }), aPort('tcp', 82)];
    expect((specOf({ originateTls: true, ports }) as any).ports).toStrictEqual([
      { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }, { number: 8080, name: 'grpc', protocol: 'GRPC' },
      { number: 81, name: 'http2', protocol: 'HTTP2', targetPort: 8443 }, { number: 82, name: 'tcp', protocol: 'TCP' },
    ]);
    expect((specOf({}) as any).ports).toStrictEqual([{ number: 80, name: 'http', protocol: 'HTTP' }]);
  });
});

describe('DestinationRule', () => {
  function specOf(rest: Partial<ExternalNode>, key?: string) {
    const node = anExternal('stripe', rest);
    expect(externalDestinationRule.exists(node, aMesh())).toBe(true);
    return externalDestinationRule.spec!(node, aModel({ externals: [node] }), key);
  }

  test('exists only where there is something to say', () => {
    expect(externalDestinationRule.exists(anExternal('stripe'), aMesh())).toBe(false);
    expect(externalDestinationRule.exists(anExternal('stripe'), aMesh({}, { circuitBreaker: pool }))).toBe(true);
    expect(externalDestinationRule.exists(anExternal('stripe', { circuitBreaker: { pool: {}, ejection: 'off' } }), aMesh({}, { circuitBreaker: pool }))).toBe(false);
    const tcpOnly = anExternal('db', { ports: [aPort('tcp', 1)], circuitBreaker: { pool: { maxRequests: 1 }, ejection: 'off' } });
    expect(externalDestinationRule.exists(tcpOnly, aMesh())).toBe(false);
  });

  test('limits', () => {
    const ejection = { consecutiveServerErrors: 7, intervalMs: 1000, baseMs: 1000, maxPercent: 10, minHealthPercent: 0 };
    expect(specOf({ circuitBreaker: { ...pool, ejection, retryBudget: { percent: 10, minConcurrency: 1 } } })).toStrictEqual({
      host: 'stripe.example.com',
      trafficPolicy: {
        connectionPool: limits,
        outlierDetection: { consecutive5xxErrors: 7, interval: '1s', baseEjectionTime: '1s', maxEjectionPercent: 10, minHealthPercent: 0 },
        retryBudget: { percent: 10, minRetryConcurrency: 1 },
      },
    });
  });

  const tls = { mode: 'SIMPLE', caCertificates: 'system', sni: 'stripe.example.com', subjectAltNames: ['stripe.example.com'] };

  test('TLS towards the host, whose certificate is checked', () => {
    expect(specOf({ originateTls: true })).toStrictEqual({ host: 'stripe.example.com', trafficPolicy: { tls } });
  });

  test('every host has an object, and names below a wildcard come from the request', () => {
    const hosts = ['stripe.example.com', 'b.example.com', '*.example.org'];
    expect(externalDestinationRule.further!(anExternal('stripe', { hosts }), aMesh())).toEqual(['b.example.com', 'any.example.org']);
    expect(specOf({ hosts, originateTls: true }, 'b.example.com')).toStrictEqual({
      host: 'b.example.com', trafficPolicy: { tls: { ...tls, sni: 'b.example.com', subjectAltNames: ['b.example.com'] } },
    });
    expect(specOf({ hosts, originateTls: true }, 'any.example.org')).toStrictEqual({
      host: '*.example.org', trafficPolicy: { tls: { mode: 'SIMPLE', caCertificates: 'system' } },
    });
    expect(specOf({ hosts, originateTls: true }, 'no such key')).toMatchObject({ host: 'stripe.example.com' });
  });

  test('ports that are encrypted already, or not read, are left alone, under the same limits', () => {
    const ports = [aPort('http', 80), aPort('https', 443), aPort('tcp', 9000), aPort('udp', 53)];
    const opaque = (number: number) => ({ port: { number }, connectionPool: limits, tls: { mode: 'DISABLE' } });
    const spec = JSON.parse(JSON.stringify(specOf({ originateTls: true, ports, circuitBreaker: pool })));
    expect(spec).toStrictEqual({
      host: 'stripe.example.com', trafficPolicy: { connectionPool: limits, tls, portLevelSettings: [opaque(443), opaque(9000)] },
    });
  });
});
