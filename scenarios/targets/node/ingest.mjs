// What the three servers share: one HTTP server that takes notifications at POST /notify and gives the rest to
// `handle`, and the ready line that tells pushlab where it listens.
import { createServer } from 'node:http';

export function serve(publish, handle) {
  const server = createServer((request, response) => {
    if (request.method !== 'POST') return handle(request, response);
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      publish(JSON.parse(body).name, body);
      response.writeHead(202).end();
    });
  });
  server.keepAliveTimeout = 3600_000; // the publisher's connections wait for the next event
  server.listen(0, '127.0.0.1', 4096, () => {
    const url = `http://127.0.0.1:${server.address().port}`;
    console.log(JSON.stringify({ ready: true, client: url, ingest: url, pid: process.pid }));
  });
  process.on('SIGTERM', () => process.exit(0));
  return server;
}

export function namesOf(request) {
  return new URL(request.url, 'http://localhost').searchParams.get('events')?.split(',') ?? [];
}

export function notFound(request, response) {
  response.writeHead(404).end();
}
