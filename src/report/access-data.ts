/** Who may call whom, as a report knows it: what is out of the ordinary for each pair, and what holds for everybody else. */
import { enforcementOf, guardedPorts, securityOf } from '../model/access';
import { AccessCell, AccessMatrix, accessMatrix, OutsideCell } from '../model/access-matrix';
import { openReason } from '../model/access-verdict';
import { grouped } from '../model/grouped';
import type { MeshModel, ServiceNode } from '../model/mesh-model';
import { namespaceMode, RequestScope, ZeroTrustNode } from '../model/security';

export interface RequestData {
  /** Empty lists take everything. */
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
}

export interface AccessPolicyData {
  readonly construct: string;
  /** Null: every namespace of the program. */
  readonly namespaces: readonly string[] | null;
  readonly wholeMesh: boolean;
  readonly stage: string;
  /** The namespaces of its services, and what connections there must prove. */
  readonly mtls: readonly { readonly namespace: string; readonly mode: 'strict' | 'permissive' }[];
  readonly networkPolicies: boolean;
  readonly sealsEgress: boolean;
}

/** Connections that need no identity although a policy asks for one. */
export interface AccessExceptionData {
  readonly namespace: string | null;
  readonly service: string | null;
  readonly port: number | null;
  readonly addresses: readonly string[];
  readonly reason: string;
  /** Null without an end. */
  readonly until: string | null;
}

/** What a port answers to callers that nothing is said about. */
export interface AccessPortData {
  readonly service: string;
  readonly port: number;
  /** `counted`: let through, and counted as what will be refused. */
  readonly others: 'refused' | 'counted' | 'open';
  readonly reason: string;
}

interface Access {
  readonly callee: string;
  /** Null: all, or none. */
  readonly requests: readonly RequestData[] | null;
  readonly except: readonly RequestData[];
  readonly conditions: readonly string[];
  readonly reason: string;
}

/** Callers that get the same answer for the same reason, at the same ports. */
export interface AccessPairsData extends Access {
  readonly callers: readonly string[];
  readonly ports: readonly number[];
  readonly answer: 'allowed' | 'refused' | 'open';
  /** False while the policy only counts. */
  readonly inForce: boolean;
}

export interface AccessOutsideData extends Access {
  readonly caller: string;
  readonly port: number;
}

export interface AccessData {
  readonly policies: readonly AccessPolicyData[];
  readonly exceptions: readonly AccessExceptionData[];
  readonly ports: readonly AccessPortData[];
  readonly pairs: readonly AccessPairsData[];
  readonly outside: readonly AccessOutsideData[];
}

export function accessData(model: MeshModel): AccessData {
  const matrix = accessMatrix(model);
  const callees = matrix.callees.map((id) => model.serviceById.get(id)!);
  return {
    policies: model.policies.map((policy) => policyData(policy, model)),
    exceptions: [...model.policies.flatMap(namespaceExceptions), ...model.services.flatMap(portExceptions)],
    ports: callees.flatMap((callee) => guardedPorts(callee).map(({ number }) => portData(callee, number))),
    pairs: callees.flatMap((callee) => pairsOf(matrix, callee)),
    outside: matrix.outside.map(outsideData),
  };
}

function policyData(policy: ZeroTrustNode, model: MeshModel): AccessPolicyData {
  const { origin, scope, migration, networkPolicies, sealEgress } = policy;
  const namespaces = new Set(model.services.filter(({ zeroTrust }) => zeroTrust?.origin === origin).flatMap(({ namespace }) => namespace ?? []));
  return {
    construct: origin, namespaces: scope.kind === 'namespaces' ? scope.namespaces : null, wholeMesh: scope.kind === 'mesh', stage: migration.stage,
    mtls: [...namespaces].map((namespace) => ({ namespace, mode: namespaceMode(policy, namespace) })), networkPolicies, sealsEgress: sealEgress,
  };
}

function namespaceExceptions({ migration }: ZeroTrustNode): readonly AccessExceptionData[] {
  return migration.exceptions.map(({ namespace, reason, until }) => (
    { namespace, service: null, port: null, addresses: [], reason, until: until ?? null }
  ));
}

function portExceptions({ id, namespace, security }: ServiceNode): readonly AccessExceptionData[] {
  return (security?.plaintext ?? []).map(({ port, addresses, reason, until }) =>
    ({ namespace: namespace ?? null, service: id, port, addresses, reason, until: until ?? null }));
}

function portData(callee: ServiceNode, port: number): AccessPortData {
  const enforcement = enforcementOf(callee);
  const others = enforcement === 'audit' ? 'counted' : enforcement === undefined ? 'open' : 'refused';
  return { service: callee.id, port, others, reason: openReason(callee) ?? 'nobody else declares a call to it' };
}

/** By callers, and ports that answer one alike together; then callers that are answered alike. */
function pairsOf(matrix: AccessMatrix, callee: ServiceNode): readonly AccessPairsData[] {
  if (openReason(callee) !== undefined && enforcementOf(callee) !== 'audit' && securityOf(callee).deny.length === 0) {
    return [];
  }
  const answer = (cell: AccessCell) => [accessOf(cell), cell.verdict];
  const byCaller = matrix.named(callee.id).flatMap((caller) => (
    [...grouped(cellsOf(matrix, callee, caller), (cell) => JSON.stringify(answer(cell))).values()]
  ));
  const alike = grouped(byCaller, (cells) => JSON.stringify([answer(cells[0]), cells.map(({ port }) => port)]));
  return [...alike.values()].map((group): AccessPairsData => {
    const [cells] = group;
    return {
      ...accessOf(cells[0]), callers: group.map(([{ caller }]) => caller), ports: cells.map(({ port }) => port), answer: cells[0].verdict,
      inForce: enforcementOf(callee) !== 'audit',
    };
  });
}

/** What is out of the ordinary. Of a service to itself only what it says on purpose: a rule for everybody is not about that. */
function cellsOf(matrix: AccessMatrix, callee: ServiceNode, caller: string): readonly AccessCell[] {
  const cells = caller !== callee.id || callee.headless ? matrix.cells(caller, callee.id) : [];
  return cells.map((cell) => cell.enforced ?? cell)
    .filter(({ byDefault, verdict, except }) => byDefault !== true && (verdict !== 'open' || except !== undefined));
}

function outsideData(cell: OutsideCell): AccessOutsideData {
  return { caller: cell.caller, port: cell.port, ...accessOf(cell) };
}

function accessOf({ callee, requests, except = [], conditions, reason }: Omit<AccessCell, 'caller'>): Access {
  return { callee, requests: requests?.map(requestData) ?? null, except: except.map(requestData), conditions, reason };
}

function requestData({ methods, paths, hosts }: RequestScope): RequestData {
  return { methods, paths, hosts };
}
