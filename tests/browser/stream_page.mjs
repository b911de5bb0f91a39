// stream_page.html in a browser: served at an origin of its own, looked at with deadlines.
import { readFileSync } from 'node:fs';
import { startApp } from './servers.mjs';

const html = readFileSync(new URL('stream_page.html', import.meta.url), 'utf8');
export const servePage = async (_, response) =>
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
export const startPages = () => startApp(servePage);

export const order = n => ({ name: 'orders', type: 'update', id: n, data: { n } });
export const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

export class StreamPage {
  static async open(context, origin) {
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(origin);
    return new StreamPage(page);
  }

  constructor(page) {
    this.page = page;
  }

  // By 'EventSource', 'fetch' or 'WebSocket'; resolves when hello has come.
  async listen(way, base, options = {}) {
    await this.start(way, base, options);
    await this.until(() => window.seen.some(one => one.event === 'hello'));
    return this;
  }
  start(way, base, options = {}) {
    const how = [way, `${base}/events?events=orders`, options];
    return this.page.evaluate(([way, url, options]) => window.listen(way, url, options), how);
  }

  until(what, argument) {
    return this.page.waitForFunction(what, argument);
  }
  seen(event) {
    return this.page.evaluate(e => window.seen.filter(one => one.event === e), event);
  }
  async numbers() {
    return (await this.seen('db')).map(one => one.data.data.n);
  }
  // Until the last of them is there; then they are compared by who asked.
  async numbersUntil(n) {
    const there = wanted => window.seen.some(e => e.event === 'db' && e.data.data.n === wanted);
    await this.until(there, n);
    return this.numbers();
  }
  turns() {
    return this.page.evaluate(() => window.turns);
  }
  untilState(state) {
    return this.until(wanted => window.source.readyState === wanted, state);
  }
}
