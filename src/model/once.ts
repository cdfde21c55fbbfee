/** What several readers of a model need, worked out once. */
import type { MeshModel } from './mesh-model';

export function oncePerModel<T>(work: (model: MeshModel) => T): (model: MeshModel) => T {
  const known = new WeakMap<MeshModel, { readonly result: T }>();
  return (model) => {
    const entry = known.get(model) ?? { result: work(model) };
    known.set(model, entry);
    return entry.result;
  };
}
