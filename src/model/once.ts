/** What several readers of a model need, worked out once. */
import type { MeshModel } from './mesh-model';

export function oncePerModel<T>(work: (model: MeshModel) => T): (model: MeshModel) => T {
  return remembered(work, new WeakMap());
}

const WHILE_JUDGED: WeakMap<MeshModel, unknown>[] = [];

/**
 * The same for what hardly anyone but checks reads: it goes when they are done, since that of thousands of services is a good part of the
 * memory of a synth. Whoever asks later gets it worked out again, and it then stays with the model.
 */
export function onceWhileJudged<T>(work: (model: MeshModel) => T): (model: MeshModel) => T {
  const known = new WeakMap<MeshModel, { readonly result: T }>();
  WHILE_JUDGED.push(known);
  return remembered(work, known);
}

/** The checks are done. */
export function forgetJudged(model: MeshModel): void {
  WHILE_JUDGED.forEach((known) => known.delete(model));
}

function remembered<T>(work: (model: MeshModel) => T, known: WeakMap<MeshModel, { readonly result: T }>): (model: MeshModel) => T {
  return (model) => {
    const entry = known.get(model) ?? { result: work(model) };
    known.set(model, entry);
    return entry.result;
  };
}
