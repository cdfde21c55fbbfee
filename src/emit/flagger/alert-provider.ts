/** One AlertProvider for everybody who is told. */
import type { AlertProviderSpec } from '../../../imports/flagger.app';
import type { Resource } from '../../model/contracts';
import type { AlertNode, CanaryNode } from '../../model/delivery';
import { type Json, defined } from '../json';
import { FLAGGER } from './api';

type Spec = Json<AlertProviderSpec>;

/** Flagger's words for whom it can tell. */
const TYPES: Readonly<Partial<Record<AlertNode['kind'], string>>> = { slack: 'slack', teams: 'msteams' };

/** Alerts that Flagger can send; the others are findings. */
export function sendable({ alerts }: CanaryNode): readonly AlertNode[] {
  return alerts.filter(({ kind }) => kind in TYPES);
}

export const alertProvider: Resource<CanaryNode, CanaryNode> = {
  id: 'AlertProvider',
  apiVersion: FLAGGER,
  kind: 'AlertProvider',
  exists: () => true,
  each: (declaration) => sendable(declaration).map(({ name }) => name),
  spec: (node, _, key): Spec => {
    const { kind, receiver, secret } = node.alerts.find(({ name }) => name === key)!;
    return defined<Spec>({
      type: TYPES[kind] as Spec['type'],
      channel: kind === 'slack' ? receiver : undefined,
      secretRef: secret === undefined ? undefined : { name: secret },
    });
  },
};
