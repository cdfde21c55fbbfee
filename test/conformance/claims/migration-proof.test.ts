/**
 * The proofs of a migration, asked by Prometheus' own rule tests: promtool evaluates the written PrometheusRule over series such as Istio's
 * proxies report. (The upstream Envoy of this stack has no Istio metrics of its own.)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments, stringify } from 'yaml';
import { MigrationProof, MtlsMigration, ZeroTrustPolicy } from '../../../src';
import { claimEqual } from '../stack';
import { output } from '../stack/process';
import { Program } from './program';

const NAMESPACE = 'claims-proof';

/** The rules of one stage, as Prometheus reads them. */
function rules(stage: MtlsMigration): any {
  const it = new Program(NAMESPACE);
  const orders = it.service('orders');
  it.client('web').calls(orders);
  new ZeroTrustPolicy(it.chart, 'zero-trust', { mesh: it.mesh, mtls: stage, proof: MigrationProof.prometheusRule() });
  return parseAllDocuments(it.yaml()).map((document) => document.toJS()).find(({ kind }) => kind === 'PrometheusRule').spec;
}

/** Alerts that fire after eight days of series with one sample an hour, or after other times. */
async function firing(stage: MtlsMigration, series: Record<string, string>, at = '8d', interval = '1h'): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const spec = rules(stage);
    writeFileSync(join(dir, 'rules.yaml'), stringify(spec));
    const names: string[] = spec.groups[0].rules.map(({ alert }: { alert: string }) => alert);
    const fires: string[] = [];
    for (const alert of names) {
      // promtool only tells whether it expected right, so each alert is expected to be silent.
      writeFileSync(join(dir, 'test.yaml'), stringify({
        rule_files: ['rules.yaml'], evaluation_interval: interval,
        tests: [{
          interval, input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
          alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: [] }],
        }],
      }));
      const { code, stdout, stderr } = await output(['promtool', 'test', 'rules', join(dir, 'test.yaml')]);
      if (code !== 0) {
        expect(`${stdout}${stderr}`).toContain('got:');
        fires.push(alert);
      }
    }
    return fires;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const labels = (policy: string) => `{reporter="destination",connection_security_policy="${policy}",destination_workload_namespace="${NAMESPACE}",pod="orders"}`;
const ENCRYPTED = { [`istio_requests_total${labels('mutual_tls')}`]: '0+10x200' };
const PROVING = MtlsMigration.permissiveWithProof();

test('promtool accepts the rules of every stage', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'conformance-'));
  const results: Record<string, number> = {};
  for (const [name, stage] of Object.entries({ permissive: MtlsMigration.permissive(), proving: PROVING, strict: MtlsMigration.strict() })) {
    writeFileSync(join(dir, 'rules.yaml'), stringify(rules(stage)));
    results[name] = (await output(['promtool', 'check', 'rules', join(dir, 'rules.yaml')])).code ?? 1;
  }
  rmSync(dir, { recursive: true, force: true });
  claimEqual('exit codes of promtool check rules', { permissive: 0, proving: 0, strict: 0 }, results);
});

test('the first stage asks whether anybody reports', async () => {
  claimEqual('nobody reports', ['MeshReportsNothing'], await firing(MtlsMigration.permissive(), {}));
  claimEqual('a proxy reports', [], await firing(MtlsMigration.permissive(), ENCRYPTED));
});

test('the second stage asks whether anything is plain, or undeclared', async () => {
  const plain = (metric: string, values: string) => ({ ...ENCRYPTED, [`${metric}${labels('none')}`]: values });
  claimEqual('all encrypted', [], await firing(PROVING, ENCRYPTED));
  claimEqual('plain requests all the time', ['MeshPlaintext'], await firing(PROVING, plain('istio_requests_total', '0+1x200')));
  claimEqual('plain connections all the time', ['MeshPlaintext'], await firing(PROVING, plain('istio_tcp_connections_opened_total', '0+1x200')));
  claimEqual('one plain request ever, five days ago: the series begins with it', ['MeshPlaintext'], await firing(PROVING, plain('istio_requests_total', '_x72 1x120')));
  claimEqual('a pod that has gone since, after a plain request', ['MeshPlaintext'], await firing(PROVING, plain('istio_requests_total', '_x72 1x24')));
  claimEqual('plain requests that ended more than a week ago', [], await firing(PROVING, plain('istio_requests_total', '0+1x10 10x200')));
  const denied = (values: string) => ({ ...ENCRYPTED, [`envoy_http_rbac{authz_dry_run_action="allow",authz_dry_run_result="denied",namespace="${NAMESPACE}",pod="orders"}`]: values });
  claimEqual('undeclared calls; none', [['MeshWouldRefuse'], []], [await firing(PROVING, denied('0x100 3x100')), await firing(PROVING, denied('0x200'))]);
});

test('a strict stage asks whether callers are cut off', async () => {
  const failed = `istio_requests_total{reporter="source",destination_service_namespace="${NAMESPACE}",response_flags="UF,URX",pod="web"}`;
  const every = (values: string) => ({ [failed]: values });
  const after30Minutes = (values: string) => firing(MtlsMigration.strict(), every(values), '30m', '1m');
  claimEqual('no failure', [], await after30Minutes('0x40'));
  claimEqual('failures in the last ten minutes', ['MeshCutOff'], await after30Minutes('0x25 1+1x10'));
  claimEqual('failures before', [], await after30Minutes('0+1x10 10x30'));
});
