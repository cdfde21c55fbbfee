import { IConstruct } from 'constructs';
import { wholeNumber } from '../mesh/invalid';
import { RequestScope } from '../model/security';
import { ruleHost, ruleMethod, rulePath } from './request-text';

/**
 * Which requests a rule is about. What is left out takes everything.
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
  return {
    ports: (options.ports ?? []).map((port) => wholeNumber(where, `${method}.ports`, port, 1, 65535)),
    methods: (options.methods ?? []).map((name) => ruleMethod(where, `${method}.methods`, name)),
    paths: (options.paths ?? []).map((path) => rulePath(where, `${method}.paths`, path)),
    hosts: (options.hosts ?? []).map((host) => ruleHost(where, `${method}.hosts`, host)),
  };
}
