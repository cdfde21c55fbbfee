/**
 * What an engine is handed that writes the HTTPRoute of a service in our place. The rule stands in the words of the engine's resource, which are
 * those of Istio's own API.
 */
import type { Handover } from '../../model/contracts';
import { httpPorts } from '../../model/effective';
import { onlyRoute } from '../../model/engine-capability';
import type { MeshModel, PortNode, ServiceNode } from '../../model/mesh-model';
import type { CorsPolicyNode, HeaderChanges, RewriteNode } from '../../model/route';
import { defined, nonEmpty, nonEmptyObject } from '../json';
import type { GatewayApiDialect, Limits } from './dialect';
import { replacesPrefix } from './filters';
import { limitsOf } from './layout';
import { parentRef } from './parent';

/** The version of Gateway API's routes that Flagger is asked to write. */
const FLAGGER_PROVIDER = 'gatewayapi:v1';

/** What the definition of an HTTPRoute fills in. Flagger takes a value that it did not write for a change, and begins with its first share again. */
const CORS_MAX_AGE_MS = 5000;

export function routeHandover(dialect: GatewayApiDialect): Handover {
  const limits = (model: MeshModel, service: ServiceNode, port: PortNode): Limits => limitsOf(service, port, onlyRoute(service), model.mesh);
  return {
    provider: { 'flagger': FLAGGER_PROVIDER, 'argo-rollouts': undefined, 'manual': undefined },
    appProtocol: dialect.appProtocol,
    rule: (model, service) => {
      const [port] = httpPorts(service);
      const { requestHeaders, responseHeaders, cors, rewrite } = onlyRoute(service) ?? {};
      return defined({
        timeout: port && dialect.limitFields(limits(model, service, port), model.mesh).timeouts?.request,
        headers: nonEmptyObject({
          request: requestHeaders && headerChanges(requestHeaders), response: responseHeaders && headerChanges(responseHeaders),
        }),
        corsPolicy: cors && corsPolicy(cors),
        rewrite: rewrite && rewriting(rewrite),
      });
    },
    route: (model, service) => {
      const [port] = httpPorts(service);
      return {
        parents: port === undefined ? [] : [parentRef(service, port, service.namespace)],
        annotations: port && dialect.annotations ? dialect.annotations.of(limits(model, service, port), 'HTTPRoute') : {},
      };
    },
    policy: () => ({}),
    weightedRules: () => [],
  };
}

function headerChanges({ set, add, remove }: HeaderChanges): object | undefined {
  return nonEmptyObject({ set: nonEmptyObject(set), add: nonEmptyObject(add), remove: nonEmpty(remove) });
}

/** Origins are texts there; others are findings. */
function corsPolicy({ origins, methods, headers, exposeHeaders, maxAgeMs = CORS_MAX_AGE_MS, credentials }: CorsPolicyNode): object {
  return defined({
    allowOrigin: origins.map(({ value }) => value),
    allowMethods: nonEmpty(methods),
    allowHeaders: nonEmpty(headers),
    exposeHeaders: nonEmpty(exposeHeaders),
    maxAge: `${Math.ceil(maxAgeMs / 1000)}s`,
    allowCredentials: credentials,
  });
}

function rewriting(rewrite: RewriteNode): object {
  return defined({
    uri: rewrite.path,
    authority: rewrite.authority,
    type: rewrite.path === undefined ? undefined : replacesPrefix({ rewrite }, undefined) ? 'ReplacePrefixMatch' : 'ReplaceFullPath',
  });
}
