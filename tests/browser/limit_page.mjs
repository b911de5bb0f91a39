// A page at the endpoint's own origin that opens streams, sockets and polls and counts them.
export class LimitPage {
  // `name`: another name of the host. The page itself never comes from the endpoint.
  static async open(context, url, { name = url.hostname, fields, patienceMs }) {
    const page = await context.newPage();
    const base = new URL(url);
    base.hostname = name;
    const cookies = fields.filter(([field]) => field.toLowerCase() === 'cookie');
    for (const pair of cookies.flatMap(([, value]) => value.split(/;\s*/))) {
      const [, key, value] = pair.match(/^([^=]*)=?(.*)$/);
      await context.addCookies([{ name: key, value, url: base.origin }]);
    }
    const others = fields.filter(([field]) => field.toLowerCase() !== 'cookie');
    if (others.length) await page.setExtraHTTPHeaders(Object.fromEntries(others));
    const blank = `${base.origin}/pushlab-limits`;
    await page.route(blank, route => route.fulfill({ contentType: 'text/html', body: '<p>' }));
    await page.goto(blank);
    await page.unroute(blank); // from here on nothing stands between browser and endpoint
    await page.evaluate(() => {
      window.held = [];
    });
    return new LimitPage(page, base.origin, patienceMs);
  }

  constructor(page, origin, patienceMs) {
    this.page = page;
    this.origin = origin;
    this.patienceMs = patienceMs;
  }

  // The URL under the name that this page has.
  named(url) {
    return this.origin + url.pathname + url.search;
  }

  // Opens so many more; returns when `enough` are open in all, or when patience ends.
  async streams(url, count, enough) {
    const open = [String(url), count];
    await this.page.evaluate(([href, n]) => {
      for (let i = 0; i < n; ++i) {
        const source = new EventSource(href);
        window.held.push({ source, opened: () => source.readyState === 1, close: () => source.close() });
      }
    }, open);
    await this.#until(n => window.held.filter(one => one.opened()).length >= n, enough);
  }
  opened() {
    return this.page.evaluate(() => window.held.filter(one => one.opened()).length);
  }

  // Polls that are asked and not answered. A browser does not tell which of them it has sent.
  async polls(url, count) {
    await this.page.evaluate(
      ([href, n]) => {
        for (let i = 0; i < n; ++i) {
          const abort = new AbortController();
          const one = { asked: true, opened: () => one.asked, close: () => abort.abort() };
          fetch(href, { cache: 'no-store', signal: abort.signal })
            .then(async answer => `${answer.status} ${await answer.text()}`)
            .catch(error => error.message)
            .then(end => {
              one.asked = false;
              one.end = end.slice(0, 100);
            });
          window.held.push(one);
        }
      },
      [String(url), count],
    );
  }

  // Of the first poll that ended: its status and body, or the error.
  ends() {
    return this.page.evaluate(() => window.held.find(one => !one.asked)?.end);
  }

  async closeOne() {
    await this.page.evaluate(() => {
      const at = window.held.findIndex(one => one.opened());
      window.held.splice(at, 1)[0].close();
      window.left = window.held.filter(one => one.opened()).length;
    });
  }
  // After how many milliseconds, if in time.
  async opensAnother() {
    const from = Date.now();
    const more = () => window.held.filter(one => one.opened()).length > window.left;
    return (await this.#until(more)) ? Date.now() - from : undefined;
  }

  // After how many milliseconds each of those opened that did before all are open or patience ends.
  async sockets(url, count) {
    await this.page.evaluate(
      ([href, n]) => {
        const from = performance.now();
        window.within = [];
        window.sockets = Array.from({ length: n }, () => {
          const socket = new WebSocket(href);
          socket.onopen = () => window.within.push(performance.now() - from);
          return socket;
        });
      },
      [url, count],
    );
    const all = n => window.sockets.filter(one => one.readyState === 1).length === n;
    await this.#until(all, count, 4 * this.patienceMs);
    return this.page.evaluate(() => window.within);
  }

  // Any answer counts: what is asked for need not be there.
  ping(withinMs = this.patienceMs) {
    return this.page.evaluate(
      async ([origin, ms]) => {
        const from = performance.now();
        const signal = AbortSignal.timeout(ms);
        try {
          const answer = await fetch(`${origin}/ping?${Math.random()}`, { cache: 'no-store', signal });
          await answer.text();
          window.pinged = answer.url;
          return { ms: Math.round(performance.now() - from), blocked: false };
        } catch (error) {
          const blocked = error.name === 'TimeoutError';
          return { blocked, why: blocked ? `blocked for ${ms} ms` : error.message };
        }
      },
      [this.origin, withinMs],
    );
  }
  // By which the last answered ping came: "http/1.1", "h2".
  async protocol() {
    const there = () => performance.getEntriesByName(window.pinged).length > 0;
    await this.#until(there);
    return this.page.evaluate(
      () => performance.getEntriesByName(window.pinged)[0]?.nextHopProtocol ?? 'nothing',
    );
  }

  #until(what, argument, timeout = this.patienceMs) {
    return this.page.waitForFunction(what, argument, { timeout, polling: 10 }).then(
      () => true,
      () => false,
    );
  }
}
