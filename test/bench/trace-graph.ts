/** Call graphs with the shape of published microservice traces: a few hubs that many call, a long tail, depth up to 10. */
export interface TraceCall {
  readonly caller: number;
  readonly callee: number;
}

/** A small generator of its own, so that the same graph comes out everywhere (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Services stand in ten layers; a call leads to a later layer, and there to a popular service with Zipf's weight. */
export function traceGraph(services: number, calls: number, seed = 1): TraceCall[] {
  const draw = random(seed);
  const layers = 10;
  const layerOf = (service: number): number => Math.floor(service * layers / services);
  const firstOf = (layer: number): number => Math.ceil(layer * services / layers);
  const found = new Set<number>();
  const result: TraceCall[] = [];
  for (let tries = 0; result.length < calls && tries < calls * 20; tries++) {
    const caller = Math.floor(draw() * firstOf(layers - 1));
    const layer = Math.min(layers - 1, layerOf(caller) + 1 + Math.floor(draw() * draw() * 3));
    const size = firstOf(layer + 1) - firstOf(layer);
    if (size < 1 || layerOf(caller) >= layers - 1) {
      continue;
    }
    const callee = firstOf(layer) + Math.min(size - 1, Math.floor(size ** draw()) - 1);
    const key = caller * services + callee;
    if (callee > caller && !found.has(key)) {
      found.add(key);
      result.push({ caller, callee });
    }
  }
  return result;
}
