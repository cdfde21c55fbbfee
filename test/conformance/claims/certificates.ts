import { writeFileSync } from 'fs';
import { join } from 'path';
import { run } from '../stack/process';

/** An authority of a test. */
export class Authority {
  /** @param dir an existing folder that only this authority uses */
  public static async create(dir: string): Promise<Authority> {
    const authority = new Authority(dir);
    await run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=conformance',
      '-keyout', authority.key, '-out', authority.certificate]);
    return authority;
  }

  public readonly certificate: string;
  private readonly key: string;

  private constructor(private readonly dir: string) {
    this.certificate = join(dir, 'ca.pem');
    this.key = join(dir, 'ca.key');
  }

  /** A certificate for a server with this name. */
  public async issue(name: string): Promise<{ certificate: string; key: string }> {
    const file = (suffix: string) => join(this.dir, `${name}.${suffix}`);
    await run(['openssl', 'req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('csr')]);
    writeFileSync(file('ext'), `subjectAltName=DNS:${name}\n`);
    await run(['openssl', 'x509', '-req', '-in', file('csr'), '-CA', this.certificate, '-CAkey', this.key, '-CAcreateserial', '-days', '2',
      '-extfile', file('ext'), '-out', file('pem')]);
    return { certificate: file('pem'), key: file('key') };
  }
}
