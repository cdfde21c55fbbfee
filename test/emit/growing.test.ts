/** A call asks only the resources that say that calls can bring one. What another resource makes of a declaration must not depend on calls. */
import { App } from 'cdk8s';
import { ServiceOwner } from '../../src/mesh/service-owner';
import { Resource } from '../../src/model/contracts';
import { ServiceDeclaration, ServiceNode } from '../../src/model/mesh-model';
import { PROVIDERS } from '../../src/model/provider';
import { buildOf, EXAMPLE_NAMES } from '../../tools/providers/matrix';
import { TARGETS } from '../../tools/providers/targets';

const GROWN_BY: Readonly<Record<string, 'callees' | 'consumers'>> = { callees: 'callees', consumers: 'consumers', routedFrom: 'consumers' };

/** Which calls a resource asks about to know which objects there are. */
function asks(resource: Resource<ServiceDeclaration, ServiceNode>, { declaration, mesh }: ServiceOwner): Set<string> {
  const asked = new Set<string>();
  const watched = new Proxy({ ...declaration }, {
    get: (target, property) => {
      asked.add(GROWN_BY[String(property)] ?? '');
      return Reflect.get(target, property) as unknown;
    },
  });
  const there = resource.exists(watched, mesh);
  const keys = there ? resource.each?.(watched, mesh) ?? [undefined, ...resource.further?.(watched, mesh) ?? []] : [];
  keys.forEach((key) => [resource.nameOf?.(watched, mesh), resource.namespaceOf?.(watched, mesh, key)]);
  asked.delete('');
  return asked;
}

const OWNERS = TARGETS.flatMap(({ id, provider }) => EXAMPLE_NAMES.flatMap((example) => (
  buildOf(example)(new App(), provider()).services.map((service) => ({ id, example, service, owner: new ServiceOwner(service) }))
)));

test.each(PROVIDERS)('what %s writes grows by the calls that it says, and by no others', (provider) => {
  const wrong = OWNERS.filter(({ id }) => id === provider).flatMap(({ example, service, owner }) => service.mesh._emitter.service
    .filter((resource) => resource.late === undefined)
    .flatMap((resource) => [...asks(resource, owner)].filter((by) => by !== resource.growsBy).map((by) => `${example} ${resource.id}: ${by}`)));
  expect([...new Set(wrong)]).toEqual([]);
});

test('all that the finished program asks for is there', () => {
  for (const { service, owner } of OWNERS) {
    const ids = () => service.node.children.map(({ node }) => node.id);
    const before = ids();
    service._reconsider();
    expect({ service: owner.declaration.id, ids: ids() }).toEqual({ service: owner.declaration.id, ids: before });
  }
});
