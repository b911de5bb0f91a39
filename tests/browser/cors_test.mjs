// node cors_test.mjs BIN: pages of another origin in a real browser, with a session cookie, at the
// servers in BIN directly and through nginx. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { launch, run } from './chromium.mjs';
import { ways } from './nginx.mjs';
import { startPush, startRedis } from './servers.mjs';
import { StreamPage, order, startPages } from './stream_page.mjs';

const [bin] = process.argv.slice(2);
const context = await launch();
const redis = await startRedis();
const allowed = await startPages();
const foreign = await startPages();
const config = `retry_ms = 100
cors_origins = ["${allowed}"]
[auth]
kind = "redis"
[auth.redis]
address = "${redis.path}"
`;
const start = name => startPush(join(bin, `pushlab-${name}`), config);
const withCredentials = { withCredentials: true };
const session = JSON.stringify({ cookie: {}, user: { id: 7 } });
const logIn = async () => {
  await redis.command('SET', 'sess:k3f9', session);
  await context.addCookies([{ name: 'connect.sid', value: 'k3f9', domain: '127.0.0.1', path: '/' }]);
};
const states = { EventSource: 2, fetch: 0, WebSocket: 0 }; // of a source that was refused

const tests = {};
async function addTests(kind, bys, way) {
  const server = await start(kind);
  const { url } = await ways[way](server.url);
  const refused = async (by, origin, options) => {
    const page = await StreamPage.open(context, origin);
    await page.start(by, url, options);
    await page.until(() => window.turns.some(turn => turn.what === 'error'));
    const [turn] = await page.turns();
    assert.equal(turn.what, 'error', 'it never opened');
    assert.deepEqual(await page.seen('hello'), []);
    return { page, state: turn.state };
  };
  for (const by of bys) {
    const what = `${by}, ${kind}, ${way}`;
    tests[`${what}: the session's cookie and an allowed origin get events`] = async () => {
      await logIn();
      const page = await StreamPage.open(context, allowed);
      await page.listen(by, url, withCredentials);
      await server.publish(order(1));
      assert.deepEqual(await page.numbersUntil(1), [1]);
    };
    tests[`${what}: another origin gets none, though the browser sends the cookie`] = async () => {
      await logIn();
      const witness = await StreamPage.open(context, allowed);
      await witness.listen(by, url, withCredentials);
      const { page, state } = await refused(by, foreign, withCredentials);
      assert.equal(state, states[by]);
      await server.publish(order(2));
      await witness.numbersUntil(2);
      assert.deepEqual(await page.seen('db'), []);
    };
    if (by === 'WebSocket') continue; // sends the cookie always
    tests[`${what}: without credentials there is no cookie, and so no stream`] = async () => {
      await logIn();
      const { state } = await refused(by, allowed, {});
      assert.equal(state, 2, 'a 401 is final');
    };
    tests[`${what}: the session's end ends it, and it stays away`] = async () => {
      await logIn();
      const page = await StreamPage.open(context, allowed);
      await page.listen(by, url, withCredentials);
      await redis.command('DEL', 'sess:k3f9');
      await page.untilState(2);
    };
  }
}

for (const way of Object.keys(ways)) {
  await addTests('sse', ['EventSource', 'fetch'], way);
  if (way === 'nginx default') continue; // no WebSocket passes it
  await addTests('websocket', ['WebSocket'], way);
  await addTests('websocketpp', ['WebSocket'], way);
}

// A header field of the page's own: the browser asks first, by OPTIONS.
for (const way of Object.keys(ways))
  tests[`fetch, sse, ${way}: a field of one's own passes the preflight of an allowed origin only`] =
    async () => {
      await redis.command('SET', 'apikey:page-key', JSON.stringify({ user: 9 }));
      const server = await start('sse');
      const { url } = await ways[way](server.url);
      const headers = { 'X-API-Key': 'page-key' };
      const page = await StreamPage.open(context, allowed);
      await page.listen('fetch', url, { headers });
      const other = await StreamPage.open(context, foreign);
      await other.start('fetch', url, { headers });
      await other.until(() => window.turns.length > 0);
      assert.equal((await other.turns())[0].what, 'error');
    };

await run(context, tests);
process.exit();
