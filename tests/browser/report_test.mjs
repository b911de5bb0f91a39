// node report_test.mjs DIRECTORY: opens the reports there in headless Chromium, without a network,
// and checks what a reader would see. Screenshots go to DIRECTORY/screenshots. Exit status 77: not
// possible on this machine.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, run } from './chromium.mjs';

const directory = resolve(process.argv[2]);
const shots = join(directory, 'screenshots');
mkdirSync(shots, { recursive: true });
const context = await launch({ offline: true });

async function open(
  name,
  { width = 1280, height = 900, colorScheme = 'light', script = true } = {},
) {
  const page = await context.newPage();
  const seen = { errors: [], requests: [] };
  page.on('console', message => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  page.on('pageerror', error => seen.errors.push(String(error)));
  page.on('request', request => seen.requests.push(request.url()));
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height });
  const url = pathToFileURL(join(directory, name)).href;
  if (!script)
    await page.addInitScript(() => {
      JSON.parse = () => [];
    });
  await page.goto(url, { waitUntil: 'load' });
  if (script) {
    assert.deepEqual(seen.errors, [], `${name}: no error on the console`);
    assert.deepEqual(seen.requests, [url], `${name}: nothing is loaded but the file`);
  }
  return page;
}

// For each canvas: how many pixels are painted, in how many colours.
const canvases = page =>
  page.evaluate(() =>
    [...document.querySelectorAll('.plot canvas')].map(canvas => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const colours = new Set();
      let painted = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 0) continue;
        ++painted;
        if (data[i + 3] === 255) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
      }
      return { painted, colours: colours.size };
    }),
  );

// The contrast of text on its background, by WCAG 2: 4.5 is readable for everybody.
const contrast = (page, selector) =>
  page.evaluate(wanted => {
    const rgb = text => text.match(/[\d.]+/g).map(Number);
    const luminance = ([r, g, b]) =>
      [r, g, b]
        .map(v => v / 255)
        .map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const element = document.querySelector(wanted);
    let behind = element;
    while (behind && (rgb(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0)
      behind = behind.parentElement;
    const [a, b] = [
      getComputedStyle(element).color,
      getComputedStyle(behind ?? document.body).backgroundColor,
    ].map(colour => luminance(rgb(colour)) + 0.05);
    return Math.max(a, b) / Math.min(a, b);
  }, selector);

const overflow = page =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
const text = (page, selector) => page.locator(selector).first().innerText();

const tests = {
  async 'the answer comes first and every part is there'() {
    const page = await open('reference.html');
    assert.match(await text(page, 'h1'), /fastest|winner/);
    assert.ok((await text(page, '.lead')).length > 20);
    for (const id of [
      'answer',
      'latency',
      'freshness',
      'time',
      'cost',
      'delivery',
      'strategies',
      'trust',
      'method',
      'scenario',
      'glossary',
    ]) {
      assert.equal(await page.locator(`section#${id}`).count(), 1, `section ${id}`);
    }
    const order = await page.evaluate(() =>
      [...document.querySelectorAll('h1, h2, h3')].map(h => h.tagName),
    );
    assert.equal(order.filter(tag => tag === 'H1').length, 1);
    assert.ok(order.length >= 9);
    const undescribed = await page.evaluate(
      () =>
        [...document.querySelectorAll('figure')].filter(f => !f.querySelector('details table'))
          .length,
    );
    assert.equal(undescribed, 0, 'every chart has its figures in a table');
  },

  async 'every chart is drawn, in light and in dark'() {
    const drawn = {};
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('reference.html', { colorScheme });
      const found = await canvases(page);
      assert.equal(
        found.length,
        await page.locator('.plot').count(),
        'every chart is interactive; if none is, configure the build again after npm ci',
      );
      assert.equal(found.length, 4);
      const targets = await page.locator('#answer tbody tr').count();
      for (const { painted, colours } of found) {
        assert.ok(painted > 2000, `${painted} pixels are painted`);
        assert.ok(colours > targets, `${colours} colours for ${targets} lines`);
      }
      drawn[colorScheme] = JSON.stringify(found);
      await page.screenshot({ path: join(shots, `reference-${colorScheme}.png`), fullPage: true });
    }
    assert.notEqual(drawn.light, drawn.dark);
  },

  async 'charts are drawn anew when the colour scheme changes'() {
    const page = await open('reference.html');
    const axis = () => page.evaluate(() => document.querySelector('.plot canvas').toDataURL());
    const before = await axis();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(
      old => document.querySelector('.plot canvas').toDataURL() !== old,
      before,
    );
    assert.equal((await canvases(page)).length, 4);
  },

  async 'text has enough contrast in light and in dark'() {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('troubled.html', { colorScheme });
      for (const selector of [
        'body',
        '.lead',
        '.eyebrow',
        '.basis dt',
        'summary',
        'thead th',
        'td small',
        '.badge.bad',
        '.notices li',
        '.bars p',
        'pre',
        'footer',
      ]) {
        const found = await contrast(page, selector);
        assert.ok(found >= 4.5, `${selector} in ${colorScheme}: contrast ${found.toFixed(2)}`);
      }
      await page.screenshot({ path: join(shots, `troubled-${colorScheme}.png`), fullPage: true });
    }
  },

  async 'nothing is wider than the page, from 360 to 1280 pixels'() {
    for (const name of ['reference', 'troubled', 'several']) {
      for (const width of [360, 768, 1280]) {
        const page = await open(`${name}.html`, { width });
        await page.evaluate(() =>
          document.querySelectorAll('details').forEach(d => {
            d.open = true;
          }),
        );
        assert.ok(
          (await overflow(page)) <= 0,
          `${name} at ${width}: ${await overflow(page)} pixels too wide`,
        );
        await page.evaluate(() =>
          document.querySelectorAll('details').forEach(d => {
            d.open = false;
          }),
        );
        await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
      }
    }
    const page = await open('reference.html', { width: 1280 });
    await page.setViewportSize({ width: 360, height: 800 });
    await page.waitForFunction(() => document.querySelector('.plot .uplot').offsetWidth <= 360);
    assert.ok((await overflow(page)) <= 0, 'charts shrink with the window');
  },

  async 'what comes from a result is shown as text, never as markup'() {
    const page = await open('troubled.html');
    const title = '</script><b>SSE</b><!--';
    assert.equal(await page.locator('b').filter({ hasText: 'SSE' }).count(), 0);
    assert.ok((await text(page, '#answer tbody th')).startsWith(title));
    assert.ok((await page.locator('.legend').first().innerText()).includes(title));
    const label = await page.evaluate(
      () => JSON.parse(document.getElementById('charts').textContent)[0].series[0].label,
    );
    assert.equal(label, title);
  },

  async 'losses, invalid and skipped targets are said in words'() {
    const page = await open('troubled.html');
    const answer = await text(page, '#answer');
    for (const words of [
      'lost 90 deliveries and cannot win',
      '97 % of its core',
      'did not become ready',
      'was skipped',
      'This run counts as invalid',
    ]) {
      assert.ok(answer.includes(words), words);
    }
    assert.equal((await canvases(page)).length, 4);
  },

  async 'the figures under the pointer are read out'() {
    const page = await open('reference.html');
    const plot = page.locator('.plot .u-over').first();
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.4);
    const tip = page.locator('.plot .tip').first();
    await tip.waitFor({ state: 'visible' });
    assert.match(await tip.innerText(), /% of deliveries within/);
    assert.equal(
      await tip.locator('output').count(),
      await page.locator('#answer tbody tr').count(),
    );
    await page.screenshot({ path: join(shots, 'tooltip.png') });
  },

  async 'without the script, and on paper, the still charts are shown'() {
    const still = await open('reference.html', { script: false });
    assert.equal(await still.locator('.plot > svg:visible').count(), 4);
    await still.locator('#latency').screenshot({ path: join(shots, 'still.png') });
    const page = await open('reference.html');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.plot > svg:visible').count(), 4);
    assert.equal(await page.locator('.plot canvas:visible').count(), 0);
    await page.screenshot({ path: join(shots, 'print.png'), fullPage: true });
  },

  async 'several runs stand side by side, each with its own charts'() {
    const page = await open('several.html');
    assert.equal(await page.locator('article').count(), 3);
    assert.equal((await canvases(page)).length, 12);
    assert.equal(await page.locator('#runs tbody').first().locator('tr').count(), 3);
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(e => e.id));
    assert.equal(new Set(ids).size, ids.length, 'no id twice');
    const broken = await page.evaluate(
      () =>
        [...document.querySelectorAll('a[href^="#"]')].filter(
          a => !document.getElementById(a.getAttribute('href').slice(1)),
        ).length,
    );
    assert.equal(broken, 0);
  },

  async 'a decision answers its question on the first screen'() {
    const page = await open('decision.html');
    assert.equal(await text(page, 'h1'), 'Server-sent events');
    assert.match(await text(page, '.question'), /should we build/);
    assert.match(await text(page, '#answer .basis'), /97.0 % of the draws.*WebSocket/s);
    const bottom = await page.locator('.tally').first().boundingBox();
    assert.ok(bottom.y + bottom.height < 900, 'question, answer, sureness and tally are in sight');
    assert.equal((await canvases(page)).length, 10);
    for (const { painted } of await canvases(page)) assert.ok(painted > 1500);
    const broken = await page.evaluate(() =>
      [...document.querySelectorAll('a[href^="#"]')]
        .map(a => a.getAttribute('href'))
        .filter(href => !document.getElementById(decodeURIComponent(href.slice(1)))),
    );
    assert.deepEqual(broken, []);
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(e => e.id));
    assert.equal(new Set(ids).size, ids.length, 'no id twice');
  },

  async 'a decision, a target and a history fit a phone, everything opened'() {
    for (const name of ['decision', 'target', 'history']) {
      const page = await open(`${name}.html`, { width: 375, height: 800 });
      await page.evaluate(() => document.querySelectorAll('details').forEach(d => (d.open = true)));
      assert.ok((await overflow(page)) <= 0, `${name}: ${await overflow(page)} pixels too wide`);
    }
  },

  async 'a claim opens by keyboard to its checks, and leads to the experiment'() {
    const page = await open('decision.html');
    assert.equal(await page.locator('.claims > li').count(), 6);
    const claim = page.locator('#claim-C07');
    assert.match(await claim.locator('summary').innerText(), /depends[\s\S]*refuted for server CPU/);
    assert.equal(await claim.locator('b').count(), 0, 'a claim is text');
    await claim.locator('summary').focus();
    await page.keyboard.press('Enter');
    await claim.locator('table').waitFor({ state: 'visible' });
    const row = await claim.locator('tbody tr').nth(1).innerText();
    for (const words of ['0.86', '0.84 – 0.89', 'from 0.9', 'refuted', 'fan-out'])
      assert.ok(row.replace('0.900', '0.9').includes(words), `${words} in ${row}`);
    await claim.locator('a').first().click();
    assert.match(page.url(), /#experiment-fan-out$/);
  },

  async 'verdicts can be read in light and in dark, and told apart without colour'() {
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('decision.html', { colorScheme });
      for (const style of ['confirmed', 'refuted', 'depends', 'undecided', 'untested']) {
        const found = await contrast(page, `.verdict.${style}`);
        assert.ok(found >= 4.5, `${style} in ${colorScheme}: contrast ${found.toFixed(2)}`);
      }
      for (const selector of ['.question', '.claims .figure', '.claims .id', '.trace']) {
        const found = await contrast(page, selector);
        assert.ok(found >= 4.5, `${selector} in ${colorScheme}: contrast ${found.toFixed(2)}`);
      }
    }
    const page = await open('decision.html');
    const marks = await page.locator('.tally .verdict span').allInnerTexts();
    assert.equal(new Set(marks).size, marks.length);
  },

  async 'every figure says which scenario, seed and part of the result it comes from'() {
    const page = await open('decision.html');
    const origins = await page.evaluate(() =>
      [...document.querySelectorAll('figure')].map(
        figure => figure.querySelector('.trace')?.textContent ?? '',
      ),
    );
    assert.ok(origins.length >= 10);
    for (const origin of origins) assert.match(origin, /result\.json: /);
    assert.ok(
      origins.some(origin =>
        /fan-out\.toml .*seed 7, blocks 0 to 2 .*experiments\[1\]\.result\.targets/.test(origin),
      ),
    );
  },

  async 'a figure file is a picture of its own'() {
    const page = await context.newPage();
    const requests = [];
    page.on('request', request => requests.push(request.url()));
    await page.goto(pathToFileURL(join(directory, 'fan-out-latency.svg')).href);
    assert.equal(requests.length, 1);
    assert.equal(await page.evaluate(() => document.querySelectorAll('script').length), 0);
    assert.ok((await page.evaluate(() => document.querySelector('title').textContent)).length > 10);
    const lines = await page.evaluate(() =>
      [...document.querySelectorAll('.line')].map(line => getComputedStyle(line).stroke),
    );
    assert.ok(lines.length >= 12 && lines.every(stroke => stroke !== 'none'));
  },

  async 'a gate says its verdict first, and shows each change as an interval between its limits'() {
    const page = await open('gate.html');
    assert.equal(await text(page, 'h1'), 'A regression');
    assert.match(await text(page, '.lead'), /fail[\s\S]*SSE \/ Event, median subscriber/);
    const box = mark => page.locator(`#target-0 .bar:first-of-type .${mark}`).boundingBox();
    const [zero, tolerance, limit, range, point] = await Promise.all(
      ['track .zero', 'track .tolerance', 'track .limit', 'range', 'point'].map(box),
    );
    const lefts = [zero, tolerance, limit, range].map(mark => mark.x);
    assert.deepEqual([...lefts].sort((a, b) => a - b), lefts, 'the marks stand in their order');
    assert.ok(range.x < point.x && point.x + point.width < range.x + range.width);
    assert.ok(range.width > 20 && range.height > 5 && zero.height > 15, 'they are to be seen');
    await page.screenshot({ path: join(shots, 'gate.png'), fullPage: true });
  },

  async 'a gate fits a phone, whatever its names are, and can be read in light and in dark'() {
    for (const name of ['gate', 'hostile-gate']) {
      for (const width of [360, 1280]) {
        const page = await open(`${name}.html`, { width });
        await page.evaluate(() =>
          document.querySelectorAll('details').forEach(d => (d.open = true)),
        );
        assert.ok((await overflow(page)) <= 0, `${name} at ${width}: too wide`);
        await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
      }
    }
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('gate.html', { colorScheme });
      for (const selector of [
        '.verdict.pass',
        '.verdict.fail',
        '.verdict.undecided',
        '.verdict.invalid',
        '.gate .axis span',
        '.gate .value small',
      ]) {
        const found = await contrast(page, selector);
        assert.ok(found >= 4.5, `${selector} in ${colorScheme}: contrast ${found.toFixed(2)}`);
      }
    }
  },

  async 'a target has a page with its repetitions, seeds and checks'() {
    const page = await open('target.html');
    const body = await text(page, 'main');
    for (const words of ['poll-rate', 'fan-out', 'suspect', 'targets[1].repetitions[2]'])
      assert.ok(body.includes(words), words);
    assert.equal((await canvases(page)).length, 2);
  },

  async 'a run says in one table whether its figures can be trusted'() {
    const page = await open('troubled.html');
    const trust = await text(page, '#trust');
    for (const words of ['With reservations', 'Not measured validly', 'There was no null server'])
      assert.ok(trust.includes(words), words);
    assert.equal(await page.locator('#trust tbody').first().locator('tr').count(), 5);
  },

  async 'a history lists its change points on the first screen'() {
    const page = await open('history.html');
    assert.equal(await text(page, 'h1'), '10 change points in 60 results');
    assert.match(
      await text(page, '.lead'),
      /^SSE .*Latency, median, rose by 1\d\.\d % at run \S+, commit \S+, 2026-\d\d-\d\d, p < 0\.0001\.$/,
    );
    const table = page.locator('main > .table').first();
    const box = await table.boundingBox();
    assert.ok(box.y + box.height < 900, 'the table is in sight');
    const rows = await table.locator('tbody tr').allInnerTexts();
    assert.equal(rows.length, 10);
    assert.ok(rows.some(row => /WebSocket.*Bytes per delivery.*\+20\.0 %.*worse/s.test(row)));
    assert.match(await table.locator('caption').innerText(), /Since 2026-02-13, commit .*, run /);
    await page.screenshot({ path: join(shots, 'history.png') });
  },

  async 'each change point leads to its chart, where it is marked'() {
    const page = await open('history.html');
    const link = page.locator('main > .table a').first();
    const id = (await link.getAttribute('href')).slice(1);
    await link.click();
    const chart = page.locator(`figure[id="${id}"]`);
    assert.match(await chart.locator('figcaption').innerText(), /rose by .* on 2026-02-13/);
    assert.equal(await chart.locator('.legend li').count(), 2, 'the values and their level');
    assert.equal(await chart.locator('svg .crossing').count(), 1);
    assert.equal(await chart.locator('canvas').count(), 1);
    const broken = await page.evaluate(
      () =>
        [...document.querySelectorAll('a[href^="#"]')].filter(
          a => !document.getElementById(a.getAttribute('href').slice(1)),
        ).length,
    );
    assert.equal(broken, 0);
    const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(e => e.id));
    assert.equal(new Set(ids).size, ids.length, 'no id twice');
  },

  async 'a folded chart of a history is drawn when it is opened'() {
    const page = await open('history.html');
    const folded = page.locator('details.more').first();
    assert.equal(await folded.locator('canvas').count(), 0);
    await folded.locator('summary').first().click();
    await folded.locator('canvas').first().waitFor({ state: 'visible' });
    const plot = folded.locator('.u-over').first();
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const tip = folded.locator('.tip').first();
    await tip.waitFor({ state: 'visible' });
    assert.match(await tip.innerText(), /2026-\d\d-\d\d · c[0-9a-f]{6} · \d{8}-\d{6}-nightly/);
  },

  async 'every chart of a history says what its values are, also in the dark and without script'() {
    const page = await open('history.html', { colorScheme: 'dark' });
    for (const { painted } of await canvases(page)) assert.ok(painted > 1500);
    const labels = await page.evaluate(() =>
      JSON.parse(document.getElementById('charts').textContent).map(chart => chart.yLabel),
    );
    assert.ok(labels.length > 50);
    for (const label of labels) assert.match(label, /^(Multiple of the null|As measured)/);
    const still = await open('history.html', { script: false });
    assert.ok((await still.locator('.plot > svg:visible').count()) >= 20);
  },

  async 'a short history says that it is too short'() {
    const page = await open('short-history.html');
    assert.equal(await text(page, 'h1'), 'No change points in 4 results');
    assert.match(await text(page, '.lead'), /from 12 results of a target on; there are 4/);
  },
};

await run(context, tests);
console.log(`screenshots in ${shots}`);
