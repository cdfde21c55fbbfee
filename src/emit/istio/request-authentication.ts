/** Which tokens a service takes. A request without any passes here: that it needs one is said by a denial. */
import type { RequestAuthenticationSpec, RequestAuthenticationSpecJwtRules } from '../../../imports/security.istio.io';
import { securityOf } from '../../model/access';
import type { Resource } from '../../model/contracts';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { TokenIssuerNode } from '../../model/security';
import { type Json, defined, duration, nonEmpty } from '../json';
import { hasProxies, SECURITY, selector } from './security-api';

type Spec = Json<RequestAuthenticationSpec>;
type JwtRule = Json<RequestAuthenticationSpecJwtRules>;

export const requestAuthentication: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'RequestAuthentication',
  apiVersion: SECURITY,
  kind: 'RequestAuthentication',
  exists: (declaration) => hasProxies(declaration) && (declaration.security?.tokens.length ?? 0) > 0,
  spec: (node): Spec => ({ ...selector(node), jwtRules: securityOf(node).tokens.map(({ issuer }) => jwtRule(issuer)) }),
};

export function jwtRule(node: TokenIssuerNode): JwtRule {
  return defined<JwtRule>({
    issuer: node.issuer,
    audiences: node.audiences,
    jwksUri: node.jwksUri,
    jwks: node.jwks,
    fromHeaders: nonEmpty(node.fromHeaders.map((header) => defined(header))),
    fromParams: nonEmpty(node.fromParams),
    fromCookies: nonEmpty(node.fromCookies),
    outputClaimToHeaders: nonEmpty(Object.entries(node.claimsToHeaders).map(([header, claim]) => ({ header, claim }))),
    outputPayloadToHeader: node.payloadToHeader,
    forwardOriginalToken: node.forwardToken ? true : undefined,
    spaceDelimitedClaims: nonEmpty(node.spaceDelimitedClaims),
    timeout: node.timeoutMs === undefined ? undefined : duration(node.timeoutMs),
  });
}
