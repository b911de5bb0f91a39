// node limits.mjs [--strategy sse|websocket|long-poll] [--header 'Name: value']... [--max-streams N]
//     [--streams URL] [--patience MS] [--blocked MS] URL
//
// How many streams a real browser keeps open at the endpoint: a JSON line for each rule of LIMIT that is
// about the strategy, {"id","verdict","expected","seen"}. Beside WebSockets six of --streams, if that is
// given, are open. --max-streams: what the server's SETTINGS of HTTP/2 say. --patience: how long is waited for
// what must happen. --blocked: a request without an answer for so long is blocked. Exit status 77: not
// possible on this machine. Ends when its standard input does, so that it does not outlive who started it.
import { parseArgs } from 'node:util';
import { launch } from './chromium.mjs';
import { LimitPage } from './limit_page.mjs';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    strategy: { type: 'string', default: 'sse' },
    header: { type: 'string', multiple: true, default: [] },
    'max-streams': { type: 'string' },
    streams: { type: 'string' },
    patience: { type: 'string', default: '5000' },
    blocked: { type: 'string', default: '2000' },
  },
});
const url = new URL(positionals[0].replace(/^ws/, 'http'));
const [patienceMs, blockedMs] = [Number(flags.patience), Number(flags.blocked)];
process.stdin.on('end', () => process.exit(1)).resume();

const info = seen => ({ verdict: 'info', expected: '', seen });
const fail = (expected, seen) => ({ verdict: 'fail', expected, seen });
const skip = seen => ({ verdict: 'skip', expected: '', seen });
const said = ping => (ping.ms === undefined ? ping.why : `answered in ${ping.ms} ms`);

// The probes get a function that opens a page at the endpoint's host, or at another name of it.
const overHttp1 = {
  async 'LIMIT-01'(open) {
    const page = await open();
    await page.streams(url, 8, 6);
    const ping = await page.ping(blockedMs);
    const before = await page.opened();
    if (before < 6) return fail('6 streams open', `${before} of 8, a request beside them ${said(ping)}`);
    if (before > 6) return info(`${before} of 8 streams open, a request beside them ${said(ping)}`);
    await page.closeOne();
    const seventh = await page.opensAnother();
    if (seventh === undefined)
      return fail('a seventh stream when one is closed', `none in ${patienceMs} ms`);
    const then = `a seventh opened ${seventh} ms after one was closed`;
    return info(`6 of 8 streams open, a request beside them ${said(ping)}; ${then}`);
  },

  async 'LIMIT-02'(open) {
    const pages = [await open(), await open()];
    await pages[0].streams(url, 4, 4);
    await pages[1].streams(url, 4, 2);
    await pages[1].ping(blockedMs);
    const [one, two] = [await pages[0].opened(), await pages[1].opened()];
    const seen = `${one} + ${two} streams of two pages with four each open`;
    return one + two < 6 ? fail('six in two pages', seen) : info(seen);
  },

  async 'LIMIT-03'(open) {
    const other = { '127.0.0.1': 'localhost', localhost: '127.0.0.1' }[url.hostname];
    if (!other) return skip('no other name of the host is known: only a loopback address has one');
    const page = await open();
    await page.streams(url, 6, 6);
    const elsewhere = await open(other);
    const from = Date.now();
    await elsewhere.streams(elsewhere.named(url), 1, 1);
    const ms = Date.now() - from;
    if (await elsewhere.opened()) return info(`as ${other} a seventh stream opened in ${ms} ms`);
    return fail('a seventh stream under another name of the host', `none as ${other}`);
  },
};

const websockets = {
  async 'LIMIT-04'(open) {
    const page = await open();
    if (flags.streams) await page.streams(new URL(flags.streams), 6, 6);
    const beside = flags.streams ? ` beside ${await page.opened()} streams` : '';
    const within = await page.sockets(url.href.replace(/^http/, 'ws'), 20);
    const early = within.filter(ms => ms <= 2000).length;
    const seen = `${within.length} of 20 WebSockets open${beside}, ${early} within 2 s`;
    if (within.length < 20) return fail('20 WebSockets', seen);
    if (flags.streams) return info(seen);
    const ping = await page.ping();
    if (ping.blocked) return fail('an answer beside 20 WebSockets', `${seen}; none`);
    return info(`${seen}; a request beside them ${said(ping)}`);
  },
};

const polls = {
  async 'LIMIT-08'(open) {
    const page = await open();
    await page.polls(url, 5);
    const beside = await page.ping();
    if (beside.blocked) return fail('an answer beside 5 held polls', 'none');
    await page.polls(url, 1);
    const ping = await page.ping(blockedMs);
    const held = await page.opened();
    if (held < 6) return fail('6 polls held', `${6 - held} of 6 answered at once`);
    if (!ping.blocked) return info(`6 polls held, a request beside them ${said(ping)}`);
    await page.closeOne();
    const after = await page.ping();
    if (after.blocked) return fail('an answer when one of 6 polls is given up', 'none');
    return info(`6 polls held, a request beside them ${said(ping)}; ${said(after)} beside 5`);
  },
};

// What the server allows; 100 is Chromium's own limit when it says nothing, 256 its highest.
const most = Math.min(Number(flags['max-streams'] ?? 100), 256);
const answerMs = streams => (streams < most ? patienceMs : blockedMs);

const overHttp2 = {
  async 'LIMIT-05'(open) {
    const page = await open();
    await page.streams(url, 8, 8);
    const [few, ping] = [await page.opened(), await page.ping()];
    const seen = `${few} of 8 streams open, a request beside them ${said(ping)}`;
    if (few < 8 || ping.blocked) return fail('8 streams and an answer beside them', seen);
    const wanted = Math.min(90, most);
    await page.streams(url, 82, wanted);
    const [many, pingOfMany] = [await page.opened(), await page.ping(answerMs(90))];
    const all = `8 and ${many} of 90 streams open, a request beside them ${said(pingOfMany)}`;
    return many < wanted ? fail(`${wanted} streams`, all) : info(all);
  },

  async 'LIMIT-06'(open) {
    const page = await open();
    const wanted = Math.min(120, most);
    await page.streams(url, 120, wanted);
    const ping = await page.ping(answerMs(120));
    const seen = `${await page.opened()} of 120 streams open, a request beside them ${said(ping)}`;
    const allowed = `the server allows ${flags['max-streams'] ?? 'any number'}`;
    if ((await page.opened()) < wanted) return fail(`${wanted} streams: ${allowed}`, seen);
    return info(`${seen}; ${allowed}`);
  },
};

async function probe(rules, args, protocol) {
  const context = await launch({ args });
  // The page has no address of its own; only a permission lets such a page reach this machine.
  await context.grantPermissions(['local-network-access']).catch(() => {}); // older ones have none
  const fields = flags.header.map(line => line.match(/^([^:]+):\s*(.*)$/).slice(1));
  const open = name => LimitPage.open(context, url, { name, fields, patienceMs });
  const page = await open();
  const ping = await page.ping();
  const chosen = await page.protocol();
  for (const [id, rule] of Object.entries(rules)) {
    let finding;
    if (ping.ms === undefined) finding = fail('an answer to a request alone', ping.why);
    else if (protocol && chosen !== protocol) finding = skip(`no HTTP/2 here: the browser chose ${chosen}`);
    else finding = await rule(open).catch(error => fail('a probe that ends', error.message));
    console.log(JSON.stringify({ id, ...finding }));
    for (const each of context.pages()) await each.close();
  }
  await context.close();
}

const oldRules = { sse: overHttp1, websocket: websockets, 'long-poll': polls }[flags.strategy];
await probe(oldRules, ['--disable-http2']);
if (flags.strategy === 'sse') {
  if (url.protocol === 'https:') await probe(overHttp2, [], 'h2');
  else
    for (const id of Object.keys(overHttp2))
      console.log(JSON.stringify({ id, ...skip('a browser speaks HTTP/2 over TLS only: give https') }));
}
process.exit();
