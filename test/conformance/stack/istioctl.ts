import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { output } from './process';

/** One finding of `istioctl analyze`. */
export interface AnalysisMessage {
  /** Such as IST0101. */
  readonly code: string;
  readonly level: 'Error' | 'Warning' | 'Info';
  readonly message: string;
  /** The object it is about, such as `VirtualService shop/orders`. */
  readonly origin?: string;
}

/** What `istioctl validate` says about files. */
export interface Validation {
  readonly accepted: boolean;
  /** Everything that it printed, except that a file is valid. */
  readonly complaints: string[];
}

/** Istio's judges that need no cluster. */
export class Istioctl {
  public constructor(private readonly binary: string) {}

  /**
   * Analyzes files together, in all namespaces and without a cluster. An object that istioctl cannot read, which it only logs and
   * skips, is a message UNREADABLE.
   */
  public async analyze(files: string[]): Promise<AnalysisMessage[]> {
    const result = await output([this.binary, 'analyze', '--use-kube=false', '-A', '--output', 'json', ...files], { env: { KUBECONFIG: '/dev/null' } });
    const all = `${result.stdout}\n${result.stderr}`;
    const unreadable: AnalysisMessage[] = all.split('\n').filter(line => /error processing .* - skipping$/.test(line))
      .map(line => ({ code: 'UNREADABLE', level: 'Error', message: line.slice(line.indexOf('error processing')) }));
    const list = /^\[[^]*^\]|^\[\]/m.exec(result.stdout);
    if (!list || (unreadable.length === 0 && all.includes('could not be parsed'))) {
      throw new Error(`istioctl analyze ${files.join(' ')}: ${all}`);
    }
    return [...unreadable, ...JSON.parse(list[0]) as AnalysisMessage[]];
  }

  /** Validates every Istio object and Service of some files on its own. */
  public async validate(files: string[]): Promise<Validation> {
    const result = await output([this.binary, 'validate', ...files.flatMap(file => ['-f', file])], { env: { KUBECONFIG: '/dev/null' } });
    const lines = `${result.stdout}\n${result.stderr}`.split('\n').map(line => line.trim());
    return { accepted: result.code === 0, complaints: lines.filter(line => line !== '' && !/^"[^"]*" is valid$|^validation succeed$/.test(line)) };
  }

  /** The same two for a text in place of files. */
  public async judge(text: string): Promise<{ analysis: AnalysisMessage[]; validation: Validation }> {
    const dir = mkdtempSync(join(tmpdir(), 'conformance-'));
    try {
      const file = join(dir, 'manifest.yaml');
      writeFileSync(file, text);
      return { analysis: await this.analyze([file]), validation: await this.validate([file]) };
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
}
