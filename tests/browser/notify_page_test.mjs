// node notify_page_test.mjs BIN README: the pages in that document, in a real browser, with a real
// application that logs people in, a real Redis and the servers in BIN. Exit status 77: not possible
// on this machine.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, run } from './chromium.mjs';
import { startApp, startPush, startRedis } from './servers.mjs';

const [bin, document_] = process.argv.slice(2);
const html = [...readFileSync(document_, 'utf8').matchAll(/```html\n(.*?)```/gs)].map(m => m[1]);
assert.equal(html.length, 3, 'the document has a page with a cookie, a ticket and a WebSocket');

const context = await launch();
const secret = 'keyboard cat';
const redis = await startRedis();
const push = {};

// What the application is to the push server: it writes sessions, and serves pages of its origin.
async function logIn() {
  const id = randomUUID();
  await redis.command('SET', `sess:${id}`, JSON.stringify({ cookie: {}, user: { id: 7 } }));
  const signature = createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '');
  return { id, cookie: encodeURIComponent(`s:${id}.${signature}`) };
}
const pages = () => ({
  '/cookie': html[0].replace('https://push.example.org', push.sse.url),
  '/ticket': html[1]
    .replace('https://push.example.org', push.sse.url)
    .replace('the key of this page', 'page-key'),
  '/websocket': html[2].replace('https://push.example.org', push.websocket.url),
});
let session;
async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://app');
  if (pathname !== '/login') {
    const page = pages()[pathname];
    return response.writeHead(page ? 200 : 404, { 'Content-Type': 'text/html' }).end(page);
  }
  const { id, cookie } = await logIn();
  session = id;
  response.writeHead(303, {
    'Set-Cookie': `connect.sid=${cookie}; Path=/; HttpOnly; SameSite=Lax`,
    Location: searchParams.get('to'),
  });
  response.end();
}
const app = await startApp(answer);
const elsewhere = await startApp(answer);

const config = `
retry_ms = 100
cors_origins = ["${app}"]
[auth]
kind = "redis"
cookie_secret = "${secret}"
[auth.redis]
address = "${redis.path}"
`;
push.sse = await startPush(join(bin, 'pushlab-sse'), config);
push.websocket = await startPush(join(bin, 'pushlab-websocket'), config);

// What a page has opened, and what it still means to do.
await context.addInitScript(() => {
  window.streams = [];
  for (const name of ['EventSource', 'WebSocket'])
    window[name] = class extends window[name] {
      constructor(...how) {
        super(...how);
        window.streams.push(this);
      }
    };
  window.timers = 0;
  const later = window.setTimeout.bind(window);
  window.setTimeout = (call, ms) => {
    ++window.timers;
    return later(() => {
      --window.timers;
      call();
    }, ms);
  };
});

const open = async (path, { origin = app, streams = 1 } = {}) => {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(origin + path);
  await page.waitForFunction(
    n => window.streams.length === n && window.streams[n - 1].readyState === 1,
    streams,
  );
  return page;
};
const shown = page => page.locator('#events').innerText();
const waitForText = (page, text) =>
  page.waitForFunction(
    wanted => document.querySelector('#events').innerText.includes(wanted),
    text,
  );
const order = state => ({ name: 'orders', type: 'update', id: 1, data: { state } });
const times = (text, part) => text.split(part).length - 1;

// It says so, has nothing open, and nothing is planned: it will not come back by itself.
async function expectStopped(page) {
  await waitForText(page, 'log in again');
  await page.waitForFunction(
    () => window.timers === 0 && window.streams.every(s => s.readyState === s.CLOSED),
  );
}

const tests = {
  async 'who logs in sees events, by the cookie that the browser sends'() {
    const page = await open('/login?to=/cookie');
    await push.sse.publish(order('paid'));
    await waitForText(page, JSON.stringify(order('paid')));
    assert.equal(times(await shown(page), 'paid'), 1);
    await redis.command('DEL', `sess:${session}`);
    await expectStopped(page);
  },

  async 'a page without a login sees that it needs one'() {
    await context.clearCookies();
    const page = await context.newPage();
    await page.goto(`${app}/cookie`);
    await expectStopped(page);
    assert.equal(await page.evaluate(() => window.streams.length), 1);
  },

  async 'a page with a key listens by tickets, a new one each time, and misses nothing'() {
    await redis.command('SET', 'apikey:page-key', JSON.stringify({ user: 9 }));
    const tickets = [];
    context.on('request', request => {
      if (request.method() === 'POST') tickets.push(request.url());
    });
    const page = await open('/ticket');
    await push.sse.publish(order('packed'));
    await waitForText(page, 'packed');
    await redis.command('PUBLISH', 'pushlab:revoked', 'apikey:page-key');
    await page.waitForFunction(() => window.streams[0].readyState === 2);
    await push.sse.publish(order('sent'));
    await waitForText(page, 'sent');
    assert.equal(times(await shown(page), 'packed'), 1);
    assert.equal(times(await shown(page), 'sent'), 1);
    assert.deepEqual(tickets, [`${push.sse.url}/ticket`, `${push.sse.url}/ticket`]);
    await redis.command('DEL', 'apikey:page-key');
    await expectStopped(page);
  },

  async 'a WebSocket page comes back where it was, and stops when the session is over'() {
    const page = await open('/login?to=/websocket');
    await push.websocket.publish(order('paid'));
    await waitForText(page, 'paid');
    await page.evaluate(() => window.streams[0].close());
    await page.waitForFunction(() => window.streams[0].readyState === 3);
    await push.websocket.publish(order('packed'));
    await waitForText(page, 'packed');
    assert.equal(times(await shown(page), 'paid'), 1);
    assert.equal(times(await shown(page), 'packed'), 1);
    await redis.command('DEL', `sess:${session}`);
    await expectStopped(page);
  },

  async 'a page of another origin sees nothing, though the browser sends it the cookie'() {
    for (const [path, server] of [
      ['/cookie', push.sse],
      ['/websocket', push.websocket],
    ]) {
      const allowed = await open(`/login?to=${path}`);
      const foreign = await context.newPage();
      await foreign.goto(elsewhere + path);
      await foreign.waitForFunction(
        () => window.streams.length > 0 && window.streams[0].readyState === window.streams[0].CLOSED,
      );
      await server.publish(order('secret'));
      await waitForText(allowed, 'secret');
      assert.ok(!(await shown(foreign)).includes('secret'), path);
    }
  },
};

await run(context, tests);
process.exit();
