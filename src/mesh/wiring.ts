/**
 * The composition root: the one place that knows who renders and who judges. What a program needs of them is loaded when it needs it: importing
 * the package loads the vocabulary alone.
 */
import { Emitter, EngineEmitter, Judge, Resource } from '../model/contracts';
import { CanaryNode, EngineId } from '../model/delivery';
import { ProviderId } from '../model/provider';

/* eslint-disable @typescript-eslint/no-require-imports */
const EMITTERS: Readonly<Record<ProviderId, () => Emitter>> = {
  'istio': () => (require('../emit/istio') as typeof import('../emit/istio')).istio,
  'gateway-api': () => (require('../emit/gamma') as typeof import('../emit/gamma')).gamma,
  'istio-ambient': () => (require('../emit/istio-ambient') as typeof import('../emit/istio-ambient')).istioAmbient,
  'linkerd': () => (require('../emit/linkerd') as typeof import('../emit/linkerd')).linkerd,
};

const ENGINES: Readonly<Record<EngineId, () => EngineEmitter>> = {
  'flagger': () => (require('../emit/flagger') as typeof import('../emit/flagger')).flagger,
  'argo-rollouts': () => (require('../emit/argo-rollouts') as typeof import('../emit/argo-rollouts')).argoRollouts,
  'manual': () => () => [],
};

export const theJudge: Judge = (model) => (require('../checks') as typeof import('../checks')).judge(model);
/* eslint-enable @typescript-eslint/no-require-imports */

export function emitterOf(provider: ProviderId): Emitter {
  return EMITTERS[provider]();
}

/** What an engine is told of a canary, beside what the mesh is told of the service. */
export function canaryResources(engine: EngineId, provider: ProviderId): readonly Resource<CanaryNode, CanaryNode>[] {
  return ENGINES[engine]()(emitterOf(provider).handover);
}
