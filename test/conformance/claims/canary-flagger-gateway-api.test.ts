import { Duration } from 'cdk8s';
import { FindingCode, MeshProvider } from '../../../src';
import { byFlagger } from './canary-by-flagger';
import { canarySuite } from './canary-suite';

canarySuite({
  ...byFlagger('claims-flagger-gateway', 'deployment,service'),
  mesh: { provider: MeshProvider.gatewayApi(), accepted: [FindingCode.SILENT_RETRIES], steps: [5, 95, 100], every: Duration.seconds(14) },
  routes: ['gateway.networking.k8s.io/v1', 'httproutes'],
  weightOf: ({ metadata, spec }) => spec.rules[0].backendRefs.find(({ name }: { name: string }) => name === `${metadata.name}-canary`)?.weight,
});
