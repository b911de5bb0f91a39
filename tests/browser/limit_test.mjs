// node limit_test.mjs BIN: how many streams a real browser keeps open at the servers in BIN, directly and
// through nginx, by the probe of `pushlab conform`. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { launch, run } from './chromium.mjs';
import { overHttp1, overHttp2, polls, probe, webSockets } from './limit_rules.mjs';
import { startNginx, ways } from './nginx.mjs';
import { folder, startPush } from './servers.mjs';
import { StreamPage, numbers, startPages } from './stream_page.mjs';

const [bin] = process.argv.slice(2);
const context = await launch({ args: ['--disable-http2'] });
const http2 = await launch();
const pages = await startPages();
const start = name => startPush(join(bin, `pushlab-${name}`), `cors_origins = ["${pages}"]\n`);

// What was seen, by id; all of it must be what a sound server shows.
async function probed(rules, url, { browser = context, ...options } = {}) {
  const seen = {};
  const report = ({ id, verdict, expected, seen: what }) => {
    assert.notEqual(verdict, 'fail', `${id}: expected ${expected}; saw ${what}`);
    seen[id] = what;
  };
  const patience = { patienceMs: 15_000, blockedMs: 700 };
  await probe(browser, rules, new URL(url), { ...patience, ...options, report });
  return seen;
}

const tests = {};
for (const [name, between] of Object.entries(ways))
  tests[`${name}: six streams over HTTP/1.1, in all tabs, a seventh under another name`] = async () => {
    const { url } = await between((await start('sse')).url);
    const seen = await probed(overHttp1, `${url}/events?events=orders`);
    assert.match(seen['LIMIT-01'], /^6 of 8 streams open, .* blocked .*; a seventh opened /);
    assert.match(seen['LIMIT-02'], /^4 \+ 2 streams/);
    assert.match(seen['LIMIT-03'], /^as localhost a seventh stream opened/);
  };

for (const [name, between] of Object.entries(ways))
  tests[`${name}: six streams by fetch as well, and a request beside them waits`] = async () => {
    const { url } = await between((await start('sse')).url);
    const page = await StreamPage.open(context, pages);
    for (const _ of numbers(1, 8)) await page.start('fetch', url);
    const hellos = n => window.seen.filter(one => one.event === 'hello').length === n;
    await page.until(hellos, 6);
    const ask = within =>
      page.page.evaluate(
        ([address, ms]) =>
          fetch(address, { signal: AbortSignal.timeout(ms) }).then(
            answer => answer.status,
            error => error.name,
          ),
        [`${url}/snapshot?events=orders`, within],
      );
    assert.equal(await ask(700), 'TimeoutError');
    assert.equal((await page.seen('hello')).length, 6);
    await page.page.evaluate(() => window.sources.find(one => one.readyState === 1).close());
    await page.until(hellos, 7);
    for (const _ of numbers(1, 3)) // the one that is open, or one that waits: two are left
      await page.page.evaluate(() => window.sources.find(one => one.readyState !== 2).close());
    assert.equal(await ask(10_000), 200);
  };

for (const kind of ['websocket', 'websocketpp'])
  tests[`nginx tuned, ${kind}: 20 WebSockets beside six streams of the same host`] = async () => {
    const server = new URL((await start(kind)).url).host;
    const location = `location /ws {
      proxy_pass http://${server};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrade_or_not;
      proxy_set_header Host $http_host;
    }
    location / {`;
    const beside = text => text.replace('location / {', location);
    const { url } = await startNginx('tuned', (await start('sse')).url, beside);
    const streams = `${url}/events?events=orders`;
    const seen = await probed(webSockets, `${url}/ws?events=orders`, { streams });
    assert.match(seen['LIMIT-04'], /^20 of 20 WebSockets open beside 6 streams/);
  };

for (const [name, between] of Object.entries(ways))
  tests[`${name}: six held polls are as many as six streams`] = async () => {
    const { url } = await between((await start('long-poll')).url);
    const { next } = await (await fetch(`${url}/poll?events=orders`)).json();
    const poll = `${url}/poll?events=orders&since=${next}&wait=25`;
    const seen = await probed(polls, poll);
    assert.match(seen['LIMIT-08'], /^6 polls held, a request beside them blocked/);
  };

// nginx with TLS on its second address.
const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
execFileSync('openssl', [
  ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
  ...['-subj', '/CN=127.0.0.1', '-keyout', files.key, '-out', files.certificate],
], { stdio: 'ignore' });
const overTls = more => text =>
  text.replace(
    / http2;/,
    ` ssl http2; ssl_certificate ${files.certificate}; ssl_certificate_key ${files.key}; ${more}`,
  );

const overH2 = (h2, maxStreams) =>
  probed(overHttp2, `${h2}/events?events=orders`, { browser: http2, protocol: 'h2', maxStreams });

tests['nginx tuned with HTTP/2: 90 and 120 streams, six without it'] = async () => {
  const { h2 } = await startNginx('tuned', (await start('sse')).url, overTls(''));
  const without = await probed(overHttp1, `${h2}/events?events=orders`);
  assert.match(without['LIMIT-01'], /^6 of 8/);
  const seen = await overH2(h2, 128);
  assert.match(seen['LIMIT-05'], /^8 and 90 of 90 streams open, .* answered/);
  assert.match(seen['LIMIT-06'], /^120 of 120 streams open, .* answered/);
};

tests['nginx tuned with HTTP/2, ten streams allowed: ten, and a request beside them waits'] = async () => {
  const ten = overTls('http2_max_concurrent_streams 10;');
  const { h2 } = await startNginx('tuned', (await start('sse')).url, ten);
  const seen = await overH2(h2, 10);
  assert.match(seen['LIMIT-05'], /^8 and 10 of 90 streams open, .* blocked/);
  assert.match(seen['LIMIT-06'], /^10 of 120 streams open, .* blocked/);
};

await run(context, tests);
process.exit();
