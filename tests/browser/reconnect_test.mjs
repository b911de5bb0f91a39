// node reconnect_test.mjs BIN: how a real browser comes back to the servers in BIN, directly and
// through nginx. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { launch, run } from './chromium.mjs';
import { startNginx, ways } from './nginx.mjs';
import { startPush } from './servers.mjs';
import { StreamPage, numbers, order, startPages } from './stream_page.mjs';

const [bin] = process.argv.slice(2);
const context = await launch();
const pages = await startPages();
const config = (more = '') => `retry_ms = 100\ncors_origins = ["${pages}"]\n${more}`;
const start = (name, more) => startPush(join(bin, `pushlab-${name}`), config(more));
const open = async (by, url) => (await StreamPage.open(context, pages)).listen(by, url);
const publish = async (server, from, to) => {
  for (const n of numbers(from, to)) await server.publish(order(n));
};
const tests = {};

// The way is cut between browser and server; the server stays and goes on.
async function expectResumed(by, name, server) {
  const between = await ways[name](server.url);
  const page = await open(by, between.url);
  await publish(server, 1, 3);
  await page.numbersUntil(3);
  await between.stop();
  await page.untilState(0);
  await publish(server, 4, 6);
  await between.start();
  await page.until(() => window.seen.some(one => one.data.data?.n === 6));
  await publish(server, 7, 8);
  assert.deepEqual(await page.numbersUntil(8), numbers(1, 8));
  assert.deepEqual(await page.seen('reset'), []);
  await page.page.close();
  await between.stop();
}

async function expectReset(by, name, server) {
  const between = await ways[name](server.url);
  const page = await open(by, between.url);
  await publish(server, 1, 1);
  await page.numbersUntil(1);
  await between.stop();
  await page.untilState(0);
  await publish(server, 2, 6);
  await between.start();
  await page.until(() => window.missed.length === 1);
  await publish(server, 7, 8);
  assert.deepEqual(await page.numbersUntil(8), [1, 7, 8]);
  const resets = await page.seen('reset');
  assert.equal(resets.length, 1);
  const [snapshot] = await page.page.evaluate(() => window.missed);
  assert.ok(snapshot.state.some(one => one.data.n === 6), 'the snapshot has what was missed');
  assert.equal(resets[0].data.cursor, resets[0].id);
  await page.page.close();
  await between.stop();
}

const kinds = { sse: ['EventSource', 'fetch'], websocket: ['WebSocket'], websocketpp: ['WebSocket'] };
const passable = (by, way) => by !== 'WebSocket' || way !== 'nginx default'; // it drops Upgrade
for (const [kind, bys] of Object.entries(kinds)) {
  const server = await start(kind);
  const forgetful = await start(kind, 'history_name_events = 2\n');
  for (const by of bys)
    for (const way of Object.keys(ways).filter(name => passable(by, name))) {
      const what = `${by}, ${kind}, ${way}`;
      tests[`${what}: a cut costs nothing and repeats nothing`] = () =>
        expectResumed(by, way, server);
      tests[`${what}: what the history lost is a reset, and the snapshot has it`] = () =>
        expectReset(by, way, forgetful);
    }

  // Another run has no history: the page hears so, takes a snapshot, and goes on by itself.
  for (const by of bys)
    tests[`${by}, ${kind}: a restart on the same port is a reset, nothing lost, nothing twice`] =
      async () => {
        const page = await open(by, server.url);
        await publish(server, 1, 3);
        await page.numbersUntil(3);
        await server.stop();
        await page.untilState(0);
        await server.start();
        await publish(server, 4, 5);
        await page.until(() => window.missed.length === 1);
        await publish(server, 6, 8);
        const live = await page.numbersUntil(8);
        const [snapshot] = await page.page.evaluate(() => window.missed);
        const known = new Set([...live, ...snapshot.state.map(one => one.data.n)]);
        assert.deepEqual([...known].sort(), numbers(1, 8));
        assert.equal(live.length, new Set(live).size, `twice: ${live}`);
        assert.equal((await page.seen('reset')).length, 1);
        const epochs = (await page.seen('hello')).map(one => one.id.split('-')[0]);
        assert.notEqual(epochs[0], epochs.at(-1));
      };
}

// A proxy says 502 while the server is away, and EventSource takes any answer but 200 for final.
for (const flavour of ['default', 'tuned']) {
  const restart = async by => {
    const server = await start('sse');
    const { url } = await startNginx(flavour, server.url);
    const page = await open(by, url);
    await server.stop();
    await page.until(() => window.turns.filter(turn => turn.what === 'error').length >= 2);
    await server.start();
    return { server, page };
  };
  tests[`EventSource, nginx ${flavour}: a restart of the server silences it for good (502)`] =
    async () => {
      const { page } = await restart('EventSource');
      await page.untilState(2);
      assert.equal((await page.seen('reset')).length, 0);
    };
  tests[`fetch, nginx ${flavour}: survives a restart of the server, by a reset`] = async () => {
    const { server, page } = await restart('fetch');
    await page.until(() => window.missed.length === 1);
    await publish(server, 1, 2);
    assert.deepEqual(await page.numbersUntil(2), [1, 2]);
  };
}

// nginx's 60 s without a byte, shortened.
const idle = text => text.replace(/proxy_pass [^;]*;/, '$& proxy_read_timeout 1s;');
tests['nginx default: cuts a stream that is silent for its limit; it comes back, nothing lost'] =
  async () => {
    const server = await start('sse', 'heartbeat_s = 0\n');
    const { url } = await startNginx('default', server.url, idle);
    const page = await open('EventSource', url);
    await publish(server, 1, 1);
    await page.until(() => window.turns.filter(turn => turn.what === 'open').length >= 3);
    await publish(server, 2, 2);
    assert.deepEqual(await page.numbersUntil(2), [1, 2]);
    assert.deepEqual(await page.seen('reset'), []);
  };

// The delay from the cut to the next stream. Chromium's own would be 3 s; what the server says
// varies from half to one and a half of retry_ms.
async function delayMs(by, retryMs) {
  const toml = `retry_ms = ${retryMs}\ncors_origins = ["${pages}"]\n`;
  const server = await startPush(join(bin, 'pushlab-sse'), toml);
  const between = await ways.direct(server.url);
  const page = await open(by, between.url);
  await between.stop();
  await between.start();
  await page.until(() => window.turns.filter(turn => turn.what === 'open').length === 2);
  const [, cut, again] = await page.turns();
  return again.at - cut.at;
}
for (const by of ['EventSource', 'fetch'])
  tests[`${by}: retry is heeded, shorter and longer than the browser's own`] = async () => {
    const [short, long] = await Promise.all([delayMs(by, 100), delayMs(by, 7000)]);
    assert.ok(short < 2500, `${short} ms with retry_ms = 100`);
    assert.ok(long >= 3400, `${long} ms with retry_ms = 7000`);
  };

await run(context, tests);
process.exit();
