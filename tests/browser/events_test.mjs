// node events_test.mjs BIN: named events and ids in a real browser, from the servers in BIN directly
// and through nginx. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { launch, run } from './chromium.mjs';
import { startNginx, ways } from './nginx.mjs';
import { startPush } from './servers.mjs';
import { StreamPage, numbers, order, startPages } from './stream_page.mjs';

const [bin] = process.argv.slice(2);
const context = await launch();
const pages = await startPages();
const config = `retry_ms = 100\ncors_origins = ["${pages}"]\n`;
const sse = await startPush(join(bin, 'pushlab-sse'), config);
const sockets = {
  websocket: await startPush(join(bin, 'pushlab-websocket'), config),
  websocketpp: await startPush(join(bin, 'pushlab-websocketpp'), config),
};
const between = {};
for (const [name, start] of Object.entries(ways)) between[name] = await start(sse.url);

// Each event once, under its name, in order, with an id that counts up from the hello's.
async function expectEvents(by, url, server) {
  const page = await (await StreamPage.open(context, pages)).listen(by, url);
  for (const n of numbers(1, 5)) await server.publish(order(n));
  assert.deepEqual(await page.numbersUntil(5), numbers(1, 5));
  const events = [...(await page.seen('hello')), ...(await page.seen('db'))];
  const [epoch, first] = events[0].id.split('-');
  assert.deepEqual(
    events.map(event => event.id),
    numbers(Number(first), Number(first) + 5).map(n => `${epoch}-${n}`),
  );
  assert.deepEqual(await page.seen('message'), [], 'a named event is no message');
  assert.deepEqual((await page.turns()).map(turn => turn.what), ['open']);
}

const tests = {};
for (const [name, { url }] of Object.entries(between))
  for (const by of ['EventSource', 'fetch'])
    tests[`${by}, ${name}: each event at once, by its name, with its id`] = () =>
      expectEvents(by, url, sse);

for (const [name, server] of Object.entries(sockets)) {
  tests[`WebSocket, ${name}, direct: each event at once, by its name, with its id`] = () =>
    expectEvents('WebSocket', server.url, server);
  tests[`WebSocket, ${name}, nginx tuned: the same`] = async () =>
    expectEvents('WebSocket', (await startNginx('tuned', server.url)).url, server);
  tests[`WebSocket, ${name}, nginx default: drops Upgrade, so no socket ever opens`] = async () => {
    const { url } = await startNginx('default', server.url);
    const page = await StreamPage.open(context, pages);
    await page.start('WebSocket', url);
    await page.until(() => window.turns.length >= 3);
    assert.deepEqual(new Set((await page.turns()).map(turn => turn.what)), new Set(['error']));
  };
}

// Ours asks nginx not to buffer. An origin that does not, and answers HTTP/1.0, is held back.
tests['nginx default without X-Accel-Buffering: holds even the head of the answer back'] = async () => {
  const ignore = 'proxy_ignore_headers X-Accel-Buffering; proxy_pass http';
  const { url } = await startNginx('default', sse.url, text => text.replace('proxy_pass http', ignore));
  const page = await StreamPage.open(context, pages);
  await page.start('EventSource', url);
  const direct = await (await StreamPage.open(context, pages)).listen('EventSource', sse.url);
  for (const n of numbers(1, 5)) await sse.publish(order(n));
  await direct.numbersUntil(5);
  assert.deepEqual(await page.turns(), []);
  // What is larger than its buffers, also when coded, comes out, late, with what waited before it.
  const text = randomBytes(100_000).toString('base64');
  await sse.publish({ ...order(6), data: { n: 6, text } });
  const late = await page.numbersUntil(5);
  assert.deepEqual(late.slice(0, 5), numbers(1, 5));
};

await run(context, tests);
process.exit();
