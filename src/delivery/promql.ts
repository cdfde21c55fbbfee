/** Whether Prometheus could read a query, by the grammar that Prometheus publishes for its own editor, and whether its answer is a number. */
import { substituted } from '../model/gate-query';

/** The part of the parser that is used. It is loaded only where a program has a query of its own. */
interface Grammar {
  readonly parser: { parse(text: string): { iterate(spec: { enter(node: Cursor): void }): void; readonly topNode: Node } };
}

interface Cursor {
  readonly type: { readonly isError: boolean };
  readonly from: number;
}

interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}

/** What stands in for the values that the engine fills in. */
const SAMPLE = { namespace: 'shop', pods: 'orders-[a-z0-9]+-[a-z0-9]{5}', window: '1m' };

/** Why the query is refused; undefined where it can be read. */
export function refusedPromql(query: string): string | undefined {
  if (query.trim() === '') {
    return 'it is empty';
  }
  if (query.includes('{{')) {
    return 'the engines read two braces in a row as a template';
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { parser } = require('@prometheus-io/lezer-promql') as Grammar;
  const text = substituted(query, SAMPLE);
  const tree = parser.parse(text);
  let error: number | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError && error === undefined) {
        error = node.from;
      }
    },
  });
  if (error !== undefined) {
    return `Prometheus cannot read it at ${error >= text.trimEnd().length ? 'its end' : `"${text.slice(error, error + 20)}"`}`;
  }
  const whole = children(tree.topNode).find(({ name }) => name !== 'LineComment')!;
  return refusedTypes(whole, text) ?? ANSWERS[answerOf(whole)];
}

type AnswerType = 'number' | 'range' | 'text';

const ANSWERS: Readonly<Record<AnswerType, string | undefined>> = {
  number: undefined, range: 'its answer is a series of values over time, not a number', text: 'its answer is a text, not a number',
};

/** Expressions that are of the type of what they hold. */
const WRAPPERS: ReadonlySet<string> = new Set(['ParenExpr', 'OffsetExpr', 'StepInvariantExpr']);
/** Functions that read values over time, beside those that say so in their name. */
const OVER_TIME: ReadonlySet<string> = new Set([
  'rate', 'irate', 'increase', 'delta', 'idelta', 'deriv', 'predict_linear', 'resets', 'changes', 'holt_winters', 'double_exponential_smoothing',
]);

function answerOf(node: Node): AnswerType {
  if (WRAPPERS.has(node.name)) {
    return answerOf(children(node)[0]);
  }
  return node.name === 'MatrixSelector' || node.name === 'SubqueryExpr' ? 'range' : node.name === 'StringLiteral' ? 'text' : 'number';
}

/** What the grammar lets pass and Prometheus refuses: values over time where it wants one value, and the other way round. */
function refusedTypes(node: Node, text: string): string | undefined {
  const parts = children(node);
  const shown = (part: Node) => text.slice(part.from, part.to);
  if (node.name === 'FunctionCall') {
    const name = shown(parts[0]);
    const given = children(parts[1]);
    const ranges = given.filter((part) => answerOf(part) === 'range');
    const wanted = OVER_TIME.has(name) || name.endsWith('_over_time');
    if (wanted && ranges.length === 0) {
      const selector = given.find((part) => part.name === 'VectorSelector');
      return `${name} reads values over time: write a window such as [$window] behind ${selector === undefined ? 'a selector' : shown(selector)}`;
    }
    if (!wanted && ranges.length > 0) {
      return `${name} does not read values over time, such as ${shown(ranges[0])}`;
    }
  } else if (node.name === 'BinaryExpr' || node.name === 'AggregateExpr') {
    const range = (node.name === 'BinaryExpr' ? parts : parts.filter(({ name }) => name === 'FunctionCallBody').flatMap(children))
      .find((part) => answerOf(part) === 'range');
    if (range !== undefined) {
      return `it calculates with values over time, ${shown(range)}: wrap them in a function such as rate or avg_over_time`;
    }
  }
  for (const part of parts) {
    const refused = refusedTypes(part, text);
    if (refused !== undefined) {
      return refused;
    }
  }
  return undefined;
}

function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    found.push(child);
  }
  return found;
}
