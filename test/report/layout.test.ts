import { App } from 'cdk8s';
import { build as onlineBoutique } from '../../examples/online-boutique/app';
import { callDrawing } from '../../src/report/graph/call-drawing';
import { figureOf } from '../../src/report/graph/figure';
import { EdgeToPlace, layOut, Size } from '../../src/report/graph/layout';
import { shortened, textWidth } from '../../src/report/graph/text-width';
import { Subject } from '../../src/report/subject';
import fc from '../support/fc';
import { fortyOne } from './forty-one';
import { boxesOf, crossings, layoutOf, overlaps } from './geometry';

const size = (width: number, height = 48): Size => ({ width, height });

const boxes = fc.record({ width: fc.integer({ min: 40, max: 260 }), height: fc.integer({ min: 30, max: 70 }) });
const labels = fc.record({ width: fc.integer({ min: 20, max: 120 }), height: fc.integer({ min: 14, max: 46 }) });

/** Graphs with cycles, islands and labels, each pair of nodes at most once and none with itself. */
const graphs = fc.integer({ min: 1, max: 24 }).chain((count) => fc.record({
  nodes: fc.array(boxes, { minLength: count, maxLength: count }),
  edges: fc.uniqueArray(fc.record({ from: fc.nat(count - 1), to: fc.nat(count - 1), label: fc.option(labels) }), {
    maxLength: 3 * count, selector: ({ from, to }) => `${from} ${to}`,
  }),
})).map(({ nodes, edges }) => ({
  nodes: new Map(nodes.map((one, index) => [`n${index}`, one])),
  edges: edges.filter(({ from, to }) => from !== to)
    .map(({ from, to, label }): EdgeToPlace => ({ from: `n${from}`, to: `n${to}`, label: label ?? undefined })),
}));

describe('any graph', () => {
  test('has no box or label upon another', () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => overlaps(boxesOf(layOut(nodes, edges))).length === 0), { numRuns: 60 });
  });

  test('has no line through a box or a label that is not its own', () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => {
      expect(crossings(layOut(nodes, edges))).toEqual([]);
    }), { numRuns: 60 });
  });

  test('lies within its own size', () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => {
      const layout = layOut(nodes, edges);
      return boxesOf(layout).every(([, { x, y, width, height }]) =>
        x - width / 2 >= 0 && y - height / 2 >= 0 && x + width / 2 <= layout.width && y + height / 2 <= layout.height);
    }), { numRuns: 50 });
  });

  test('has the same layout twice', () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => {
      expect(layOut(nodes, edges)).toEqual(layOut(nodes, edges));
    }), { numRuns: 30 });
  });

  test('has lines that begin and end at the sides of their boxes', () => {
    fc.assert(fc.property(graphs, ({ nodes, edges }) => {
      const layout = layOut(nodes, edges);
      for (const { from, to, line } of layout.edges) {
        const [a, b] = [layout.nodes.get(from)!, layout.nodes.get(to)!];
        const end = line.stretches[line.stretches.length - 1];
        expect(Math.abs(Math.abs(line.start.x - a.x) - a.width / 2)).toBeLessThan(0.01);
        expect(Math.abs(Math.abs(end.x - b.x) - b.width / 2)).toBeLessThan(0.01);
        expect(Math.abs(line.start.y - a.y)).toBeLessThanOrEqual(a.height / 2);
        expect(Math.abs(end.y - b.y)).toBeLessThanOrEqual(b.height / 2);
      }
    }), { numRuns: 50 });
  });
});

test('callers stand left of their callees', () => {
  const nodes = new Map(['web', 'orders', 'ledger'].map((name) => [name, size(100)]));
  const { nodes: placed } = layOut(nodes, [{ from: 'web', to: 'orders' }, { from: 'orders', to: 'ledger' }, { from: 'web', to: 'ledger' }]);
  expect([...placed].sort(([, a], [, b]) => a.x - b.x).map(([id]) => id)).toEqual(['web', 'orders', 'ledger']);
});

describe.each([['online-boutique', onlineBoutique, 13], ['forty-one', fortyOne, 44]] as const)('%s', (_, build, count) => {
  const figure = figureOf(callDrawing(new Subject(build(new App())._judgement()), 'calls')!);

  test('has no overlaps, and no line through a box', () => {
    expect(figure.nodes).toHaveLength(count);
    expect(overlaps(boxesOf(layoutOf(figure)))).toEqual([]);
    expect(crossings(layoutOf(figure))).toEqual([]);
  });

  test('keeps every badge in its box', () => {
    for (const { x, y, width, height, badges } of figure.nodes) {
      for (const badge of badges) {
        expect(badge.x).toBeGreaterThanOrEqual(x - width / 2);
        expect(badge.x + badge.width).toBeLessThanOrEqual(x + width / 2);
        expect(badge.y).toBeGreaterThanOrEqual(y - height / 2);
        expect(badge.y + badge.height).toBeLessThanOrEqual(y + height / 2);
      }
    }
  });
});

test('a long name loses its middle, and is never made longer', () => {
  expect(shortened('orders', 34)).toBe('orders');
  expect(shortened('a'.repeat(34), 34)).toBe('a'.repeat(34));
  expect(shortened(`${'a'.repeat(30)}${'b'.repeat(30)}`, 11)).toBe('aaaaaa…bbbb');
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 40 }), (text, most) => [...shortened(text, most)].length <= Math.max(most, 3)));
});

test('more characters never take less room', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => textWidth(a + b, 14) >= textWidth(a, 14)));
  expect(textWidth('mmm', 14, true)).toBeGreaterThan(textWidth('mmm', 14));
});
