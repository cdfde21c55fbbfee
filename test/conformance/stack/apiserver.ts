import { generateKeyPairSync, randomBytes } from 'crypto';
import { cpSync, mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { stringify } from 'yaml';
import { FABRIC_ADDRESS, SERVICE_RANGE } from './fabric';
import { type ApiAccess, Kubernetes } from './kubernetes';
import { FIRST_NODE, registerNodes } from './nodes';
import { Running, until } from './process';
import type { Run } from './run';

/** Where the API server listens inside the fabric. */
export const API_ADDRESS = '127.0.0.1:6443';

/** The controllers that make pods and endpoints of what a user applies. */
const CONTROLLERS = [
  'deployment-controller', 'replicaset-controller', 'statefulset-controller', 'daemonset-controller', 'job-controller', 'cronjob-controller',
  'endpointslice-controller', 'namespace-controller', 'serviceaccount-controller', 'garbage-collector-controller',
];

/**
 * etcd, kube-apiserver, kube-controller-manager and kube-proxy in the fabric. The scheduler's and the kubelet's parts are
 * played by the harness.
 */
export class ApiServer {
  /** Starts all four, with the objects of an earlier {@link copyData} if given, and waits until the API server is ready. */
  public static async start(owner: Run, namespace: string, binaries: string, data?: string): Promise<ApiServer> {
    const server = new ApiServer(owner, namespace, binaries);
    if (data) {
      cpSync(data, owner.memory, { recursive: true });
    }
    await server.start();
    return server;
  }

  public readonly access: ApiAccess;
  public readonly client: Kubernetes;
  /** All that were started. */
  public readonly programs: Running[] = [];
  private etcd?: Running;

  private constructor(private readonly owner: Run, private readonly namespace: string, private readonly binaries: string) {
    this.access = {
      socket: owner.path('apiserver.sock'), token: randomBytes(16).toString('hex'),
      kubectl: join(binaries, 'kubectl'), kubeconfig: owner.path('kubeconfig'), namespace,
    };
    this.client = new Kubernetes(this.access);
  }

  /** Copies all objects into a folder. etcd is halted meanwhile: the copy is what a crash would leave, which it recovers from. */
  public copyData(into: string): void {
    process.kill(this.etcd!.pid, 'SIGSTOP');
    try {
      cpSync(this.owner.memory, into, { recursive: true });
    } finally {
      process.kill(this.etcd!.pid, 'SIGCONT');
    }
  }

  private async start(): Promise<void> {
    const dir = this.owner.path('apiserver');
    mkdirSync(dir);
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    writeFileSync(join(dir, 'sa.pub'), publicKey);
    writeFileSync(join(dir, 'sa.key'), privateKey, { mode: 0o600 });
    writeFileSync(join(dir, 'tokens.csv'), `${this.access.token},admin,1,"system:masters"\n`, { mode: 0o600 });
    writeFileSync(this.access.kubeconfig, stringify({
      'apiVersion': 'v1',
      'kind': 'Config',
      'current-context': 'conformance',
      'contexts': [{ name: 'conformance', context: { cluster: 'conformance', user: 'admin' } }],
      'clusters': [{ name: 'conformance', cluster: { 'server': `https://${API_ADDRESS}`, 'insecure-skip-tls-verify': true } }],
      'users': [{ name: 'admin', user: { token: this.access.token } }],
    }), { mode: 0o600 });

    this.etcd = this.launch('etcd', ['/usr/bin/env', 'etcd',
      '--data-dir', this.owner.memory, '--log-level', 'warn',
      '--listen-client-urls', 'http://127.0.0.1:2379', '--advertise-client-urls', 'http://127.0.0.1:2379',
      '--listen-peer-urls', 'http://127.0.0.1:2380']);
    const api = this.launch('kube-apiserver', [join(this.binaries, 'kube-apiserver'),
      '--etcd-servers', 'http://127.0.0.1:2379',
      '--secure-port', API_ADDRESS.split(':')[1], '--bind-address', '0.0.0.0', '--advertise-address', FABRIC_ADDRESS, '--cert-dir', join(dir, 'certs'),
      '--service-cluster-ip-range', SERVICE_RANGE, '--endpoint-reconciler-type', 'none',
      '--service-account-key-file', join(dir, 'sa.pub'), '--service-account-signing-key-file', join(dir, 'sa.key'),
      '--service-account-issuer', 'https://kubernetes.default.svc',
      '--token-auth-file', join(dir, 'tokens.csv'), '--authorization-mode', 'RBAC',
      // Webhooks are reached at their endpoints: the API server needs no rule of kube-proxy for that.
      '--enable-aggregator-routing=true', '--profiling=false']);
    await until('kube-apiserver is ready', 60_000, async () => {
      api.mustLive();
      await this.client.get('/readyz');
      return true;
    });
    await registerNodes(this.client);
    this.launch('kube-controller-manager', [join(this.binaries, 'kube-controller-manager'),
      '--kubeconfig', this.access.kubeconfig, '--controllers', CONTROLLERS.join(','), '--leader-elect=false', '--secure-port', '0',
      '--service-account-private-key-file', join(dir, 'sa.key'),
      // One client a controller is what a cluster has; here it would only slow start-up.
      '--kube-api-qps', '200', '--kube-api-burst', '400', '--concurrent-gc-syncs', '5']);
    this.launch('kube-proxy', [join(this.binaries, 'kube-proxy'),
      '--kubeconfig', this.access.kubeconfig, '--proxy-mode', 'iptables', '--hostname-override', FIRST_NODE,
      '--conntrack-max-per-core', '0', '--conntrack-tcp-timeout-established', '0', '--conntrack-tcp-timeout-close-wait', '0',
      '--iptables-min-sync-period', '100ms', '--healthz-bind-address', '', '--metrics-bind-address', '']);
  }

  private launch(name: string, argv: string[]): Running {
    const program = new Running({ namespace: this.namespace, argv, log: this.owner.path(`${name}.log`) });
    this.programs.push(program);
    return program;
  }
}
