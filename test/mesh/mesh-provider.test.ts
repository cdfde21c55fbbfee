import { GatewayChannel, MeshProvider, Waypoints } from '../../src';
import { refusal } from '../support/refusal';

test('Istio has the newest checked release and its own namespace by default', () => {
  expect(MeshProvider.istio()._node()).toEqual({ provider: 'istio', providerVersion: '1.31', revision: undefined, systemNamespace: 'istio-system' });
});

test('release, revision and namespace are kept', () => {
  expect(MeshProvider.istio({ release: '1.30', revision: 'canary', systemNamespace: 'mesh' })._node())
    .toEqual({ provider: 'istio', providerVersion: '1.30', revision: 'canary', systemNamespace: 'mesh' });
});

test.each(['1.29', '1.31.0', ''])('refuses release %j', (release) => {
  expect(refusal(() => MeshProvider.istio({ release })))
    .toMatch(new RegExp(`^MeshProvider\\.istio: release is "${release}"; give one of 1\\.30, 1\\.31, the versions of Istio .*that this library was checked with$`));
});

test.each(['revision', 'systemNamespace'])('refuses a %s that Kubernetes refuses', (property) => {
  expect(refusal(() => MeshProvider.istio({ [property]: '1.31' }))).toBe(
    `MeshProvider.istio: ${property} is "1.31"; it must hold only lower-case letters, digits and hyphens, and starts and ends with a letter or digit; `
    + 'give a name that Kubernetes accepts',
  );
});

test('Gateway API has the release that was checked, and its stable fields alone', () => {
  expect(MeshProvider.gatewayApi()._node()).toEqual({
    provider: 'gateway-api', providerVersion: '1.5', revision: undefined, systemNamespace: 'istio-system', gatewayChannel: 'standard',
  });
  expect(MeshProvider.gatewayApi({ release: '1.6', channel: GatewayChannel.EXPERIMENTAL, revision: 'canary' })._node())
    .toMatchObject({ providerVersion: '1.6', revision: 'canary', gatewayChannel: 'experimental' });
  expect(refusal(() => MeshProvider.gatewayApi({ release: '1.2' }))).toContain(
    'MeshProvider.gatewayApi: release is "1.2"; give one of 1.5, 1.6, the versions of Gateway API (Istio sidecars) that this library was checked with',
  );
});

test('Linkerd has the newest checked release and its own namespace', () => {
  expect(MeshProvider.linkerd()._node()).toEqual({
    provider: 'linkerd', providerVersion: '2.20', revision: undefined, systemNamespace: 'linkerd', gatewayChannel: 'standard',
  });
  expect(MeshProvider.linkerd({ release: '2.18', channel: GatewayChannel.EXPERIMENTAL, systemNamespace: 'l5d' })._node())
    .toMatchObject({ providerVersion: '2.18', systemNamespace: 'l5d', gatewayChannel: 'experimental' });
  expect(refusal(() => MeshProvider.linkerd({ release: '2.17' }))).toContain('MeshProvider.linkerd: release is "2.17"; give one of 2.18, 2.19, 2.20');
});

test('ambient mode has waypoints where they are needed, and no sidecars', () => {
  expect(MeshProvider.istioAmbient()._node()).toEqual({
    provider: 'istio-ambient', providerVersion: '1.31', revision: undefined, systemNamespace: 'istio-system', gatewayChannel: 'standard',
    ambient: { waypoints: 'where-needed', waypointName: 'waypoint', sidecarNamespaces: [] },
  });
  const sidecarNamespaces = ['old'];
  const provider = MeshProvider.istioAmbient({ release: '1.30', channel: GatewayChannel.EXPERIMENTAL, waypoints: Waypoints.never(), sidecarNamespaces });
  sidecarNamespaces.push('later');
  expect(provider._node()).toMatchObject({
    providerVersion: '1.30', gatewayChannel: 'experimental', ambient: { waypoints: 'never', waypointName: 'waypoint', sidecarNamespaces: ['old'] },
  });
  expect(refusal(() => MeshProvider.istioAmbient({ release: '1.29' }))).toContain('MeshProvider.istioAmbient: release is "1.29"');
  expect(refusal(() => MeshProvider.istioAmbient({ sidecarNamespaces: ['Old'] }))).toContain('MeshProvider.istioAmbient: sidecarNamespaces is "Old"');
});
