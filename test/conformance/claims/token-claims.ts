import { claimEqual } from '../stack';
import { TokenMaker } from './tokens';

/**
 * What a service lets through that requires tokens of an issuer, for audience shop, with groups buyers, other than on /public/*.
 * @param of the status of a request with some headers to a path, by a caller that needs a token, or one that needs none
 * @param exempt the identity of the latter
 */
export async function claimTokens(
  id: TokenMaker, of: (headers: Record<string, string>, path?: string, exempt?: boolean) => Promise<string>, exempt: string,
): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const forger = new TokenMaker(id.issuer);
  const stranger = new TokenMaker('https://elsewhere.example.com');
  const buyers = { groups: ['buyers'] };
  claimEqual('a valid token', '200', await of(id.bearer(buyers)));
  claimEqual('none', '403', await of({}));
  claimEqual('expired; not yet valid', ['401', '401'], [await of(id.bearer({ ...buyers, exp: now - 3600, iat: now - 7200 })), await of(id.bearer({ ...buyers, nbf: now + 3600 }))]);
  claimEqual('for another audience; without audience', ['403', '403'], [await of(id.bearer({ ...buyers, aud: 'bank' })), await of(id.bearer({ ...buyers, aud: undefined }))]);
  claimEqual('signed by another key; of another issuer', ['401', '401'], [await of(forger.bearer(buyers)), await of(stranger.bearer(buyers))]);
  const [head, , signature] = id.token(buyers).split('.');
  const changed = Buffer.from(JSON.stringify({ iss: id.issuer, sub: 'admin', aud: 'shop', exp: now + 3600, ...buyers })).toString('base64url');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${changed}.`;
  claimEqual('with another payload; without signature; no token at all', ['401', '401', '401'],
    [await of({ authorization: `Bearer ${head}.${changed}.${signature}` }), await of({ authorization: `Bearer ${unsigned}` }), await of({ authorization: 'Bearer x' })]);
  claimEqual('with the wrong claim; without the claim; without subject', ['403', '403', '403'],
    [await of(id.bearer({ groups: ['sellers'] })), await of(id.bearer()), await of(id.bearer({ ...buyers, sub: undefined }))]);
  claimEqual('none on a public path; on paths that only look public', ['200', '403', '400', '403'],
    [await of({}, '/public/x'), await of({}, '/public/../x'), await of({}, '/public/..%2fx'), await of({}, '/Public/x')]);
  claimEqual('none by an exempt caller, by an exempt identity forged in a header', ['200', '403'],
    [await of({}, '/', true), await of({ 'x-forwarded-client-cert': `URI=${exempt}` })]);
}
