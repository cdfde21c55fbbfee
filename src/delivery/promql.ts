/** Whether Prometheus could read a query, by the grammar that Prometheus publishes for its own editor. */
import { substituted } from '../model/gate-query';

/** The part of the parser that is used. It is loaded only where a program has a query of its own. */
interface Grammar {
  readonly parser: {
    parse(text: string): { iterate(spec: { enter(node: { readonly type: { readonly isError: boolean }; readonly from: number }): void }): void };
  };
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
  let error: number | undefined;
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError && error === undefined) {
        error = node.from;
      }
    },
  });
  return error === undefined ? undefined : `Prometheus cannot read it at ${error >= text.trimEnd().length ? 'its end' : `"${text.slice(error, error + 20)}"`}`;
}
