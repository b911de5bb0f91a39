// Real servers for a page: Redis on a Unix socket, push servers of ours, an application. All end
// with the test.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'pushlab-page-'));
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

// Resolves with what the program had said when the pattern appeared.
function start(program, flags, pattern) {
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    child.on('error', reject);
    child.on('exit', status => reject(new Error(`${program} ended with ${status}: ${said}`)));
    child.stdout.on('data', text => {
      said += text;
      if (pattern.test(said)) resolve(said);
    });
  });
}

export async function startRedis() {
  const path = join(folder, 'redis.sock');
  const flags = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', ''];
  await start('redis-server', [...flags, '--notify-keyspace-events', 'Kgxe'], /eady to accept/);
  const command = (...words) =>
    new Promise((resolve, reject) => {
      const socket = connect(path);
      socket.on('error', reject);
      socket.once('data', reply => {
        socket.end();
        reply.toString().startsWith('-') ? reject(new Error(reply)) : resolve(reply.toString());
      });
      const bulk = words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
      socket.write(`*${words.length}\r\n${bulk.join('')}`);
    });
  return { path, command };
}

export async function startPush(program, toml) {
  const config = join(folder, `${children.length}.toml`);
  writeFileSync(config, toml);
  const { client, ingest } = JSON.parse(await start(program, ['--config', config], /\n/));
  const publish = async notification => {
    const answer = await fetch(`${ingest}/notify`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(notification),
    });
    if (answer.status !== 202) throw new Error(await answer.text());
  };
  return { url: client, publish };
}

// A server of pages on a port of its own, which makes it an origin of its own.
export async function startApp(answer) {
  const server = createServer((request, response) => {
    answer(request, response).catch(error => response.writeHead(500).end(String(error)));
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}
