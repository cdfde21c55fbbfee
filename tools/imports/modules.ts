import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { tmpdir } from 'os';

/** One Go module at one version, as versions.json pins it. */
export interface ModulePin {
  readonly module: string;
  readonly version: string;
  /** Checksum of the module's zip, in go.sum's form. */
  readonly sum: string;
  /** What users call this version, where the module's own is a pseudo-version. */
  readonly release?: string;
}

type ModuleName = 'istio' | 'kubernetes' | 'gateway-api' | 'flagger' | 'argo-rollouts' | 'prometheus-operator';

export function pins(): Record<ModuleName, ModulePin> {
  return JSON.parse(readFileSync('versions.json', 'utf8'));
}

/**
 * Folder of the module's files in Go's cache, downloaded when it is missing.
 * @throws when Go is missing, the module cannot be had, or its checksum is not the pinned one
 */
export function moduleDir(pin: ModulePin): string {
  const stdout = execFileSync('go', ['mod', 'download', '-json', `${pin.module}@${pin.version}`], {
    encoding: 'utf8',
    // Outside any module, and checked against versions.json: the public checksum database lacks some of these.
    cwd: tmpdir(),
    env: { ...process.env, GOFLAGS: '-mod=mod', GONOSUMDB: '*', GOTOOLCHAIN: 'local' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { Dir, Sum } = JSON.parse(stdout) as { Dir: string; Sum: string };
  if (Sum !== pin.sum) {
    throw new Error(`${pin.module}@${pin.version} has checksum ${Sum}, versions.json says ${pin.sum}`);
  }
  return Dir;
}
