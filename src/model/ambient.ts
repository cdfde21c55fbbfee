/** How a mesh without sidecars is laid out. */
export interface AmbientNode {
  /** Whether proxies that read requests may be written. */
  readonly waypoints: 'where-needed' | 'never';
  /** Name of the waypoint of each namespace, and of its account. */
  readonly waypointName: string;
  /** Namespaces whose pods still have sidecars. */
  readonly sidecarNamespaces: readonly string[];
}
