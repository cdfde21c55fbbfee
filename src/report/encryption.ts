/** What is known of a call's encryption. Within the mesh it is the mesh's own business; outside, the declared ports say it. */
import { isHttp, isTls } from '../model/protocol';
import type { CallNode, MeshModel } from '../model/mesh-model';

/** `unknown`: the program does not say. */
export type Encryption = 'tls-by-proxy' | 'tls-by-application' | 'plain-text' | 'unknown';

export const ENCRYPTION_WORDS: Readonly<Record<Encryption, string>> = {
  'tls-by-proxy': 'TLS, by the proxy', 'tls-by-application': 'TLS, by the application', 'plain-text': 'plain text', 'unknown': 'not stated',
};

export function encryptionOf(model: MeshModel, call: CallNode): Encryption {
  const external = model.serviceById.has(call.callee) ? undefined : model.externalById.get(call.callee);
  const ports = external?.ports.filter(({ number }) => call.port === undefined || number === call.port) ?? [];
  const found = new Set(ports.map(({ protocol }): Encryption => {
    if (isTls(protocol)) {
      return 'tls-by-application';
    }
    return !isHttp(protocol) ? 'unknown' : external!.originateTls ? 'tls-by-proxy' : 'plain-text';
  }));
  return found.size === 1 ? [...found][0] : 'unknown';
}
