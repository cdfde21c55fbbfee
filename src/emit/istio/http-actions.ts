/** What an HTTP rule does with its requests, apart from retries and time limits. */
import type {
  VirtualServiceSpecHttp, VirtualServiceSpecHttpCorsPolicy, VirtualServiceSpecHttpFault, VirtualServiceSpecHttpHeadersRequest,
  VirtualServiceSpecHttpMirrors, VirtualServiceSpecHttpRedirect, VirtualServiceSpecHttpRewrite,
} from '../../../imports/networking.istio.io';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import {
  answersItself, type CorsPolicyNode, type FaultNode, type HeaderChanges, type MirrorNode, type RedirectNode, type RewriteNode, type RouteNode,
} from '../../model/route';
import { type Json, defined, duration, nonEmpty, nonEmptyObject } from '../json';
import { ownBackends } from '../own-backends';
import { destinationOf, destinations } from './destinations';
import { stringMatch } from './http-match';

export type HttpRule = Json<VirtualServiceSpecHttp>;

export function actions(model: MeshModel, service: ServiceNode, route: RouteNode, port: PortNode): HttpRule {
  const backends = route.backends.length > 0 ? route.backends : ownBackends(service);
  const forwarding: HttpRule = answersItself(route) ? {} : {
    route: destinations(model, backends, port),
    rewrite: route.rewrite && rewrite(route.rewrite),
    mirrors: nonEmpty(route.mirrors.map((mirror) => mirrorPolicy(model, mirror, port))),
    fault: route.fault && fault(route.fault),
  };
  return defined<HttpRule>({
    ...forwarding,
    redirect: route.redirect && redirect(route.redirect),
    directResponse: route.directResponse && {
      status: route.directResponse.status,
      ...(route.directResponse.body !== undefined && { body: { string: route.directResponse.body } }),
    },
    headers: nonEmptyObject({
      request: route.requestHeaders && headerOperations(route.requestHeaders),
      response: route.responseHeaders && headerOperations(route.responseHeaders),
    }),
    corsPolicy: route.cors && corsPolicy(route.cors),
  });
}

function redirect(node: RedirectNode): Json<VirtualServiceSpecHttpRedirect> {
  return defined<Json<VirtualServiceSpecHttpRedirect>>({
    uri: node.path, authority: node.authority, scheme: node.scheme, port: node.port, redirectCode: node.status,
  });
}

function rewrite(node: RewriteNode): Json<VirtualServiceSpecHttpRewrite> {
  return defined<Json<VirtualServiceSpecHttpRewrite>>({
    uri: node.path,
    uriRegexRewrite: node.pathRegex && { match: node.pathRegex.pattern, rewrite: node.pathRegex.substitution },
    authority: node.authority,
  });
}

function mirrorPolicy(model: MeshModel, mirror: MirrorNode, port: PortNode): Json<VirtualServiceSpecHttpMirrors> {
  return { destination: destinationOf(model, mirror, port), percentage: { value: mirror.percent } };
}

function headerOperations(changes: HeaderChanges): Json<VirtualServiceSpecHttpHeadersRequest> | undefined {
  return nonEmptyObject<Json<VirtualServiceSpecHttpHeadersRequest>>({
    set: nonEmptyObject(changes.set), add: nonEmptyObject(changes.add), remove: nonEmpty(changes.remove),
  });
}

function corsPolicy(node: CorsPolicyNode): Json<VirtualServiceSpecHttpCorsPolicy> {
  return defined<Json<VirtualServiceSpecHttpCorsPolicy>>({
    allowOrigins: node.origins.map(stringMatch),
    allowMethods: nonEmpty(node.methods),
    allowHeaders: nonEmpty(node.headers),
    exposeHeaders: nonEmpty(node.exposeHeaders),
    // The header that it becomes counts whole seconds, and Istio refuses anything finer.
    maxAge: node.maxAgeMs === undefined ? undefined : `${Math.ceil(node.maxAgeMs / 1000)}s`,
    allowCredentials: node.credentials,
  });
}

function fault(node: FaultNode): Json<VirtualServiceSpecHttpFault> {
  return defined<Json<VirtualServiceSpecHttpFault>>({
    delay: node.delay && { percentage: { value: node.delay.percent }, fixedDelay: duration(node.delay.ms) },
    abort: node.abort && defined({
      percentage: { value: node.abort.percent }, httpStatus: node.abort.httpStatus, grpcStatus: node.abort.grpcStatus,
    }),
  });
}
