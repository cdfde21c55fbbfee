/**
 * Which fields of Gateway API there are: a release is installed with the definitions of one of its channels.
 */
export enum GatewayChannel {
  /** Stable fields alone. */
  STANDARD = 'standard',
  /** Fields that may still change or go, too: retries of an HTTPRoute, retry budgets. */
  EXPERIMENTAL = 'experimental',
}
