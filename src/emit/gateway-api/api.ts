/** The API that routes and grants belong to. */
export const GATEWAY = 'gateway.networking.k8s.io';
