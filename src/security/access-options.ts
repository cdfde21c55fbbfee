import { IConstruct } from 'constructs';
import { narrowing, wholeNumber } from '../mesh/invalid';
import { RequestScope } from '../model/security';
import { ruleHost, ruleMethod, rulePath } from './request-text';

/**
 * Which requests a rule is about. What is left out takes everything; an empty list is refused.
 */
export interface AccessOptions {
  /**
   * Ports of the service.
   * @default - all of them; those that speak HTTP where methods, paths or hosts are named
   */
  readonly ports?: number[];
  /**
   * HTTP methods, in capitals.
   * @default - all
   */
  readonly methods?: string[];
  /**
   * Paths: exact (`/reconcile`), a prefix (`/api/*`), or a template of whole segments (`/users/{*}/orders`, `/files/{**}`). Letter case
   * counts. An exact path is the safest: what a server makes of a longer one is its own affair.
   * @default - all
   */
  readonly paths?: string[];
  /**
   * Host names that clients ask for, without port.
   * @default - all
   */
  readonly hosts?: string[];
  /**
   * Why the rule is right. It stands in the report.
   * @default - none; rules for everyone need one
   */
  readonly reason?: string;
}

export function scopeNode(where: IConstruct, method: string, options: AccessOptions): RequestScope {
  const listed = <T>(property: keyof AccessOptions, items: readonly T[] | undefined, accepted: (name: string, item: T) => T): readonly T[] => {
    const name = `${method}.${property}`;
    return (narrowing(where, name, items) ?? []).map((item) => accepted(name, item));
  };
  return {
    ports: listed('ports', options.ports, (name, port) => wholeNumber(where, name, port, 1, 65535)),
    methods: listed('methods', options.methods, (name, one) => ruleMethod(where, name, one)),
    paths: listed('paths', options.paths, (name, path) => rulePath(where, name, path)),
    hosts: listed('hosts', options.hosts, (name, host) => ruleHost(where, name, host)),
  };
}
