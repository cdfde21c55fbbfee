import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'crypto';

/** An issuer of JSON web tokens with a key of its own, whose public half is its key set. */
export class TokenMaker {
  /** The JSON web key set. */
  public readonly jwks: string;
  private readonly key: KeyObject;

  public constructor(public readonly issuer: string, private readonly keyId = 'key-1') {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.key = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    this.jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: keyId }] });
  }

  /** A token that is good for an hour, unless the claims say otherwise. */
  public token(claims: Record<string, unknown> = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: 'RS256', typ: 'JWT', kid: this.keyId },
      { iss: this.issuer, sub: 'alice', aud: 'shop', iat: now, exp: now + 3600, ...claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${parts}.${sign('RSA-SHA256', Buffer.from(parts), this.key).toString('base64url')}`;
  }

  public bearer(claims: Record<string, unknown> = {}): { authorization: string } {
    return { authorization: `Bearer ${this.token(claims)}` };
  }
}
