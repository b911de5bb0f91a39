import { connect, createServer } from 'node:net';

// A TCP relay: stop() cuts what goes through it, as a network does.
export async function startRelay(origin) {
  const { port: to } = new URL(origin);
  const open = new Set();
  let port = 0;
  let server;
  const start = () =>
    new Promise(resolve => {
      server = createServer(near => {
        const far = connect(to, '127.0.0.1');
        for (const [one, other] of [[near, far], [far, near]]) {
          open.add(one.pipe(other));
          one.on('error', () => {}).on('close', () => other.destroy());
        }
      }).listen(port, '127.0.0.1', resolve);
    });
  const stop = async () => {
    const closed = new Promise(resolve => server.close(resolve));
    for (const socket of open) socket.destroy();
    open.clear();
    await closed;
  };
  await start();
  ({ port } = server.address());
  return { url: `http://127.0.0.1:${port}`, start, stop };
}
