// A real nginx in front of an origin, configured by scenarios/proxies/nginx as `pushlab conform --via`
// does it, and the ways from a page to a push server.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { skip } from './chromium.mjs';
import { startRelay } from './relay.mjs';
import { child, ended, folder } from './servers.mjs';

const templates = new URL('../../scenarios/proxies/nginx/', import.meta.url);
const program = ['/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

const freePort = () =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = port =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

// `edit` changes the filled-in configuration. stop() and start() keep the address.
export async function startNginx(flavour, origin, edit = text => text) {
  if (!program) skip('nginx is not there: apt-get install nginx-light');
  const dir = mkdtempSync(join(folder, 'nginx-'));
  const [port, h2Port] = [await freePort(), await freePort()];
  const values = {
    dir,
    origin: new URL(origin).host,
    listen: `127.0.0.1:${port}`,
    h2_listen: `127.0.0.1:${h2Port}`,
  };
  const text = readFileSync(new URL(`${flavour}.conf`, templates), 'utf8');
  const filled = text.replace(/\{(dir|origin|listen|h2_listen)\}/g, (_, key) => values[key]);
  writeFileSync(join(dir, 'nginx.conf'), edit(filled));
  // One process, which cannot leave workers behind.
  const flags = ['-e', 'stderr', '-p', dir, '-c', join(dir, 'nginx.conf')];
  flags.push('-g', 'master_process off;');
  let nginx;
  const start = async () => {
    let said = '';
    nginx = child(program, flags, ['ignore', 'ignore', 'pipe']);
    nginx.stderr.on('data', more => (said += more));
    while (!(await answers(port)))
      if (nginx.exitCode !== null) throw new Error(`nginx ${flavour} did not start: ${said}`);
  };
  const stop = async () => {
    nginx.kill('SIGTERM');
    await ended(nginx);
  };
  await start();
  return { url: `http://127.0.0.1:${port}`, h2: `https://127.0.0.1:${h2Port}`, start, stop };
}

// What may stand between a page and the server.
export const ways = {
  direct: startRelay,
  'nginx default': origin => startNginx('default', origin),
  'nginx tuned': origin => startNginx('tuned', origin),
};
