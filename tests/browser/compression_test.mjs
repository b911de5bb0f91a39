// node compression_test.mjs BIN: the coded stream of pushlab-sse in a real browser. Nothing but events
// is sent, and none before the last one is there: what a decoder held back would be missed. Exit status
// 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { launch, run } from './chromium.mjs';
import { startRelay } from './relay.mjs';
import { startApp, startPush } from './servers.mjs';

const [bin] = process.argv.slice(2);
const context = await launch();
const app = await startApp(async (_, response) =>
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>events</title>'),
);
const startSse = () =>
  startPush(
    join(bin, 'pushlab-sse'),
    `heartbeat_s = 0\nretry_ms = 100\ncors_origins = ["${app}"]\n`,
  );

// What the page does. `got` is what it was told, `end` how a fetch ended.
const readers = {
  EventSource: url => {
    window.got = [];
    const source = new EventSource(url);
    source.addEventListener('hello', () => window.got.push('hello'));
    source.addEventListener('db', event => window.got.push(JSON.parse(event.data).data.state));
  },
  fetch: url => {
    window.got = [];
    const read = async () => {
      let text = '';
      const { body } = await fetch(url);
      for await (const part of body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + part).split('\n\n');
        text = blocks.pop();
        for (const block of blocks) {
          const [, event] = block.match(/^event: (.*)$/m);
          const data = JSON.parse(block.match(/^data: (.*)$/m)[1]);
          window.got.push(event === 'hello' ? event : data.data.state);
        }
      }
      return 'done';
    };
    read().then(
      how => (window.end = how),
      error => (window.end = String(error)),
    );
  },
};

// A page that has the stream in that coding, because its browser offers no other.
async function open(reader, coding, url) {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(app);
  await page.setExtraHTTPHeaders({ 'Accept-Encoding': coding });
  const answer = page.waitForResponse(response => response.url().startsWith(url));
  await page.evaluate(readers[reader], `${url}/events?events=orders`);
  assert.equal((await answer).headers()['content-encoding'], coding);
  await waitFor(page, ['hello']);
  return page;
}
const waitFor = (page, wanted) =>
  page
    .waitForFunction(states => JSON.stringify(window.got) === states, JSON.stringify(wanted))
    .catch(async () => assert.deepEqual(await page.evaluate(() => window.got), wanted));

// Small ones go out as they are, large ones compressed.
const order = state => ({ name: 'orders', type: 'update', id: 1, data: { state } });
const states = ['paid', 'packed '.repeat(500), 'sent', 'lost '.repeat(20_000), 'found'];

const tests = {};
for (const coding of ['gzip', 'zstd']) {
  for (const reader of Object.keys(readers)) {
    tests[`${reader} gets each event of a ${coding} stream at once, whenever it came`] = async () => {
      const push = await startSse();
      const early = await open(reader, coding, push.url);
      const pages = [[early, ['hello']]];
      for (const [i, state] of states.entries()) {
        if (i === 2) pages.push([await open(reader, coding, push.url), ['hello']]);
        await push.publish(order(state));
        for (const [page, seen] of pages) {
          seen.push(state);
          await waitFor(page, seen);
        }
      }
    };
  }

  tests[`EventSource comes back to a ${coding} stream where it was`] = async () => {
    const push = await startSse();
    const relay = await startRelay(push.url);
    const page = await open('EventSource', coding, relay.url);
    await push.publish(order('paid'));
    await waitFor(page, ['hello', 'paid']);
    await relay.stop();
    for (const state of states.slice(1)) await push.publish(order(state));
    await relay.start();
    await waitFor(page, ['hello', 'paid', 'hello', ...states.slice(1)]);
    await push.publish(order('returned'));
    await waitFor(page, ['hello', 'paid', 'hello', ...states.slice(1), 'returned']);
  };

  tests[`fetch is content with how a ${coding} stream ends`] = async () => {
    const push = await startSse();
    const page = await open('fetch', coding, push.url);
    await push.publish(order('paid'));
    await waitFor(page, ['hello', 'paid']);
    await push.stop();
    await page.waitForFunction(() => window.end);
    assert.equal(await page.evaluate(() => window.end), 'done');
  };
}

tests['a browser that offers all it can gets gzip'] = async () => {
  const push = await startSse();
  const page = await context.newPage();
  await page.goto(app);
  const answer = page.waitForResponse(response => response.url().startsWith(push.url));
  await page.evaluate(readers.EventSource, `${push.url}/events?events=orders`);
  assert.equal((await answer).headers()['content-encoding'], 'gzip');
  await push.publish(order('paid'));
  await waitFor(page, ['hello', 'paid']);
};

await run(context, tests);
process.exit();
