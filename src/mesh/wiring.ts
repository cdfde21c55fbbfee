/** The composition root: the one place that knows who renders and who judges. */
import { judge } from '../checks';
import { argoRollouts } from '../emit/argo-rollouts';
import { flagger } from '../emit/flagger';
import { gamma } from '../emit/gamma';
import { istio } from '../emit/istio';
import { linkerd } from '../emit/linkerd';
import { Emitter, EngineEmitter, Judge, Resource } from '../model/contracts';
import { CanaryNode, EngineId } from '../model/delivery';
import { ProviderId } from '../model/provider';

const EMITTERS: Readonly<Record<ProviderId, Emitter>> = { 'istio': istio, 'gateway-api': gamma, 'linkerd': linkerd };

const ENGINES: Readonly<Record<EngineId, EngineEmitter>> = { 'flagger': flagger, 'argo-rollouts': argoRollouts, 'manual': () => [] };

export function emitterOf(provider: ProviderId): Emitter {
  return EMITTERS[provider];
}

/** What an engine is told of a canary, beside what the mesh is told of the service. */
export function canaryResources(engine: EngineId, provider: ProviderId): readonly Resource<CanaryNode, CanaryNode>[] {
  return ENGINES[engine](EMITTERS[provider].handover);
}

export const theJudge: Judge = judge;
