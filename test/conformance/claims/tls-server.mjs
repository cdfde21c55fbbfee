/**
 * A server outside the mesh that speaks HTTP over TLS: tls-server.mjs PORT CERTIFICATE KEY. It answers each request with what it saw of it.
 */
import { readFileSync } from 'fs';
import { createServer } from 'https';

const [port, cert, key] = process.argv.slice(2);
createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  const { socket, headers, url } = request;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ serverName: socket.servername, version: socket.getProtocol(), host: headers.host, path: url }));
}).listen(Number(port));
