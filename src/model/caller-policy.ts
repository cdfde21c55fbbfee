/** Which call's retries and deadline are in force for a caller's requests to one port and route of a service. */
import { grouped } from './grouped';
import type { CallNode, MeshModel, PortNode, ServiceNode } from './mesh-model';

export interface Audience {
  readonly caller: ServiceNode;
  readonly call: CallNode;
}

/** Of these calls, those that are about this port and route, the strongest of each caller. */
export function audiencesOf(model: MeshModel, calls: readonly CallNode[], port: PortNode, operation: string | undefined): readonly Audience[] {
  return [...grouped(calls, ({ caller }) => caller)].flatMap(([id, own]) => {
    const call = strongestCall(own, port, operation);
    const caller = model.serviceById.get(id);
    return call === undefined || caller === undefined ? [] : [{ caller, call }];
  });
}

/**
 * A call that names the route (its operation) is stronger than one that names the port, and that one than one that names neither. Which of
 * its own routes a caller serves no proxy can tell (`during`).
 */
export function strongestCall(calls: readonly CallNode[], port: Pick<PortNode, 'number'>, operation: string | undefined): CallNode | undefined {
  const strength = (call: CallNode) => (call.operation === undefined ? 0 : 2) + (call.port === undefined ? 0 : 1);
  return calls
    .filter((call) => (call.port ?? port.number) === port.number && (call.operation === undefined || call.operation === operation))
    .reduce<CallNode | undefined>((strongest, call) => strongest === undefined || strength(call) > strength(strongest) ? call : strongest, undefined);
}
