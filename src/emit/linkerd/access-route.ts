/** Routes of a Server, for callers that may send some requests alone. */
import type { HttpRouteSpec, HttpRouteSpecRulesMatches } from '../../../imports/policy.linkerd.io';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { type Json, defined, nonEmpty } from '../json';
import { accessOf, type Match, MATCHES_PER_RULE } from './access';
import { POLICY_GROUP, POLICY_ROUTE } from './api';
import { isGuarded } from './server';

type Spec = Json<HttpRouteSpec>;

export const accessRoute: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'AccessRoute',
  apiVersion: POLICY_ROUTE,
  kind: 'HTTPRoute',
  exists: isGuarded,
  late: (node, model) => accessOf(model, node).routes.map(({ key }) => key),
  spec: (node, model, key): Spec => {
    const { server, hostnames, matches } = accessOf(model, node).routes.find((one) => one.key === key)!;
    return defined<Spec>({
      // Without group and kind it would be attached to a gateway, so to nothing.
      parentRefs: [{ group: POLICY_GROUP, kind: 'Server', name: `${node.name}-${server}` }],
      hostnames: nonEmpty(hostnames),
      rules: rules(matches),
    });
  },
};

function rules(matches: readonly Match[]): Spec['rules'] {
  return Array.from({ length: Math.ceil(matches.length / MATCHES_PER_RULE) }, (_, index) => ({
    matches: matches.slice(index * MATCHES_PER_RULE, (index + 1) * MATCHES_PER_RULE) as readonly Json<HttpRouteSpecRulesMatches>[],
  }));
}
