/** The composition root: the one place that knows who renders and who judges. */
import { judge } from '../checks';
import { istio } from '../emit/istio';
import { Emitter, Judge } from '../model/contracts';
import { ProviderId } from '../model/provider';

const EMITTERS: Readonly<Record<ProviderId, Emitter>> = { istio };

export function emitterOf(provider: ProviderId): Emitter {
  return EMITTERS[provider];
}

export const theJudge: Judge = judge;
