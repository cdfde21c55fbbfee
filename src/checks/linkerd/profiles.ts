/** What the webhook for ServiceProfiles refuses, although their schema takes it. */
import { list, number, record, records, text } from '../raw';
import { goDurationMs } from './grammar';
import { type Broken, type Json, type LinkerdRule, shown } from './rule';

function profile(name: string, broken: LinkerdRule['broken']): LinkerdRule {
  return { name, group: 'linkerd.io', kinds: ['ServiceProfile'], broken };
}

export const PROFILE_RULES: readonly LinkerdRule[] = [
  profile('profile-route', ({ routes }) => records(routes).flatMap(({ name, condition }, index): Broken[] => [
    ...text(name) === undefined ? [{ what: `has routes[${index}] without a name`, fix: 'Name it' }] : [],
    ...Object.keys(record(condition)).length === 0 ? [{ what: `has the route ${shown(name ?? index)} without a condition`, fix: 'Say method or pathRegex' }] : [],
  ])),
  profile('profile-not', ({ routes }) => records(routes).filter(({ condition }) => negates(condition))
    .map(({ name }) => ({ what: `has the route ${shown(name)} with condition.not, of which the schema and the webhook ask for different forms`, fix: 'Say the conditions without not' }))),
  profile('profile-timeout', ({ routes }) => records(routes).filter(({ timeout }) => timeout !== undefined && timeout !== '' && goDurationMs(String(timeout as string)) === undefined)
    .map(({ name, timeout }) => ({ what: `has the route ${shown(name)} with timeout ${shown(timeout)}`, fix: 'Give a duration such as 300ms' }))),
  profile('profile-status', ({ routes }) => records(routes).flatMap(({ name, condition, responseClasses }) => [
    ...statuses(condition), ...records(responseClasses).flatMap((one) => statuses(one.condition)),
  ].map((status) => ({ what: `has the route ${shown(name)} with status ${JSON.stringify(status)}`, fix: 'Give min and max from 100 to 599, min not above max' })))),
  profile('profile-budget', ({ retryBudget }) => {
    const { retryRatio, ttl } = record(retryBudget);
    return retryBudget === undefined ? [] : [
      ...typeof retryRatio === 'number' && retryRatio < 0 ? [{ what: `has retryBudget.retryRatio ${retryRatio}`, fix: 'Give 0 or more' }] : [],
      ...goDurationMs(String(ttl)) === undefined ? [{ what: `has retryBudget.ttl ${shown(ttl)}`, fix: 'Give a duration such as 10s' }] : [],
    ];
  }),
];

function negates(condition: unknown): boolean {
  const { not, all, any } = record(condition);
  return not !== undefined || [...list(all), ...list(any)].some(negates);
}

function statuses(condition: unknown): readonly Json[] {
  const { status, all, any } = record(condition);
  const { min, max } = record(status);
  const [low, high] = [number(min), number(max)];
  const outside = (value: number | undefined) => value !== undefined && (value < 100 || value > 599);
  const turned = low !== undefined && high !== undefined && low > high;
  const own = status !== undefined && (outside(low) || outside(high) || turned) ? [record(status)] : [];
  return [...own, ...[...list(all), ...list(any)].flatMap(statuses)];
}
