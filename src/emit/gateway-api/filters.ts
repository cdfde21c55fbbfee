/** What a rule does with its requests beside sending them on. */
import type {
  HttpRouteSpecRulesFilters, HttpRouteSpecRulesFiltersCors, HttpRouteSpecRulesFiltersRequestHeaderModifier, HttpRouteSpecRulesFiltersRequestMirror,
  HttpRouteSpecRulesFiltersRequestRedirect, HttpRouteSpecRulesFiltersUrlRewrite,
} from '../../../imports/gateway.networking.k8s.io';
import type { MeshModel, PortNode } from '../../model/mesh-model';
import type { CorsPolicyNode, HeaderChanges, MirrorNode, RedirectNode, RewriteNode, RouteMatchNode, RouteNode } from '../../model/route';
import { type Json, defined, nonEmpty } from '../json';
import { backendRef } from './backends';

export type HttpFilter = Json<HttpRouteSpecRulesFilters>;

/** @param match the rule's one match, where the rewrite depends on it */
export function httpFilters(
  model: MeshModel, route: RouteNode, port: PortNode, home: string | undefined, match: RouteMatchNode | undefined,
): readonly HttpFilter[] {
  const forwards = route.redirect === undefined;
  return [
    ...headerFilters(route),
    ...route.redirect === undefined ? [] : [{ type: 'RequestRedirect' as const, requestRedirect: redirect(route.redirect) }],
    ...forwards && (route.rewrite?.path !== undefined || route.rewrite?.authority !== undefined)
      ? [{ type: 'URLRewrite' as const, urlRewrite: rewrite(route.rewrite, match) }] : [],
    ...forwards ? mirrorFilters(model, route, port, home) : [],
    ...route.cors === undefined ? [] : [{ type: 'CORS' as const, cors: cors(route.cors) }],
  ];
}

/** Those that a GRPCRoute has, too. */
export function headerFilters({ requestHeaders, responseHeaders }: RouteNode): readonly Pick<HttpFilter, 'requestHeaderModifier' | 'responseHeaderModifier' | 'type'>[] {
  return [
    ...requestHeaders === undefined ? [] : [{ type: 'RequestHeaderModifier' as const, requestHeaderModifier: modifier(requestHeaders) }],
    ...responseHeaders === undefined ? [] : [{ type: 'ResponseHeaderModifier' as const, responseHeaderModifier: modifier(responseHeaders) }],
  ];
}

export function mirrorFilters(model: MeshModel, { mirrors }: RouteNode, port: PortNode, home: string | undefined): readonly Pick<HttpFilter, 'requestMirror' | 'type'>[] {
  return mirrors.map((one) => ({ type: 'RequestMirror' as const, requestMirror: mirror(model, one, port, home) }));
}

/** Where the rewrite replaces a prefix, which prefix it was must be one. */
export function replacesPrefix({ rewrite: node }: Pick<RouteNode, 'rewrite'>, match: RouteMatchNode | undefined): boolean {
  return node?.path !== undefined && match?.ignorePathCase !== true && (match?.path === undefined || match.path.kind === 'prefix');
}

function modifier(changes: HeaderChanges): Json<HttpRouteSpecRulesFiltersRequestHeaderModifier> {
  const list = (values: Readonly<Record<string, string>>) => nonEmpty(Object.entries(values).map(([name, value]) => ({ name, value })));
  return defined({ set: list(changes.set), add: list(changes.add), remove: nonEmpty(changes.remove) });
}

function redirect({ path, authority, scheme, port, status }: RedirectNode): Json<HttpRouteSpecRulesFiltersRequestRedirect> {
  const [hostname, own] = authority?.split(':', 2) ?? [];
  return defined<Json<HttpRouteSpecRulesFiltersRequestRedirect>>({
    scheme: scheme as 'http' | 'https' | undefined,
    hostname,
    port: port ?? (own === undefined ? undefined : Number(own)),
    path: path === undefined ? undefined : { type: 'ReplaceFullPath', replaceFullPath: path },
    statusCode: status,
  });
}

function rewrite(node: RewriteNode, match: RouteMatchNode | undefined): Json<HttpRouteSpecRulesFiltersUrlRewrite> {
  return defined<Json<HttpRouteSpecRulesFiltersUrlRewrite>>({
    hostname: node.authority,
    path: node.path === undefined ? undefined : replacesPrefix({ rewrite: node }, match)
      ? { type: 'ReplacePrefixMatch', replacePrefixMatch: node.path } : { type: 'ReplaceFullPath', replaceFullPath: node.path },
  });
}

/** Whole percents are percents; others are fractions of whole numbers. */
function mirror(model: MeshModel, node: MirrorNode, port: PortNode, home: string | undefined): Json<HttpRouteSpecRulesFiltersRequestMirror> {
  const { weight: _, filters: __, ...ref } = backendRef(model, node, port, home);
  if (Number.isInteger(node.percent)) {
    return node.percent === 100 ? { backendRef: ref } : { backendRef: ref, percent: node.percent };
  }
  return { backendRef: ref, fraction: { numerator: Math.round(node.percent * 10_000), denominator: 1_000_000 } };
}

function cors(node: CorsPolicyNode): Json<HttpRouteSpecRulesFiltersCors> {
  return defined<Json<HttpRouteSpecRulesFiltersCors>>({
    allowOrigins: node.origins.map(({ value }) => value),
    allowMethods: nonEmpty(node.methods) as Json<HttpRouteSpecRulesFiltersCors>['allowMethods'],
    allowHeaders: nonEmpty(node.headers),
    exposeHeaders: nonEmpty(node.exposeHeaders),
    maxAge: node.maxAgeMs === undefined ? undefined : Math.ceil(node.maxAgeMs / 1000),
    allowCredentials: node.credentials,
  });
}
