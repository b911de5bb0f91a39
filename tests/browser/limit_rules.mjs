// The rules of LIMIT, observed with a real browser. How to ask: limits.mjs.
import { LimitPage } from './limit_page.mjs';

const info = seen => ({ verdict: 'info', expected: '', seen });
const fail = (expected, seen) => ({ verdict: 'fail', expected, seen });
export const skip = seen => ({ verdict: 'skip', expected: '', seen });
const said = ping => (ping.ms === undefined ? ping.why : `answered in ${ping.ms} ms`);

// A rule gets a function that opens a page at the endpoint's host, or at another name of it.
export const overHttp1 = {
  async 'LIMIT-01'({ open, url, patienceMs, blockedMs }) {
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

  async 'LIMIT-02'({ open, url, blockedMs }) {
    const pages = [await open(), await open()];
    await pages[0].streams(url, 4, 4);
    await pages[1].streams(url, 4, 2);
    await pages[1].ping(blockedMs);
    const [one, two] = [await pages[0].opened(), await pages[1].opened()];
    const seen = `${one} + ${two} streams of two pages with four each open`;
    return one + two < 6 ? fail('six in two pages', seen) : info(seen);
  },

  async 'LIMIT-03'({ open, url }) {
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

export const webSockets = {
  async 'LIMIT-04'({ open, url, streams }) {
    const page = await open();
    if (streams) await page.streams(new URL(streams), 6, 6);
    const beside = streams ? ` beside ${await page.opened()} streams` : '';
    const within = await page.sockets(url.href.replace(/^http/, 'ws'), 20);
    const early = within.filter(ms => ms <= 2000).length;
    const seen = `${within.length} of 20 WebSockets open${beside}, ${early} within 2 s`;
    if (within.length < 20) return fail('20 WebSockets', seen);
    if (streams) return info(seen);
    const ping = await page.ping();
    if (ping.blocked) return fail('an answer beside 20 WebSockets', `${seen}; none`);
    return info(`${seen}; a request beside them ${said(ping)}`);
  },
};

export const polls = {
  async 'LIMIT-08'({ open, url, blockedMs }) {
    const page = await open();
    await page.polls(url, 5);
    const beside = await page.ping();
    if (beside.blocked) return fail('an answer beside 5 held polls', 'none');
    await page.polls(url, 1);
    const ping = await page.ping(blockedMs);
    const held = await page.opened();
    if (held < 6) return fail('6 polls held', `${6 - held} of 6 ended: ${await page.ends()}`);
    if (!ping.blocked) return info(`6 polls held, a request beside them ${said(ping)}`);
    await page.closeOne();
    const after = await page.ping();
    if (after.blocked) return fail('an answer when one of 6 polls is given up', 'none');
    return info(`6 polls held, a request beside them ${said(ping)}; ${said(after)} beside 5`);
  },
};

// What the server allows; 100 is Chromium's own limit when it says nothing, 256 its highest.
const most = maxStreams => Math.min(maxStreams ?? 100, 256);

export const overHttp2 = {
  async 'LIMIT-05'({ open, url, maxStreams, patienceMs, blockedMs }) {
    const page = await open();
    await page.streams(url, 8, 8);
    const [few, ping] = [await page.opened(), await page.ping()];
    const seen = `${few} of 8 streams open, a request beside them ${said(ping)}`;
    if (few < 8 || ping.blocked) return fail('8 streams and an answer beside them', seen);
    const wanted = Math.min(90, most(maxStreams));
    await page.streams(url, 82, wanted);
    const [many, pingOfMany] = [await page.opened(), await page.ping(wanted < 90 ? blockedMs : patienceMs)];
    const all = `8 and ${many} of 90 streams open, a request beside them ${said(pingOfMany)}`;
    return many < wanted ? fail(`${wanted} streams`, all) : info(all);
  },

  async 'LIMIT-06'({ open, url, maxStreams, patienceMs, blockedMs }) {
    const page = await open();
    const wanted = Math.min(120, most(maxStreams));
    await page.streams(url, 120, wanted);
    const ping = await page.ping(most(maxStreams) <= 120 ? blockedMs : patienceMs);
    const seen = `${await page.opened()} of 120 streams open, a request beside them ${said(ping)}`;
    const allowed = `the server allows ${maxStreams ?? 'any number'}`;
    if ((await page.opened()) < wanted) return fail(`${wanted} streams: ${allowed}`, seen);
    return info(`${seen}; ${allowed}`);
  },
};

// Calls `report` with {id, verdict, expected, seen} of each rule. `fields` are sent with every request.
export async function probe(context, rules, url, { fields = [], protocol, report, ...options }) {
  // The page has no address of its own; only a permission lets such a page reach this machine.
  await context.grantPermissions(['local-network-access']).catch(() => {}); // older ones have none
  const pages = [];
  const open = async name => {
    pages.push(await LimitPage.open(context, url, { name, fields, ...options }));
    return pages.at(-1);
  };
  const ping = await (await open()).ping();
  const chosen = await pages[0].protocol();
  for (const [id, rule] of Object.entries(rules)) {
    let finding;
    if (ping.ms === undefined) finding = fail('an answer to a request alone', ping.why);
    else if (protocol && chosen !== protocol) finding = skip(`no HTTP/2 here: ${chosen} was chosen`);
    else
      finding = await rule({ open, url, ...options }).catch(error =>
        fail('a probe that ends', error.message),
      );
    report({ id, ...finding });
    for (const { page } of pages.splice(0)) await page.close();
  }
}
