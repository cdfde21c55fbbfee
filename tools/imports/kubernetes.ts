import { readFileSync } from 'fs';
import { join } from 'path';
import { type Schema, withoutDescriptions } from './crds';
import { toJsonSchema } from './json-schema';
import { moduleDir, pins } from './modules';

/** Kubernetes' own kinds that the library writes or reads, by file of the published OpenAPI document. */
const KINDS: Record<string, { readonly group: string; readonly version: string; readonly kinds: readonly string[] }> = {
  api__v1_openapi: { group: '', version: 'v1', kinds: ['ConfigMap', 'Namespace', 'Pod', 'Secret', 'Service', 'ServiceAccount'] },
  apis__apps__v1_openapi: { group: 'apps', version: 'v1', kinds: ['DaemonSet', 'Deployment', 'StatefulSet'] },
  apis__autoscaling__v2_openapi: { group: 'autoscaling', version: 'v2', kinds: ['HorizontalPodAutoscaler'] },
  apis__batch__v1_openapi: { group: 'batch', version: 'v1', kinds: ['CronJob', 'Job'] },
  apis__networking__v1_openapi: { group: 'networking.k8s.io', version: 'v1', kinds: ['NetworkPolicy'] },
  apis__policy__v1_openapi: { group: 'policy', version: 'v1', kinds: ['PodDisruptionBudget'] },
};

const REF = '#/components/schemas/';

export interface KubernetesSchema {
  readonly group: string;
  readonly kind: string;
  readonly schema: Schema;
}

export function kubernetesProvenance(): string {
  const { module, version } = pins().kubernetes;
  return `${module} ${version}`;
}

/** Schemas with everything they refer to beside them in `definitions`. */
export function kubernetesSchemas(): KubernetesSchema[] {
  const dir = join(moduleDir(pins().kubernetes), 'api/openapi-spec/v3');
  return Object.entries(KINDS).flatMap(([name, { group, version, kinds }]) => {
    const file = name.replace('networking', 'networking.k8s.io');
    const components: Record<string, Schema> = JSON.parse(readFileSync(join(dir, `${file}.json`), 'utf8')).components.schemas;
    return kinds.map(kind => {
      const root = Object.keys(components).find(key => components[key]['x-kubernetes-group-version-kind']
        ?.some((gvk: any) => gvk.group === group && gvk.version === version && gvk.kind === kind));
      if (!root) {
        throw new Error(`${file}.json holds no ${kind} ${group}/${version}`);
      }
      return { group, kind, schema: closure(components, root, `${group ? `${group}/` : ''}${version}`, kind) };
    });
  });
}

function closure(components: Record<string, Schema>, root: string, apiVersion: string, kind: string): Schema {
  const definitions: Record<string, Schema> = {};
  const visit = (name: string) => {
    if (definitions[name]) {
      return;
    }
    const schema = withoutDescriptions(components[name]);
    definitions[name] = schema;
    if (schema.properties?.status) {
      delete schema.properties.status;
    }
    if (name === root) {
      schema.properties.apiVersion = { type: 'string', enum: [apiVersion] };
      schema.properties.kind = { type: 'string', enum: [kind] };
      schema.required = ['apiVersion', 'kind', 'metadata'];
    }
    definitions[name] = toJsonSchema(relink(schema, visit));
  };
  visit(root);
  return { $ref: `#/definitions/${root}`, definitions };
}

/** Points references at `definitions` and reports each one. */
function relink(value: any, visit: (name: string) => void): any {
  if (Array.isArray(value)) {
    return value.map(item => relink(item, visit));
  }
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, sub]) => {
      if (key === '$ref' && typeof sub === 'string') {
        const name = sub.slice(REF.length);
        visit(name);
        return [key, `#/definitions/${name}`];
      }
      return [key, relink(sub, visit)];
    }));
  }
  return value;
}
