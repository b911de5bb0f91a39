// node report_test.mjs DIRECTORY: opens the pages of runs there and checks what a reader would see.
// Screenshots go to DIRECTORY/screenshots. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  brokenLinks,
  canvases,
  expectReadable,
  finish,
  open,
  overflow,
  repeatedIds,
  shots,
  text,
  unfold,
} from './report_page.mjs';

await finish({
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
    await expectReadable('troubled.html', [
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
    ]);
    for (const colorScheme of ['light', 'dark']) {
      const page = await open('troubled.html', { colorScheme });
      await page.screenshot({ path: join(shots, `troubled-${colorScheme}.png`), fullPage: true });
    }
  },

  async 'nothing is wider than the page, from 360 to 1280 pixels'() {
    for (const name of ['reference', 'troubled', 'several']) {
      for (const width of [360, 768, 1280]) {
        const page = await open(`${name}.html`, { width });
        await unfold(page);
        assert.ok(
          (await overflow(page)) <= 0,
          `${name} at ${width}: ${await overflow(page)} pixels too wide`,
        );
        await unfold(page, false);
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
    assert.deepEqual(await repeatedIds(page), []);
    assert.deepEqual(await brokenLinks(page), []);
  },

  async 'a run says in one table whether its figures can be trusted'() {
    const page = await open('troubled.html');
    const trust = await text(page, '#trust');
    for (const words of ['With reservations', 'Not measured validly', 'There was no null server'])
      assert.ok(trust.includes(words), words);
    assert.equal(await page.locator('#trust tbody').first().locator('tr').count(), 5);
  },
});
