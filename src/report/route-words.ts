/** Routes in words: which requests, and what becomes of them. */
import type {
  BackendNode, CorsPolicyNode, FaultNode, HeaderChanges, MirrorNode, RedirectNode, RewriteNode, RouteMatchNode, RouteNode, StringMatch, ValueMatch,
} from '../model/route';
import { time } from '../model/text';

/** How a service is called in the report. */
type Label = (id: string) => string;

export function matchWords(matches: readonly RouteMatchNode[], label: Label): string {
  return matches.length === 0 ? 'every request' : matches.map((match) => oneMatch(match, label)).join('; or ');
}

function oneMatch(match: RouteMatchNode, label: Label): string {
  const parts = [
    match.method === undefined ? '' : `method ${text(match.method)}`,
    match.path === undefined ? '' : `path ${text(match.path)}${match.ignorePathCase ? ' in any case' : ''}`,
    ...Object.entries(match.headers).map(([name, value]) => `header ${name} ${matchText(value)}`),
    ...Object.entries(match.query).map(([name, value]) => `query ${name} ${matchText(value)}`),
    match.caller === undefined ? '' : `from ${label(match.caller)}`,
    match.port === undefined ? '' : `port ${match.port}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'every request' : parts.join(', ');
}

function text(match: StringMatch): string {
  return match.kind === 'exact' ? match.value : match.kind === 'prefix' ? `${match.value}…` : `matching ${match.value}`;
}

export function matchText(match: ValueMatch): string {
  return match.kind === 'present' || match.kind === 'absent' ? match.kind : `= ${text(match)}`;
}

export function targetWords(route: RouteNode, own: string, label: Label): string {
  if (route.redirect !== undefined) {
    return redirectWords(route.redirect);
  }
  if (route.directResponse !== undefined) {
    return `answered with ${route.directResponse.status}`;
  }
  return route.backends.length === 0 ? 'as the service splits' : route.backends.map((backend) => backendWords(backend, own, label)).join(', ');
}

function backendWords({ service, subset, port, weight }: BackendNode, own: string, label: Label): string {
  return `${destination({ service, subset, port }, own, label)} ${weight} %`;
}

function destination({ service, subset, port }: Pick<MirrorNode, 'service' | 'subset' | 'port'>, own: string, label: Label): string {
  const where = service === own ? subset ?? label(service) : [label(service), subset].filter((part) => part !== undefined).join(' ');
  return port === undefined ? where : `${where} port ${port}`;
}

function redirectWords({ status, scheme, authority, port, path }: RedirectNode): string {
  const parts = [
    scheme === undefined ? '' : `scheme ${scheme}`, authority === undefined ? '' : `host ${authority}`, port === undefined ? '' : `port ${port}`,
    path === undefined ? '' : `path ${path}`,
  ].filter((part) => part !== '');
  return `redirected with ${status} to ${parts.join(', ')}`;
}

/** What else happens to its requests. */
export function actionWords(route: RouteNode, own: string, label: Label): string {
  return [
    ...route.rewrite === undefined ? [] : [rewriteWords(route.rewrite)],
    ...route.mirrors.map((mirror) => `${mirror.percent} % mirrored to ${destination(mirror, own, label)}`),
    ...headerWords(route.requestHeaders, 'request'),
    ...headerWords(route.responseHeaders, 'response'),
    ...route.cors === undefined ? [] : [corsWords(route.cors)],
    ...route.fault === undefined ? [] : faultWords(route.fault),
  ].join('; ');
}

function rewriteWords({ path, pathRegex, authority }: RewriteNode): string {
  const parts = [
    path === undefined ? '' : `path to ${path}`,
    pathRegex === undefined ? '' : `path from ${pathRegex.pattern} to ${pathRegex.substitution}`,
    authority === undefined ? '' : `host to ${authority}`,
  ].filter((part) => part !== '');
  return `rewrites ${parts.join(', ')}`;
}

function headerWords(changes: HeaderChanges | undefined, which: string): readonly string[] {
  if (changes === undefined) {
    return [];
  }
  const parts = [
    ...Object.entries(changes.set).map(([name, value]) => `sets ${name}: ${value}`),
    ...Object.entries(changes.add).map(([name, value]) => `adds ${name}: ${value}`),
    ...changes.remove.map((name) => `removes ${name}`),
  ];
  return parts.length === 0 ? [] : [`${which} headers: ${parts.join(', ')}`];
}

function corsWords({ origins, methods }: CorsPolicyNode): string {
  return `CORS for ${origins.map(text).join(', ')}${methods.length === 0 ? '' : ` (${methods.join(', ')})`}`;
}

function faultWords({ delay, abort }: FaultNode): readonly string[] {
  return [
    ...delay === undefined ? [] : [`delays ${delay.percent} % by ${time(delay.ms)}`],
    ...abort === undefined ? [] : [`aborts ${abort.percent} % with ${abort.httpStatus ?? `gRPC ${abort.grpcStatus ?? ''}`}`],
  ];
}
