/**
 * Keeps other spellings of a path from slipping under a rule. Istio resolves `.` and `..` and needless encodings by itself (its mesh-wide
 * `pathNormalization: BASE`), but passes `%2F`, `//` and parameters on: `/api/..%2Fadmin` and `/api/..;/admin` begin with `/api/` for the
 * proxy, and may be `/admin` for the application.
 */
import type { EnvoyFilterSpec } from '../../../imports/networking.istio.io';
import type { Resource } from '../../model/contracts';
import { httpPorts } from '../../model/effective';
import type { ServiceDeclaration, ServiceNode } from '../../model/mesh-model';
import type { Json } from '../json';
import { hasProxies } from './security-api';
import { podLabels } from './source';

type Spec = Json<EnvoyFilterSpec>;

export const MANAGER = 'envoy.filters.network.http_connection_manager';
const TYPES = 'type.googleapis.com/envoy.extensions.filters';

type Patches = NonNullable<Spec['configPatches']>;
type Match = NonNullable<Patches[number]['match']>;

const MATCH: Match = { context: 'SIDECAR_INBOUND', listener: { filterChain: { filter: { name: MANAGER } } } };

/** A step up with a parameter behind it, in a path whose encodings are resolved. */
const STEP_UP = '.*/\\.\\.?;.*';

/** Only for incoming requests: what the service itself calls may well need encoded slashes. */
export const pathNormalization: Resource<ServiceDeclaration, ServiceNode> = {
  id: 'EnvoyFilter',
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  nameOf: ({ name }) => `${name}-paths`,
  exists: (declaration) => hasProxies(declaration) && normalizesPaths(declaration),
  spec: (node): Spec => ({
    workloadSelector: { labels: podLabels(node) },
    configPatches: patches(MATCH),
  }),
};

export function patches(match: Match): Patches {
  return [
    {
      applyTo: 'NETWORK_FILTER',
      match,
      patch: {
        operation: 'MERGE',
        value: {
          name: MANAGER,
          typed_config: {
            '@type': `${TYPES}.network.http_connection_manager.v3.HttpConnectionManager`,
            'merge_slashes': true,
            'path_with_escaped_slashes_action': 'REJECT_REQUEST',
          },
        },
      },
    },
    {
      applyTo: 'HTTP_FILTER',
      match,
      patch: {
        operation: 'INSERT_FIRST',
        value: {
          name: 'path-parameters',
          typed_config: {
            '@type': `${TYPES}.http.rbac.v3.RBAC`,
            'rules': {
              action: 'DENY',
              policies: {
                'step-up': { permissions: [{ url_path: { path: { safe_regex: { regex: STEP_UP } } } }], principals: [{ any: true }] },
              },
            },
          },
        },
      },
    },
  ];
}

export function normalizesPaths(declaration: ServiceDeclaration): boolean {
  return httpPorts(declaration).length > 0 && declaration.security?.pathRules === true && (declaration.zeroTrust?.refuseEncodedSlashes ?? true);
}
