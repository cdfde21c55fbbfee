import { isAmbient } from '../model/data-plane';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import type { Check, Report } from './check';
import { DATAPLANE_LABEL, INJECTION_LABEL, namespaceInjection, POD_LABEL, REVISION_LABEL, wantedRevision } from './injection';
import { judgeNamespace } from './injection-linkerd';
import type { Labels } from './pods';
import { labels, record, writtenByHand } from './raw';
import { labelText, listed } from './text';

export const namespaceNotInjected: Check = {
  code: FindingCode.NAMESPACE_NOT_INJECTED,
  name: 'namespace-not-injected',
  severity: Severity.ERROR,
  catalogue: ['IST0102', 'IST0123', 'KIA1316'],
  title: 'A namespace of the mesh whose pods get no proxy, or that says two things at once',
  why: 'The proxy comes with injection, and labels of the namespace decide about it before those of the pod. Where they say no, services of that '
    + 'namespace look configured and are not in the mesh: their calls go out unencrypted and unlimited. Of two labels that disagree one is silently '
    + 'ignored.',
  bad: `
new ApiObject(chart, 'namespace', {
  apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'disabled' } },
});
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  good: `
new ApiObject(chart, 'namespace', {
  apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } },
});
new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });`,
  run: (model, report) => {
    const services = new Map<string, { ids: string[]; outside: boolean }>();
    for (const service of model.services) {
      const known = services.get(service.namespace ?? '') ?? { ids: [], outside: false };
      services.set(service.namespace ?? '', known);
      known.ids.push(service.id);
      known.outside ||= !service.hasWorkload;
    }
    for (const object of writtenByHand(model, 'Namespace', '')) {
      const inside = services.get(object.name);
      if (inside !== undefined) {
        const metadata = record(object.body?.metadata);
        if (model.mesh.provider === 'linkerd') {
          const { origin, name } = object;
          const { ids, outside } = inside;
          const said = { labels: labels(metadata.labels), annotations: labels(metadata.annotations) };
          judgeNamespace({ origin, name, ...said, services: ids, outside }, report);
        } else {
          const verdict = isAmbient(model.mesh, object.name) ? judgeAmbient : judge;
          verdict(model, report, object.origin, object.name, labels(metadata.labels), inside.ids, inside.outside);
        }
      }
    }
    for (const namespace of model.namespaces) {
      if (model.mesh.provider === 'linkerd') {
        const { ids = [] } = services.get(namespace.name) ?? {};
        judgeNamespace({ ...namespace, annotations: {}, services: ids, outside: false }, report);
        continue;
      }
      const said = [INJECTION_LABEL, REVISION_LABEL, DATAPLANE_LABEL].filter((key) => key in namespace.labels);
      if (said.length > 0) {
        report(namespace.origin, {
          message: `labels of namespace ${namespace.name} say ${listed(said.map((key) => `${key}=${namespace.labels[key]}`))}, which is for the mesh to say`,
          evidence: 'the library writes the label of the mesh\'s own revision',
          fix: 'Leave these labels out, and name the revision in the provider',
          catalogue: ['IST0123'],
        });
      }
      const inside = services.get(namespace.name);
      if (!namespace.injected && inside !== undefined) {
        report(namespace.origin, {
          message: `injection is off in namespace ${namespace.name}, and services of the mesh are in it`,
          evidence: listed(inside.ids),
          fix: 'Turn injection on, or declare these services outside the mesh, with ExternalService',
          catalogue: ['IST0102'],
        });
      }
    }
  },
};

/** Pods of this program carry the label themselves; those of others do not. What asks for sidecars there is told elsewhere. */
function judgeAmbient(_: MeshModel, report: Report, origin: string, name: string, found: Labels, ids: readonly string[], outside: boolean): void {
  const mode = found[DATAPLANE_LABEL];
  if (mode !== 'ambient') {
    report(origin, {
      message: `${mode === undefined ? `Namespace ${name} has no label` : `${DATAPLANE_LABEL} of Namespace ${name} is ${mode}, not`} ${DATAPLANE_LABEL}=ambient: only pods that carry it are in the mesh`,
      evidence: `services: ${listed(ids, 3)}${outside ? '; some of their pods come from outside this program' : ''}`,
      fix: `Write ${DATAPLANE_LABEL}=ambient`,
      severity: outside ? Severity.WARNING : Severity.INFO,
      catalogue: [],
    });
  }
}

function judge(model: MeshModel, report: Report, origin: string, name: string, found: Labels, ids: readonly string[], outside: boolean): void {
  const injection = namespaceInjection(found);
  const wanted = wantedRevision(model.mesh);
  const wantedLabel = model.mesh.revision === undefined ? `${INJECTION_LABEL}=enabled` : `${REVISION_LABEL}=${wanted}`;
  const said = Object.fromEntries([INJECTION_LABEL, REVISION_LABEL, DATAPLANE_LABEL].filter((key) => key in found).map((key) => [key, found[key]]));
  const evidence = `labels: ${labelText(said) || 'none about injection'}; services: ${listed(ids, 3)}`;
  if (injection.by === 'nobody') {
    report(origin, {
      message: `${INJECTION_LABEL} of Namespace ${name} is ${found[INJECTION_LABEL]}: no pod there gets a proxy`,
      evidence,
      fix: `Write ${wantedLabel}`,
      catalogue: ['IST0102'],
    });
  } else if (injection.by === 'revision' && injection.revision !== wanted) {
    report(origin, {
      message: `Namespace ${name} gets its proxies from the revision ${injection.revision}, and the mesh is ${wanted}`,
      evidence,
      fix: `Write ${wantedLabel} alone, or name the revision in MeshProvider.istio({ revision: '${injection.revision}' })`,
      severity: Severity.WARNING,
      catalogue: Object.keys(said).length > 1 ? ['IST0123'] : [],
    });
  } else if (Object.keys(said).length > 1) {
    report(origin, {
      message: `Namespace ${name} has ${Object.keys(said).length} labels about injection, of which one is ignored`,
      evidence,
      fix: `Write ${wantedLabel} alone`,
      severity: Severity.WARNING,
      catalogue: DATAPLANE_LABEL in said ? ['IST0123', 'KIA1316'] : ['IST0123'],
    });
  } else if (injection.by === 'pod') {
    const ambient = found[DATAPLANE_LABEL] === 'ambient';
    report(origin, {
      message: ambient
        ? `${DATAPLANE_LABEL} of Namespace ${name} is ambient, and its pods get sidecars, too`
        : `Namespace ${name} has no injection label: only pods with the label ${POD_LABEL}=true get a proxy`,
      evidence: outside && !ambient ? `${evidence}; some of their pods come from outside this program` : evidence,
      fix: `Write ${wantedLabel}${ambient ? ' instead' : ''}`,
      severity: outside || ambient ? Severity.WARNING : Severity.INFO,
      catalogue: ambient ? ['KIA1316'] : ['IST0102'],
    });
  }
}
