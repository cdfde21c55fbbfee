import { Duration } from 'cdk8s';
import { EgressScope, RouteMatch } from '../../src';
import { ProxyViews } from '../../src/model/proxy-view';
import { service, shop } from '../support/shop';

test('rules for a single caller are told to its proxies alone', () => {
  const given = shop();
  const hub = service(given, 'hub');
  hub.addRoute('one', { matches: [RouteMatch.prefix('/one'), RouteMatch.prefix('/uno')] });
  const other = service(given, 'other');
  const patient = service(given, 'patient');
  patient.calls(hub, { deadline: Duration.seconds(20) });
  patient.calls(other);
  const plain = service(given, 'plain');
  plain.calls(hub);
  const everything = service(given, 'everything', { egress: EgressScope.everything() });
  everything.calls(hub, { deadline: Duration.seconds(10) });
  const model = given.mesh._members.model(0);
  const views = new ProxyViews(model);
  const routes = (name: string) => views.of(model.serviceById.get(`shop/${name}`)!).view.routes;
  // Two matches and the default rule of hub, once more where it has rules for the caller; one of other.
  expect({ plain: routes('plain'), patient: routes('patient') }).toEqual({ plain: 3, patient: 3 + 3 + 1 });
  expect(routes('everything') - views.unscoped().routes).toBe(3);
});
