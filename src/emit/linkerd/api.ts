/** The group of Linkerd's policies, and the versions of its kinds that every release from 2.18 on has. */
export const POLICY_GROUP = 'policy.linkerd.io';
export const POLICY = `${POLICY_GROUP}/v1alpha1`;
export const SERVER = `${POLICY_GROUP}/v1beta3`;
export const POLICY_ROUTE = `${POLICY_GROUP}/v1beta3`;
