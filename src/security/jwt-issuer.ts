import { Duration } from 'cdk8s';
import { optionalMillis, refuse } from '../mesh/invalid';
import { TokenIssuerNode } from '../model/security';
import { headerName } from '../traffic/header';

/**
 * A header in which a token is sent.
 */
export interface TokenHeader {
  /** Name of the header. */
  readonly name: string;
  /**
   * What stands before the token, a blank at its end included.
   * @default - nothing
   */
  readonly prefix?: string;
}

/**
 * Parts of an issuer of JSON web tokens.
 */
export interface JwtIssuerOptions {
  /** Audiences of which a token must name one. Without any, tokens for every other service of the issuer would be taken, so none is refused. */
  readonly audiences: string[];
  /**
   * Where its public keys are, over HTTPS.
   * @default - as the issuer's OpenID configuration says
   */
  readonly jwksUri?: string;
  /**
   * The public keys themselves, a JSON web key set. Give either these or `jwksUri`.
   * @default - fetched
   */
  readonly jwks?: string;
  /**
   * Headers that may hold the token.
   * @default - `Authorization: Bearer …` and the query parameter `access_token`, unless another place is named
   */
  readonly fromHeaders?: TokenHeader[];
  /**
   * Query parameters that may hold the token.
   * @default - see `fromHeaders`
   */
  readonly fromParams?: string[];
  /**
   * Cookies that may hold the token.
   * @default - see `fromHeaders`
   */
  readonly fromCookies?: string[];
  /**
   * Headers that the service gets, each with the claim that it carries. What a client sends under such a name is dropped.
   * @default - none
   */
  readonly claimsToHeaders?: { [header: string]: string };
  /**
   * Header that carries the whole payload, base64url, to the service.
   * @default - none
   */
  readonly payloadToHeader?: string;
  /**
   * Whether the service gets the token itself, too.
   * @default false
   */
  readonly forwardToken?: boolean;
  /**
   * Claims that hold several values with blanks between them, beside `scope` and `permission`.
   * @default - none
   */
  readonly spaceDelimitedClaims?: string[];
  /**
   * Longest time to fetch the keys.
   * @default - the mesh's own, 5 s in Istio
   */
  readonly timeout?: Duration;
}

/**
 * An issuer of JSON web tokens, and what a token of it must say.
 */
export class JwtIssuer {
  /**
   * An issuer of tokens.
   * @param issuer its URL, exactly as tokens say in the claim `iss`
   */
  public static of(issuer: string, options: JwtIssuerOptions): JwtIssuer {
    const where = 'JwtIssuer.of';
    httpsUrl(where, 'issuer', issuer);
    if (options.audiences.length === 0 || options.audiences.includes('')) {
      refuse(where, 'audiences', options.audiences, 'name at least one audience: without any, a token for another service would be taken here');
    }
    if (options.jwksUri !== undefined && options.jwks !== undefined) {
      refuse(where, 'jwks', options.jwks, 'give either jwks or jwksUri');
    }
    if (options.jwksUri !== undefined) {
      httpsUrl(where, 'jwksUri', options.jwksUri);
    }
    if (options.jwks !== undefined) {
      publicKeys(where, options.jwks);
    }
    for (const [property, names] of [['fromParams', options.fromParams], ['fromCookies', options.fromCookies], ['spaceDelimitedClaims', options.spaceDelimitedClaims]] as const) {
      if (names?.includes('')) {
        refuse(where, property, names, 'leave out the empty name');
      }
    }
    for (const [header, claim] of Object.entries(options.claimsToHeaders ?? {})) {
      if (!/^[-\w]+$/.test(header)) {
        refuse(where, 'claimsToHeaders', header, 'give the name of a header: letters, digits, hyphens and underscores');
      }
      if (claim === '') {
        refuse(where, `claimsToHeaders.${header}`, claim, 'give the name of a claim');
      }
    }
    return new JwtIssuer(Object.freeze({
      issuer,
      audiences: [...options.audiences],
      jwksUri: options.jwksUri,
      jwks: options.jwks,
      fromHeaders: (options.fromHeaders ?? []).map(({ name, prefix }) => ({ name: headerName(where, 'fromHeaders', name), prefix })),
      fromParams: [...options.fromParams ?? []],
      fromCookies: [...options.fromCookies ?? []],
      claimsToHeaders: { ...options.claimsToHeaders },
      payloadToHeader: options.payloadToHeader === undefined ? undefined : headerName(where, 'payloadToHeader', options.payloadToHeader),
      forwardToken: options.forwardToken ?? false,
      spaceDelimitedClaims: [...options.spaceDelimitedClaims ?? []],
      timeoutMs: optionalMillis(where, 'timeout', options.timeout),
    }));
  }

  private constructor(private readonly node: TokenIssuerNode) {}

  /** @internal */
  public _node(): TokenIssuerNode {
    return this.node;
  }
}

function httpsUrl(where: string, property: string, value: string): void {
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return refuse(where, property, value, 'give a URL, for instance https://id.example.com');
  }
  if (url.protocol !== 'https:') {
    refuse(where, property, value, 'give a URL that begins with https: whoever changes an answer over plain HTTP makes tokens of his own');
  }
  if (url.username !== '' || url.password !== '') {
    refuse(where, property, `${url.protocol}//…@${url.host}`, 'leave out user and password');
  }
  if (property === 'issuer' && /[*\s]/.test(value)) {
    refuse(where, property, value, 'write the very issuer, without stars and blanks');
  }
}

/** Members of a JSON web key that are secret: of RSA and elliptic curves, and of symmetric keys. */
const SECRET = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

function publicKeys(where: string, jwks: string): void {
  let keys: unknown;
  try {
    keys = (JSON.parse(jwks) as { keys?: unknown } | null)?.keys;
  } catch {
    refuse(where, 'jwks', jwks, 'give a JSON web key set: {"keys": […]}');
  }
  if (!Array.isArray(keys) || keys.length === 0 || keys.some((key) => typeof key !== 'object' || key === null || !('kty' in key))) {
    refuse(where, 'jwks', jwks, 'give a JSON web key set with at least one key: {"keys": [{"kty": …}]}');
  }
  const index = keys.findIndex((key: object) => SECRET.some((member) => member in key));
  if (index >= 0) {
    refuse(where, 'jwks', `keys[${index}] (hidden)`, 'leave out the private parts of the key: whoever reads the manifest could make tokens');
  }
}
