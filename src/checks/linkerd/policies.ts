/** What Linkerd's policy controller refuses of its own kinds, although their schemas take it. */
import { list, record, records, text } from '../raw';
import { contains, isIdentity, networkOf } from './grammar';
import { type Broken, GATEWAY_GROUP, isGroup, isKind, type Json, type LinkerdRule, POLICY_GROUP, shown } from './rule';

const AUTHENTICATIONS = ['MeshTLSAuthentication', 'NetworkAuthentication'];
const MODES = ['all-unauthenticated', 'all-authenticated', 'cluster-unauthenticated', 'cluster-authenticated', 'deny', 'audit'];
const PROTOCOLS = ['unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS'];

function policy(name: string, kinds: readonly string[], broken: LinkerdRule['broken']): LinkerdRule {
  return { name, group: POLICY_GROUP, kinds, broken };
}

export const POLICY_RULES: readonly LinkerdRule[] = [
  policy('target-namespace', ['AuthorizationPolicy'], ({ targetRef }, { namespace }) => {
    const { group, kind, name } = record(targetRef);
    return isGroup(group, '') && isKind(kind, 'Namespace') && name !== namespace
      ? [{ what: `targets the namespace ${shown(name)}`, fix: `Target its own namespace, ${namespace ?? 'which it does not say'}` }] : [];
  }),
  policy('target-kind', ['AuthorizationPolicy'], ({ targetRef }) => {
    const { group, kind } = record(targetRef);
    const known = (isGroup(group, '') && isKind(kind, 'Namespace')) || (isGroup(group, POLICY_GROUP) && ['Server', 'HTTPRoute'].some((one) => isKind(kind, one)))
      || (isGroup(group, GATEWAY_GROUP) && ['HTTPRoute', 'GRPCRoute'].some((one) => isKind(kind, one)));
    return known ? [] : [{ what: `targets a ${shown(kind)}`, fix: 'Target a Server, a route of one with its group, or the own Namespace' }];
  }),
  policy('authentication-kinds', ['AuthorizationPolicy'], (spec) => refs(spec).filter((ref) => authentication(ref) === undefined)
    .map(({ kind }) => ({ what: `requires a ${shown(kind)}`, fix: `Name a ${AUTHENTICATIONS.join(', a ')} of group ${POLICY_GROUP}, or a ServiceAccount` }))),
  policy('one-mesh-tls', ['AuthorizationPolicy'], (spec) => atMostOne(spec, 'MeshTLSAuthentication')),
  policy('one-account', ['AuthorizationPolicy'], (spec) => atMostOne(spec, 'ServiceAccount')),
  policy('one-network', ['AuthorizationPolicy'], (spec) => atMostOne(spec, 'NetworkAuthentication')),
  policy('mesh-tls-or-account', ['AuthorizationPolicy'], (spec) => {
    const kinds = refs(spec).map(authentication);
    return kinds.includes('MeshTLSAuthentication') && kinds.includes('ServiceAccount')
      ? [{ what: 'requires a MeshTLSAuthentication and a ServiceAccount', fix: 'Name the account in the MeshTLSAuthentication' }] : [];
  }),
  policy('identity-form', ['MeshTLSAuthentication'], ({ identities }) => list(identities).filter((one) => typeof one !== 'string' || !isIdentity(one))
    .map((one) => ({ what: `has the identity ${shown(one)}`, fix: 'Give *, a DNS name with or without *. before it, or spiffe://trust.domain/path' }))),
  policy('identity-ref-kind', ['MeshTLSAuthentication'], ({ identityRefs }) => records(identityRefs)
    .filter(({ group, kind }) => !isGroup(group, '') || !['ServiceAccount', 'Namespace'].some((one) => isKind(kind, one)))
    .map(({ kind }) => ({ what: `has a reference to a ${shown(kind)}`, fix: 'Refer to a ServiceAccount or a Namespace' }))),
  policy('identity-ref-name', ['MeshTLSAuthentication'], ({ identityRefs }) => records(identityRefs).filter(({ name }) => text(name) === undefined)
    .map(({ kind }) => ({ what: `has a reference to a ${shown(kind)} without a name`, fix: 'Give the name' }))),
  policy('identity-ref-namespace', ['MeshTLSAuthentication'], ({ identityRefs }) => records(identityRefs)
    .filter(({ kind, namespace }) => isKind(kind, 'Namespace') && namespace !== undefined)
    .map(({ name, namespace }) => ({ what: `has a reference to the Namespace ${shown(name)} with namespace ${shown(namespace)}`, fix: 'Leave namespace out' }))),
  policy('some-network', ['NetworkAuthentication', 'EgressNetwork'], ({ networks }, { kind }) => networks !== undefined && list(networks).length === 0
    ? [{ what: 'has no networks', fix: kind === 'EgressNetwork' ? 'Name one, or leave networks out for all outside the cluster' : 'Name one; 0.0.0.0/0 and ::/0 are all' }] : []),
  policy('network-form', ['NetworkAuthentication', 'EgressNetwork'], ({ networks }) => networkForms(networks)),
  policy('exception-inside', ['NetworkAuthentication', 'EgressNetwork'], ({ networks }) => exceptions(networks)),
  policy('access-policy', ['Server'], ({ accessPolicy }) => accessPolicy === undefined || MODES.includes(accessPolicy as string) ? []
    : [{ what: `has accessPolicy ${shown(accessPolicy)}`, fix: `Give one of ${MODES.join(', ')}` }]),
  policy('proxy-protocol', ['Server'], ({ proxyProtocol }) => proxyProtocol === undefined || PROTOCOLS.includes(proxyProtocol as string) ? []
    : [{ what: `has proxyProtocol ${shown(proxyProtocol)}`, fix: `Give one of ${PROTOCOLS.join(', ')}` }]),
  policy('server-port', ['Server'], ({ port }) => typeof port === 'number' && !(Number.isInteger(port) && port >= 1 && port <= 65_535)
    ? [{ what: `has port ${port}`, fix: 'Give a number from 1 to 65535, or the name of a container\'s port' }] : []),
  policy('unauthenticated-client', ['ServerAuthorization'], ({ client }) => {
    const { unauthenticated, meshTLS } = record(client);
    return unauthenticated === true && meshTLS !== undefined
      ? [{ what: 'has client.unauthenticated beside client.meshTLS', fix: 'Leave unauthenticated out, or write a second ServerAuthorization' }] : [];
  }),
  policy('unauthenticated-tls', ['ServerAuthorization'], ({ client }) => {
    const { unauthenticatedTLS, identities, serviceAccounts } = record(record(client).meshTLS);
    return unauthenticatedTLS === true && (list(identities).length > 0 || list(serviceAccounts).length > 0)
      ? [{ what: 'has client.meshTLS.unauthenticatedTLS beside identities', fix: 'Leave one of the two out' }] : [];
  }),
  policy('client-network-form', ['ServerAuthorization'], ({ client }) => networkForms(record(client).networks)),
  policy('client-exception-inside', ['ServerAuthorization'], ({ client }) => exceptions(record(client).networks)),
  policy('rate-limit-target', ['HTTPLocalRateLimitPolicy'], ({ targetRef }) => {
    const { group, kind } = record(targetRef);
    return isGroup(group, POLICY_GROUP) && isKind(kind, 'Server') ? [] : [{ what: `targets a ${shown(kind)}`, fix: `Target a Server of group ${POLICY_GROUP}` }];
  }),
  policy('rate-positive', ['HTTPLocalRateLimitPolicy'], (spec) => rates(spec)
    .filter(({ rate }) => !(typeof rate === 'number' && Number.isInteger(rate) && rate > 0 && rate < 2 ** 32))
    .map(({ where, rate }) => ({ what: `has ${where}.requestsPerSecond ${shown(rate)}`, fix: 'Give a whole number above 0' }))),
  policy('rate-within-total', ['HTTPLocalRateLimitPolicy'], (spec) => {
    const total = record(spec.total).requestsPerSecond;
    return typeof total !== 'number' ? [] : rates(spec).filter(({ rate }) => typeof rate === 'number' && rate > total)
      .map(({ where, rate }) => ({ what: `has ${where}.requestsPerSecond ${shown(rate)}, above the total of ${total}`, fix: `Give ${total} at most, or raise the total` }));
  }),
  policy('rate-override-kind', ['HTTPLocalRateLimitPolicy'], ({ overrides }) => records(overrides).flatMap(({ clientRefs }) => records(clientRefs))
    .filter(({ group, kind }) => !isGroup(group, '') || !isKind(kind, 'ServiceAccount')).map(({ kind }) => ({ what: `has an override for a ${shown(kind)}`, fix: 'Name ServiceAccounts' }))),
];

function refs(spec: Json): readonly Json[] {
  return records(spec.requiredAuthenticationRefs);
}

function authentication({ group, kind }: Json): string | undefined {
  const own = isGroup(group, POLICY_GROUP) ? AUTHENTICATIONS.find((one) => isKind(kind, one)) : undefined;
  return own ?? (isGroup(group, '') && isKind(kind, 'ServiceAccount') ? 'ServiceAccount' : undefined);
}

function atMostOne(spec: Json, kind: string): readonly Broken[] {
  const found = refs(spec).filter((ref) => authentication(ref) === kind);
  return found.length < 2 ? [] : [{
    what: `requires ${found.length} of kind ${kind}: ${found.map(({ name }) => shown(name)).join(', ')}`,
    fix: kind === 'ServiceAccount' ? 'Name the accounts in one MeshTLSAuthentication' : 'Join them, or write one policy for each',
  }];
}

function networkForms(networks: unknown): readonly Broken[] {
  return records(networks).flatMap(({ cidr, except }) => [cidr, ...list(except)]).filter((one) => typeof one !== 'string' || networkOf(one) === undefined)
    .map((one) => ({ what: `has the network ${shown(one)}`, fix: 'Give an IP address or a CIDR block, for instance 10.1.0.0/16' }));
}

function exceptions(networks: unknown): readonly Broken[] {
  return records(networks).flatMap(({ cidr, except }) => list(except).flatMap((one): Broken[] => {
    const [whole, part] = [cidr, one].map((text_) => networkOf(String(text_)));
    if (whole === undefined || part === undefined) {
      return [];
    }
    if (contains(part, whole)) {
      return [{ what: `excepts ${shown(one)} from ${shown(cidr)}, which leaves nothing`, fix: 'Except a part of it' }];
    }
    return contains(whole, part) ? [] : [{ what: `excepts ${shown(one)} from ${shown(cidr)}, which does not hold it`, fix: 'Except a part of it' }];
  }));
}

function rates({ total, identity, overrides }: Json): readonly { readonly where: string; readonly rate: unknown }[] {
  return [
    ...total === undefined ? [] : [{ where: 'total', rate: record(total).requestsPerSecond }],
    ...identity === undefined ? [] : [{ where: 'identity', rate: record(identity).requestsPerSecond }],
    ...records(overrides).map(({ requestsPerSecond }, index) => ({ where: `overrides[${index}]`, rate: requestsPerSecond })),
  ];
}
