import { Agent, request } from 'https';
import { output, type Output, pause } from './process';

/** Any Kubernetes object: the harness reads what it needs and carries the rest. */
export type KubeObject = Record<string, any>;

/** How to reach an API server; serializable, so that every test file of a run can. */
export interface ApiAccess {
  /** Unix socket that is relayed to the API server. */
  readonly socket: string;
  readonly token: string;
  readonly kubectl: string;
  readonly kubeconfig: string;
  /** Network namespace in which kubectl and istioctl run. */
  readonly namespace: string;
}

/** A small client of the API server, for what is done often, and kubectl for what users do with it. */
export class Kubernetes {
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  private calls = 0;

  public constructor(private readonly access: ApiAccess) {}

  public get(path: string): Promise<KubeObject> {
    return this.send('GET', path);
  }

  public async items(path: string): Promise<KubeObject[]> {
    return (await this.get(path)).items;
  }

  public post(path: string, body: KubeObject): Promise<KubeObject> {
    return this.send('POST', path, body);
  }

  public delete(path: string, options: KubeObject = {}): Promise<KubeObject> {
    return this.send('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', ...options });
  }

  /** Merges into an object. */
  public merge(path: string, body: KubeObject): Promise<KubeObject> {
    return this.send('PATCH', path, body, 'application/merge-patch+json');
  }

  /** Server-side apply of one object, as the harness itself. */
  public apply(path: string, body: KubeObject): Promise<KubeObject> {
    return this.send('PATCH', `${path}?fieldManager=conformance&force=true`, body, 'application/apply-patch+yaml');
  }

  /**
   * Lists a collection, then follows its changes until `stop` is called; `onEvent` gets the listed objects as ADDED.
   * A broken watch lists again, so an object may come as ADDED more than once, and a deletion meanwhile is not told.
   */
  public watch(path: string, onEvent: (type: string, object: KubeObject) => void): { stop(): void } {
    let stopped = false;
    let current: ReturnType<typeof request> | undefined;
    const follow = async () => {
      while (!stopped) {
        try {
          const list = await this.get(path);
          list.items.forEach((item: KubeObject) => onEvent('ADDED', item));
          await new Promise<void>(resolve => {
            let text = '';
            current = request({
              ...this.options('GET', `${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}`), agent: undefined, rejectUnauthorized: false,
            }, response => {
              response.setEncoding('utf8');
              response.on('data', (chunk: string) => {
                const lines = (text + chunk).split('\n');
                text = lines.pop() ?? '';
                for (const line of lines.filter(l => l !== '')) {
                  const event = JSON.parse(line);
                  onEvent(event.type, event.object);
                }
              });
              response.on('close', resolve);
            });
            current.on('error', () => resolve());
            current.end();
          });
        } catch {
          await pause(100);
        }
      }
    };
    void follow();
    return {
      stop: () => {
        stopped = true;
        current?.destroy();
      },
    };
  }

  /** Runs kubectl; its exit code is for the caller to judge. */
  public kubectl(args: string[], input?: string): Promise<Output> {
    const { namespace, kubectl, kubeconfig } = this.access;
    // Several at a time take each other's cache of kinds away; and one from the first second of a run lacks some, for hours.
    const cache = `${kubeconfig}-cache-${process.pid}-${this.calls++}`;
    return output(['nsenter', `--net=/run/netns/${namespace}`, kubectl, '--kubeconfig', kubeconfig, '--cache-dir', cache, ...args], { input });
  }

  public close(): void {
    this.agent.destroy();
  }

  private options(method: string, path: string, type = 'application/json') {
    const headers: Record<string, string> = {
      'Authorization': `Bearer ${this.access.token}`, 'Content-Type': type, 'Accept': 'application/json', 'Host': 'kubernetes',
    };
    return { socketPath: this.access.socket, method, path, agent: this.agent, headers };
  }

  private send(method: string, path: string, body?: KubeObject, type?: string): Promise<KubeObject> {
    return new Promise((resolve, reject) => {
      const content = body && JSON.stringify(body);
      const options = this.options(method, path, type);
      if (content) {
        // Node would send a DELETE's body without its length.
        options.headers['Content-Length'] = `${Buffer.byteLength(content)}`;
      }
      const outgoing = request(options, response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          const code = response.statusCode ?? 0;
          if (code >= 200 && code < 300) {
            resolve(response.headers['content-type'] === 'application/json' ? JSON.parse(text) : { text });
          } else {
            reject(new ApiError(method, path, code, text));
          }
        });
      });
      outgoing.on('error', reject);
      outgoing.end(content);
    });
  }
}

/** An answer of the API server other than success. */
export class ApiError extends Error {
  public constructor(method: string, path: string, public readonly code: number, text: string) {
    super(`${method} ${path}: ${code} ${text}`);
  }
}
