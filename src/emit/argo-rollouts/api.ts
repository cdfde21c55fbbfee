/** The API of all resources of Argo Rollouts. */
export const ARGO = 'argoproj.io/v1alpha1';

/** The argument in which an analysis is told which pods are the new ones. */
export const HASH = 'canary-hash';

/** Name of the template whose analysis comes before any request. */
export function acceptanceName(canary: string): string {
  return `${canary}-acceptance`;
}
