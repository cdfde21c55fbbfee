/** Accepted forms of paths, methods and host names in rules. What a proxy would compare and never find is refused here. */
import { IConstruct } from 'constructs';
import { refuse } from '../mesh/invalid';

const PCHAR = /^[-\w.~!$&'()+,;:@=]+$/;

/**
 * An exact path, a prefix with a star at its end, or a template of whole segments. Proxies compare a path after they have resolved `.`,
 * `..`, repeated slashes and needless encodings, and without the query.
 */
export function rulePath(where: IConstruct | string, property: string, path: string): string {
  const wrong = wrongPath(path);
  return wrong === undefined ? path : refuse(where, property, path, wrong);
}

function wrongPath(path: string): string | undefined {
  if (!path.startsWith('/')) {
    return path === '*' ? 'leave paths out to take every path' : 'begin it with a slash';
  }
  if (/[?#]/.test(path)) {
    return 'leave out the query: only the path is compared';
  }
  const plain = path.endsWith('*') && !path.endsWith('/{*}') ? path.slice(0, -1) : path;
  if (plain.split('/').some((segment) => segment === '.' || segment === '..') || plain.includes('//')) {
    return 'write it without //, . and .. segments: paths are compared after these are resolved';
  }
  if (/%|\\|[^\x21-\x7e]/.test(plain)) {
    return 'write it without encoded characters, backslashes, blanks and letters beyond ASCII: they are compared as they are sent, in one of many spellings';
  }
  if (/\{\*\*?\}/.test(path)) {
    return wrongTemplate(path);
  }
  if (/[{}]/.test(plain)) {
    return 'use {*} for one whole segment and {**} for all that follow; braces mean nothing else';
  }
  return plain.includes('*') ? 'put a star at the end only, or use {*} for one whole segment' : undefined;
}

function wrongTemplate(path: string): string | undefined {
  const segments = path.replace(/^\/|\/$/g, '').split('/');
  const rest = segments.indexOf('{**}');
  if (rest >= 0 && segments.slice(rest + 1).some((segment) => segment.startsWith('{'))) {
    return 'let no template follow {**}';
  }
  return segments.every((segment) => segment === '{*}' || segment === '{**}' || PCHAR.test(segment)) ? undefined
    : 'let a template be a whole segment, and the other segments plain letters, digits and hyphens';
}

/** An HTTP method, in capitals. */
export function ruleMethod(where: IConstruct | string, property: string, method: string): string {
  return /^[A-Z]+$/.test(method) ? method : refuse(where, property, method, 'give an HTTP method in capitals, for instance GET');
}

/** A host name as clients send it, without its port. */
export function ruleHost(where: IConstruct | string, property: string, host: string): string {
  return /^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(host) ? host
    : refuse(where, property, host, 'give a host name in lower case and without port, for instance shop.example.com or *.example.com');
}
