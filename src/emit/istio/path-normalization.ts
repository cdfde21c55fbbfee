/**
 * Keeps other spellings of a path from slipping under a rule. Istio resolves `.` and `..` and needless encodings by itself (its mesh-wide
 * `pathNormalization: BASE`), but passes `%2F` and `//` on: `/api/..%2Fadmin` begins with `/api/` for the proxy, and may be `/admin` for
 * the application.
 */
import type { EnvoyFilterSpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { httpPorts } from '../../model/effective';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { hasProxies } from './security-api';
import { podLabels } from './source';

type Spec = Json<EnvoyFilterSpec>;

const MANAGER = 'envoy.filters.network.http_connection_manager';

/** Only for incoming requests: what the service itself calls may well need encoded slashes. */
export const pathNormalization: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'EnvoyFilter',
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  nameOf: ({ name }) => `${name}-paths`,
  exists: (declaration) => hasProxies(declaration) && httpPorts(declaration).length > 0
    && declaration.security?.pathRules === true && (declaration.zeroTrust?.refuseEncodedSlashes ?? true),
  spec: (node): Spec => ({
    workloadSelector: { labels: podLabels(node) },
    configPatches: [{
      applyTo: 'NETWORK_FILTER',
      match: { context: 'SIDECAR_INBOUND', listener: { filterChain: { filter: { name: MANAGER } } } },
      patch: {
        operation: 'MERGE',
        value: {
          name: MANAGER,
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
            'merge_slashes': true,
            'path_with_escaped_slashes_action': 'REJECT_REQUEST',
          },
        },
      },
    }],
  }),
};
