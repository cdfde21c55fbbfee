import { request } from 'http';

/** An answer over a Unix socket. */
export interface LocalAnswer {
  readonly status: number;
  readonly text: string;
}

/** One HTTP request over a Unix socket. It has no time limit: a load answers when it is done. */
export function local(socket: string, method: string, path: string, body?: unknown): Promise<LocalAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: socket, method, path, headers: { 'Host': 'localhost', 'Content-Type': 'application/json' } }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * The same, for an answer that is JSON.
 * @throws on any status but 200
 */
export async function localJson<T>(socket: string, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await local(socket, method, path, body);
  if (answer.status !== 200) {
    throw new Error(`${method} ${path} at ${socket}: ${answer.status} ${answer.text}`);
  }
  return JSON.parse(answer.text);
}
