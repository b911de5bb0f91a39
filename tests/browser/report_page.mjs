// What the tests of reports share: pages of the folder that is their argument, opened in headless
// Chromium without a network, and what is asked of each.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, run } from './chromium.mjs';

export const directory = resolve(process.argv[2]);
export const shots = join(directory, 'screenshots');
mkdirSync(shots, { recursive: true });
export const context = await launch({ offline: true });

// A page of the folder; it must load nothing but itself.
export async function open(
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
export const canvases = page =>
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

// Opens the page in light and in dark; everything that a selector names has to be readable in both.
export async function expectReadable(name, selectors) {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open(name, { colorScheme });
    for (const selector of selectors) {
      const found = await contrast(page, selector);
      assert.ok(found >= 4.5, `${selector} in ${colorScheme}: contrast ${found.toFixed(2)}`);
    }
  }
}

export const overflow = page =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
export const text = (page, selector) => page.locator(selector).first().innerText();

// Links within the page that lead nowhere.
export const brokenLinks = page =>
  page.evaluate(() =>
    [...document.querySelectorAll('a[href^="#"]')]
      .map(a => a.getAttribute('href'))
      .filter(href => !document.getElementById(decodeURIComponent(href.slice(1)))),
  );

export const repeatedIds = page =>
  page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });

export const unfold = (page, open = true) =>
  page.evaluate(
    wanted => document.querySelectorAll('details').forEach(d => (d.open = wanted)),
    open,
  );

export async function finish(tests) {
  await run(context, tests);
  console.log(`screenshots in ${shots}`);
}
