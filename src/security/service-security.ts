/** What a service says of its own protection, in the order in which it is said. */
import { IConstruct } from 'constructs';
import { ICallee, refuseStranger } from '../mesh/callee';
import { narrowing, refuse, wholeNumber } from '../mesh/invalid';
import type { ServiceMember } from '../mesh/members';
import type { Mesh } from '../mesh/mesh';
import { CallNode, PortNode } from '../model/mesh-model';
import { PROTOCOLS } from '../model/protocol';
import {
  AccessRuleNode, ExternalAuthorizationNode, isPathPattern, NO_SECURITY, PlaintextNode, PrincipalNode, ServiceSecurityNode, TokenRequirementNode,
} from '../model/security';
import { AccessOptions, scopeNode } from './access-options';
import { exceptionNode, reasonOf } from './exception';
import { ExternalAuthorizationOptions, ExternalAuthorizer } from './external-authorizer';
import { JwtIssuer } from './jwt-issuer';
import { JwtOptions } from './jwt-options';
import { MtlsMode } from './mtls-mode';
import { PlaintextOptions } from './plaintext-options';
import { networks, Principal } from './principal';
import { rulePath } from './request-text';

/** The service that is protected. */
interface Guarded extends ICallee {
  readonly mesh: Mesh;
}

/** Whether a call names the requests that it sends: by methods, paths, or an operation that stands for some. */
export function namesRequests({ operation, methods, paths }: CallNode): boolean {
  return operation !== undefined || methods !== undefined || paths !== undefined;
}

export class ServiceSecurity {
  private readonly allowed: AccessRuleNode[] = [];
  private readonly denied: AccessRuleNode[] = [];
  private readonly tokens: TokenRequirementNode[] = [];
  private readonly external: ExternalAuthorizationNode[] = [];
  private readonly plaintext: PlaintextNode[] = [];
  private callsName = false;
  private callsRead = false;

  public constructor(private readonly service: Guarded, private readonly ports: readonly PortNode[]) {}

  public get node(): ServiceSecurityNode {
    if (!this.callsName && [this.allowed, this.denied, this.tokens, this.external, this.plaintext].every((rules) => rules.length === 0)) {
      return NO_SECURITY;
    }
    const paths = [...this.allowed, ...this.denied, ...this.external].flatMap((rule) => rule.paths)
      .concat(...[...this.tokens, ...this.external].map((rule) => rule.publicPaths));
    return {
      allow: [...this.allowed], deny: [...this.denied], tokens: [...this.tokens], external: [...this.external], plaintext: [...this.plaintext],
      // A denied path is dodged by another spelling of it even where it is exact.
      pathRules: this.callsName || paths.some(isPathPattern) || this.denied.some((rule) => rule.paths.length > 0),
    };
  }

  /** Some caller named the requests that it sends. */
  public get calledByRequest(): boolean {
    return this.callsRead;
  }

  /** A call names the requests that it sends. */
  public readCall({ operation, paths }: CallNode): void {
    this.callsName ||= operation !== undefined || paths !== undefined;
    this.callsRead = true;
  }

  public allow(principal: Principal, options: AccessOptions): void {
    this.allowed.push(this.rule('allow', principal, options));
  }

  public deny(principal: Principal, options: AccessOptions): void {
    this.denied.push(this.rule('deny', principal, options));
  }

  public requireJwt(issuer: JwtIssuer, options: JwtOptions): void {
    const { service } = this;
    const node: TokenRequirementNode = {
      origin: service.node.path,
      issuer: issuer._node(),
      ports: (narrowing(service, 'requireJwt.ports', options.ports) ?? []).map((port) => wholeNumber(service, 'requireJwt.ports', port, 1, 65535)),
      publicPaths: (options.publicPaths ?? []).map((path) => rulePath(service, 'requireJwt.publicPaths', path)),
      exempt: (options.exempt ?? []).map((principal) => this.identity('requireJwt.exempt', principal)),
      claims: { ...options.claims },
      corsPreflight: options.corsPreflight ?? false,
    };
    for (const [claim, values] of Object.entries(node.claims)) {
      if (claim === '' || values.length === 0 || values.includes('')) {
        refuse(service, `requireJwt.claims.${claim}`, values, 'name the claim, and at least one value that it may have');
      }
    }
    if (this.tokens.some((known) => known.issuer.issuer === node.issuer.issuer)) {
      refuse(service, 'requireJwt.issuer', node.issuer.issuer, 'it is there already; give every issuer once, with all its audiences');
    }
    const [first] = this.tokens;
    if (first !== undefined && tokenScope(first) !== tokenScope(node)) {
      refuse(service, 'requireJwt.options', options, 'several issuers are alternatives, so give them the same ports, public paths, exempt callers and preflight');
    }
    this.tokens.push(Object.freeze(node));
  }

  public requireAuthorizer(authorizer: ExternalAuthorizer, options: ExternalAuthorizationOptions): void {
    const { service } = this;
    this.external.forEach(({ provider }) => {
      if (provider !== authorizer._node().provider) {
        refuse(service, 'requireAuthorizer', authorizer._node().provider, `a service has one authorizer, and ${provider} is there already`);
      }
    });
    this.external.push(Object.freeze({
      origin: service.node.path,
      ...authorizer._node(),
      ports: (narrowing(service, 'requireAuthorizer.ports', options.ports) ?? []).map((port) => wholeNumber(service, 'requireAuthorizer.ports', port, 1, 65535)),
      paths: (narrowing(service, 'requireAuthorizer.paths', options.paths) ?? []).map((path) => rulePath(service, 'requireAuthorizer.paths', path)),
      publicPaths: (options.publicPaths ?? []).map((path) => rulePath(service, 'requireAuthorizer.publicPaths', path)),
    }));
  }

  public acceptPlaintext(port: number, options: PlaintextOptions): void {
    const { service } = this;
    wholeNumber(service, 'acceptPlaintext.port', port, 1, 65535);
    if (this.plaintext.some((one) => one.port === port)) {
      refuse(service, 'acceptPlaintext.port', port, 'it is there already; give every port once');
    }
    if (options.mode === MtlsMode.STRICT) {
      refuse(service, 'acceptPlaintext.mode', options.mode, 'a strict port takes no plain connections; leave the exception out');
    }
    const declared = this.ports.find(({ number }) => number === port);
    const serverFirst = declared !== undefined && PROTOCOLS[declared.protocol].serverFirst;
    this.plaintext.push(Object.freeze({
      ...exceptionNode(service, `acceptPlaintext(${port})`, options),
      origin: service.node.path,
      port,
      mode: (options.mode ?? (serverFirst ? MtlsMode.DISABLED : MtlsMode.PERMISSIVE)) === MtlsMode.DISABLED ? 'disabled' : 'permissive',
      addresses: options.addresses === undefined ? [] : networks(service.node.path, options.addresses, 'acceptPlaintext.addresses'),
    }));
  }

  private rule(method: string, principal: Principal, options: AccessOptions): AccessRuleNode {
    const { service } = this;
    const node = this.principal(`${method}.principal`, principal);
    const reason = options.reason === undefined && (node.kind !== 'anyone' || method === 'deny') ? undefined
      : reasonOf(service, `${method}.reason`, options.reason);
    return Object.freeze({ origin: service.node.path, principal: node, ...scopeNode(service, method, options), reason });
  }

  private identity(property: string, principal: Principal): PrincipalNode {
    const node = this.principal(property, principal);
    return node.kind === 'anyone' || node.kind === 'addresses'
      ? refuse(this.service, property, node.kind, 'name callers by their identity: a service, an account or a namespace') : node;
  }

  private principal(property: string, principal: Principal): PrincipalNode {
    const { service } = this;
    const caller = principal._service;
    if (caller !== undefined) {
      refuseStranger(service, service.mesh, property, caller);
      if (!service.mesh._members.isService(caller)) {
        refuse(service, property, caller.calleeId, 'it is outside the mesh, so it has no identity; name its addresses with Principal.addresses');
      }
      if ((caller as IConstruct as ServiceMember)._declaration.meshed === false) {
        refuse(service, property, caller.calleeId, 'its pods have no proxy (meshed is false), so it has no identity; name its addresses with Principal.addresses');
      }
    }
    return principal._node();
  }
}

function tokenScope({ ports, publicPaths, exempt, corsPreflight }: TokenRequirementNode): string {
  return JSON.stringify([ports, publicPaths, exempt, corsPreflight]);
}
