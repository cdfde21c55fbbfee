/**
 * What connections to a port have to prove.
 */
export enum MtlsMode {
  /** Only connections with a certificate of the mesh. */
  STRICT = 'strict',
  /** Both kinds. */
  PERMISSIVE = 'permissive',
  /** Only plain ones, as servers that speak first need it: nobody proves an identity there. */
  DISABLED = 'disabled',
}
