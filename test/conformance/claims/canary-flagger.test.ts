import { byFlagger } from './canary-by-flagger';
import { canarySuite } from './canary-suite';

canarySuite({
  ...byFlagger('claims-flagger', 'deployment,service,destinationrule'),
  weightOf: ({ metadata, spec }) => spec.http[0].route.find(({ destination }: { destination: { host: string } }) =>
    destination.host === `${metadata.name}-canary`)?.weight,
});
