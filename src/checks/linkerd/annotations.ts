/** Values of annotations on Services that Linkerd logs, and then leaves out. */
import type { ObjectNode } from '../../model/mesh-model';
import { isPlainDuration } from './grammar';
import { annotationsOf, wrongAnnotations } from './routes';
import { type Broken, shown } from './rule';

const ACCRUAL = 'balancer.linkerd.io/failure-accrual';

/** What a value has to be; undefined where it is. */
type Grammar = (value: string) => string | undefined;

const duration: Grammar = (value) => isPlainDuration(value) ? undefined : 'one whole number of ms, s, m, h or d, such as 90s';
const portList: Grammar = (value) => value.split(',').every((part) => {
  const [low, high, ...more] = part.trim().split('-').map((port) => /^\d{1,5}$/.test(port) ? Number(port) : NaN);
  return more.length === 0 && low >= 1 && low <= (high ?? low) && (high ?? low) <= 65_535;
}) ? undefined : 'numbers of ports and ranges of them: with a name in it the list is taken for an empty one';

const GRAMMARS: Readonly<Record<string, Grammar>> = {
  'config.linkerd.io/opaque-ports': portList,
  [ACCRUAL]: (value) => value === 'consecutive' || value === 'unified' ? undefined : 'consecutive or unified',
  [`${ACCRUAL}-consecutive-max-failures`]: (value) => /^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 ? undefined : 'a whole number',
  [`${ACCRUAL}-consecutive-min-penalty`]: duration,
  [`${ACCRUAL}-consecutive-max-penalty`]: duration,
  [`${ACCRUAL}-consecutive-jitter-ratio`]: (value) => /^\d+(\.\d+)?$/.test(value) && Number(value) <= 100 ? undefined : 'a number from 0 to 100',
};

/** Of a Service, or of the pods that a policy is about. */
export function ignoredValues(annotations: Readonly<Record<string, string>>): readonly Broken[] {
  return Object.entries(annotations).flatMap(([key, value]): Broken[] => {
    const expected = GRAMMARS[key]?.(value);
    return expected === undefined ? [] : [{ what: `has the annotation ${key} with ${shown(value)}`, fix: `Give ${expected}` }];
  });
}

export function ignoredOfService(object: ObjectNode): readonly Broken[] {
  const annotations = annotationsOf(object);
  const retries = Object.keys(annotations).filter((key) => key.startsWith('retry.linkerd.io/'));
  const conditions = retries.some((key) => key.endsWith('/http') || key.endsWith('/grpc'));
  return [
    ...wrongAnnotations(object), ...ignoredValues(annotations),
    ...retries.length > 0 && !conditions
      ? [{ what: `has the annotation ${retries[0]} without conditions, so no answer is repeated`, fix: 'Give conditions with retry.linkerd.io/http or retry.linkerd.io/grpc' }] : [],
  ];
}
