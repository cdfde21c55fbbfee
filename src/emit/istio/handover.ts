/** What an engine needs of Istio's shapes to write in our place, or to move weights in what we write. */
import type { DestinationRuleSpecTrafficPolicy } from '../../../imports/networking.istio.io';
import type { Handover } from '../../model/contracts';
import { CANARY_SUBSET } from '../../model/delivery';
import type { MeshModel, ServiceNode } from '../../model/mesh-model';
import { type Json } from '../json';
import { trafficPolicy } from './destination-rule';
import { httpRules } from './http-rules';
import { appProtocol } from './protocol';

export const handover: Handover = {
  provider: { 'flagger': 'istio', 'argo-rollouts': 'istio', 'manual': undefined },
  appProtocol,
  // Rules of single callers come first; an engine with one rule cannot have them.
  rule: (model, service) => httpRules(model, service, service.host).find(({ match }) => match === undefined) ?? {},
  policy: (model: MeshModel, service: ServiceNode): Json<DestinationRuleSpecTrafficPolicy> => trafficPolicy(model, service).whole,
  weightedRules: (model, service) => httpRules(model, service, service.host)
    .filter(({ route }) => route?.some(({ destination }) => destination?.subset === CANARY_SUBSET)).map(({ name }) => name!),
};
