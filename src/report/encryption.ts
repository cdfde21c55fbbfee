/** How a call is encrypted: within the mesh by the mesh, as far as the callee insists; outside as the declared ports say. */
import { isMeshed, mtlsModeOf } from '../model/access';
import type { CallNode, ExternalNode, MeshModel, PortNode, ServiceNode } from '../model/mesh-model';
import { isHttp, isTls } from '../model/protocol';

/**
 * `mtls-required`: the callee refuses plain connections; `mtls-accepted`: it takes them, too, and this one is encrypted only if both proxies
 * agree; `unknown`: the program does not say, or its ports differ.
 */
export type Encryption = 'mtls-required' | 'mtls-accepted' | 'tls-by-proxy' | 'tls-by-application' | 'plain-text' | 'unknown';

export const ENCRYPTION_WORDS: Readonly<Record<Encryption, string>> = {
  'mtls-required': 'mTLS, required',
  'mtls-accepted': 'mTLS, not required',
  'tls-by-proxy': 'TLS, by the proxy',
  'tls-by-application': 'TLS, by the application',
  'plain-text': 'plain text',
  'unknown': 'unknown',
};

export function encryptionOf(model: MeshModel, call: CallNode): Encryption {
  const caller = model.serviceById.get(call.caller);
  const callee = model.serviceById.get(call.callee);
  const external = model.externalById.get(call.callee);
  const ports = ((callee ?? external)?.ports ?? []).filter(({ number }) => call.port === undefined || number === call.port);
  const found = new Set(ports.map((port) => callee === undefined ? outside(external!, port) : inside(caller, callee, port)));
  return found.size === 1 ? [...found][0] : 'unknown';
}

function inside(caller: ServiceNode | undefined, callee: ServiceNode, port: PortNode): Encryption {
  const mode = mtlsModeOf(callee, port.number);
  if (mode === 'strict') {
    return 'mtls-required';
  }
  if (mode === 'permissive' && caller !== undefined && isMeshed(caller)) {
    return 'mtls-accepted';
  }
  return isTls(port.protocol) ? 'tls-by-application' : isHttp(port.protocol) ? 'plain-text' : 'unknown';
}

function outside(external: ExternalNode, { protocol }: PortNode): Encryption {
  if (isTls(protocol)) {
    return 'tls-by-application';
  }
  return !isHttp(protocol) ? 'unknown' : external.originateTls ? 'tls-by-proxy' : 'plain-text';
}
