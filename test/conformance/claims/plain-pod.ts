/** A pod without a proxy, in a namespace that the mesh does not know: it plays what lies outside. Without ports it only calls. */
export function plainPod(namespace: string, name: string, ...ports: readonly number[]): string {
  const served = ports.length === 0 ? '' : `, ports: [${ports.map(port => `{containerPort: ${port}}`).join(', ')}]`;
  return `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: app, image: '${name}:1'${served}}]}
`;
}
