/** Which tokens a service takes: said to its waypoint, since the proxy of the node reads none. */
import type { RequestAuthenticationSpec } from '../../../imports/security.istio.io';
import { securityOf } from '../../model/access';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import { hasWaypoint } from '../../model/waypoint';
import { jwtRule } from '../istio/request-authentication';
import { SECURITY } from '../istio/security-api';
import type { Json } from '../json';
import { target } from './authorization';

type Spec = Json<RequestAuthenticationSpec>;

export const requestAuthentication: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'RequestAuthentication',
  apiVersion: SECURITY,
  kind: 'RequestAuthentication',
  exists: (declaration, mesh) => (declaration.security?.tokens.length ?? 0) > 0 && hasWaypoint(declaration, mesh),
  spec: (node): Spec => ({ ...target(node), jwtRules: securityOf(node).tokens.map(({ issuer }) => jwtRule(issuer)) }),
};
