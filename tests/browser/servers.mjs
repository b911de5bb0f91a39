// Real servers for a page: Redis on a Unix socket, push servers of ours, an application. All end
// with the test, also when it is killed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const folder = mkdtempSync(join(tmpdir(), 'pushlab-page-'));
const children = [];
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

// A child that dies with this program, by whatever it dies.
export function child(program, flags, stdio) {
  const started = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...flags], { stdio });
  children.push(started);
  return started;
}

export const ended = process_ =>
  process_.exitCode !== null || process_.signalCode !== null
    ? Promise.resolve()
    : new Promise(resolve => process_.once('exit', resolve));

// Resolves with the child and what it had said when the pattern appeared.
function start(program, flags, pattern) {
  const started = child(program, flags, ['ignore', 'pipe', 'inherit']);
  return new Promise((resolve, reject) => {
    let said = '';
    started.on('error', reject);
    started.on('exit', status => reject(new Error(`${program} ended with ${status}: ${said}`)));
    started.stdout.on('data', text => {
      said += text;
      if (pattern.test(said)) resolve({ started, said });
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

// stop() and start() make it another run of the server, on the same addresses.
export async function startPush(program, toml) {
  const config = join(folder, `${children.length}.toml`);
  writeFileSync(config, toml);
  let { started, said } = await start(program, ['--config', config], /\n/);
  const { client, ingest } = JSON.parse(said);
  const publish = async notification => {
    const answer = await fetch(`${ingest}/notify`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(notification),
    });
    if (answer.status !== 202) throw new Error(await answer.text());
  };
  return {
    url: client,
    publish,
    async stop(signal = 'SIGTERM') {
      started.kill(signal);
      await ended(started);
    },
    async start() {
      const flags = ['--client-listen', new URL(client).host, '--ingest-listen', new URL(ingest).host];
      ({ started } = await start(program, ['--config', config, ...flags], /\n/));
    },
  };
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
