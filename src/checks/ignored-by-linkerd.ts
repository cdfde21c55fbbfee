import { circuitBreakerFor, httpPorts } from '../model/effective';
import { FindingCode, Severity } from '../model/finding';
import type { MeshModel } from '../model/mesh-model';
import type { Check, Report } from './check';
import { ignoredOfService, ignoredValues } from './linkerd/annotations';
import { IGNORED_ROUTE_RULES } from './linkerd/routes';
import type { LinkerdRule } from './linkerd/rule';
import { knownPods } from './pods';
import { handWritten, list, record, writtenByHand } from './raw';
import { listed } from './text';

/** What is admitted, and means otherwise. */
export const IGNORED_RULES: readonly LinkerdRule[] = [
  ...IGNORED_ROUTE_RULES,
  {
    name: 'server-port-text', group: 'policy.linkerd.io', kinds: ['Server'],
    broken: ({ port }) => typeof port === 'string' && /^\d+$/.test(port) ? [{ what: `has the port "${port}", which is taken for a name`, fix: 'Give the number' }] : [],
  },
  {
    name: 'client-without-authentication', group: 'policy.linkerd.io', kinds: ['ServerAuthorization'],
    broken: ({ client }) => record(client).unauthenticated === true || record(client).meshTLS !== undefined ? []
      : [{ what: 'says nothing of how clients prove who they are, so it is left out', fix: 'Say client.meshTLS, or client.unauthenticated: true' }],
  },
];

export const ignoredByLinkerd: Check = {
  code: FindingCode.IGNORED_BY_LINKERD,
  name: 'ignored-by-linkerd',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'Something that Linkerd takes, and that then does not do what it says',
  why: 'Some fields and values pass the schema and the webhook, and are left out when proxies are told: filters that Linkerd does not know '
    + 'drop the whole route, times with two units no limit at all, and a ServiceProfile switches off every route of its service.',
  bad: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', { mesh: linkerd, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
new ApiObject(chart, 'by-hand', {
  apiVersion: 'linkerd.io/v1alpha2', kind: 'ServiceProfile', metadata: { name: 'orders.shop.svc.cluster.local' },
  spec: { routes: [{ name: 'all', condition: { pathRegex: '/.*' }, isRetryable: true }] },
});`,
  good: `
const linkerd = new Mesh(chart, 'linkerd', {
  provider: MeshProvider.linkerd(), adoption: Adoption.assess({ services: 60, languages: 3, regulatedEncryption: true }),
});
new MeshService(chart, 'orders', {
  mesh: linkerd, workload: deployment('orders'), ports: [MeshPort.http(8080)], retry: Retry.upTo(1),
});`,
  run: (model, report) => {
    if (model.mesh.provider !== 'linkerd') {
      return;
    }
    for (const rule of IGNORED_RULES) {
      for (const { object, spec } of rule.kinds.flatMap((kind) => handWritten(model, kind, rule.group))) {
        rule.broken(spec, object).forEach(({ what, fix }) => report(object.origin, {
          message: `the ${object.kind} ${object.name} ${what}`, evidence: rule.name.replace(/-/g, ' '), fix,
        }));
      }
    }
    judgeOpenPolicies(model, report);
    judgeAnnotations(model, report);
    judgeServices(model, report);
    judgeDefaults(model, report);
  },
};

/** A policy that requires nothing lets everybody in. */
function judgeOpenPolicies(model: MeshModel, report: Report): void {
  for (const { object, spec } of handWritten(model, 'AuthorizationPolicy', 'policy.linkerd.io')) {
    if (list(spec.requiredAuthenticationRefs).length === 0) {
      report(object.origin, {
        message: `the AuthorizationPolicy ${object.name} requires no authentication: everybody is let in, without identity and from everywhere`,
        evidence: 'requiredAuthenticationRefs is empty', fix: 'Name an authentication, or take the policy away', severity: Severity.ERROR,
      });
    }
  }
}

function judgeAnnotations(model: MeshModel, report: Report): void {
  for (const object of writtenByHand(model, 'Service', '')) {
    ignoredOfService(object).forEach(({ what, fix }) => report(object.origin, { message: `the Service ${object.name} ${what}`, evidence: 'Linkerd leaves it out', fix }));
  }
  for (const { version, workload } of knownPods(model)) {
    ignoredValues(workload.podAnnotations).forEach(({ what, fix }) => report(version.origin, {
      message: `the pod template of ${workload.kind} ${workload.name} ${what}`, evidence: 'Linkerd leaves it out', fix,
    }));
  }
}

/** What this library gives services elsewhere without being asked. */
function judgeDefaults(model: MeshModel, report: Report): void {
  const several = model.services.filter((service) => service.ports.length > 0 && service.pods?.max !== 1 && circuitBreakerFor(model, service).ejection === 'default');
  if (several.length > 0) {
    report(model.mesh.origin, {
      message: `failing pods of ${listed(several.map(({ id }) => id), 3)} are not left out`,
      evidence: 'ejection is for the program to ask here: Linkerd would leave out every pod of a service at once',
      fix: 'Ask for it with CircuitBreaker.of({ eject: … }) where callers are better off with no answer at once', severity: Severity.INFO,
    });
  }
}

/** What the program itself asks of services for which Linkerd reads no routes, or no annotations of ours. */
function judgeServices(model: MeshModel, report: Report): void {
  const profiles = new Map(handWritten(model, 'ServiceProfile', 'linkerd.io').map(({ object }) => [object.name, object]));
  for (const service of model.services) {
    const profile = profiles.get(service.host);
    if (profile !== undefined && httpPorts(service).length > 0) {
      report(profile.origin, {
        message: `the ServiceProfile ${profile.name} switches off the routes, retries, time limits and ejection of ${service.id}`,
        evidence: 'a profile is stronger than all of them', fix: 'Take it away, and say on the service what it says',
      });
    }
    const asked = [
      ...service.routes.length > 0 ? ['routes'] : [], ...service.split === undefined ? [] : ['split'],
      ...service.retry !== undefined && service.retry.retries > 0 ? ['retry'] : [], ...typeof service.deadline === 'number' ? ['deadline'] : [],
    ];
    if (service.headless && asked.length > 0) {
      report(service.origin, {
        message: `${service.id} is headless, so Linkerd reads no route of it: ${listed(asked)} ${asked.length === 1 ? 'does' : 'do'} nothing`,
        evidence: 'a parent of routes must have an address', fix: 'Give the service an address of its own, or take these away', severity: Severity.ERROR,
      });
    }
    if (service.existing && typeof (service.circuitBreaker ?? model.mesh.defaults.circuitBreaker).ejection === 'object') {
      report(service.origin, {
        message: `the ejection of ${service.id} would stand in annotations of its Service, which the program writes itself`,
        evidence: 'fromService never changes the Service', fix: 'Write balancer.linkerd.io/failure-accrual on the Service, and CircuitBreaker.withoutEjection() here',
      });
    }
  }
}
