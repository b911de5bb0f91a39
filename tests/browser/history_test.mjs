// node history_test.mjs DIRECTORY: opens the pages of histories there and checks what a reader would see.
// Screenshots go to DIRECTORY/screenshots. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { brokenLinks, canvases, finish, open, repeatedIds, shots, text } from './report_page.mjs';

await finish({
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
    assert.deepEqual(await brokenLinks(page), []);
    assert.deepEqual(await repeatedIds(page), []);
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
});
