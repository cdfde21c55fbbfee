/** Of pilot-agent: merged metrics and probes, readiness, and the proxy's own metrics. Its iptables rules leave them alone. */
export const AGENT_PORTS = [15020, 15021, 15090];
