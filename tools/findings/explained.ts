/** Everything that has a page in the findings reference. */
import { CHECKS } from '../../src/checks';
import type { Explained } from '../../src/checks/check';
import { FindingCode, Severity } from '../../src/model/finding';

/** The one finding that no check makes: it is known only after the others. */
const unusedSuppression: Explained = {
  code: FindingCode.UNUSED_SUPPRESSION,
  name: 'unused-suppression',
  severity: Severity.WARNING,
  catalogue: [],
  title: 'A suppression that matches no finding',
  why: 'What it accepted is mended, or its code or construct was never right. Left in the program, it would hide the same mistake when it comes '
    + 'back.',
  bad: `
const orders = new MeshService(chart, 'orders', { mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)] });
mesh.suppress(FindingCode.EJECTION_EMPTIES_SERVICE, { on: orders, reason: 'the callers keep the last answer' });`,
  good: `
const orders = new MeshService(chart, 'orders', {
  mesh, workload: deployment('orders'), ports: [MeshPort.http(8080)],
  circuitBreaker: CircuitBreaker.of({ eject: { atMostPercent: 100, minHealthyPercent: 0 } }),
});
mesh.suppress(FindingCode.EJECTION_EMPTIES_SERVICE, { on: orders, reason: 'the callers keep the last answer' });`,
};

export const EXPLAINED: readonly Explained[] = [...CHECKS, unusedSuppression].sort((a, b) => a.code < b.code ? -1 : 1);
