// node decision_test.mjs DIRECTORY: opens the pages of decisions there, checks what a reader would see.
// Screenshots go to DIRECTORY/screenshots. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  brokenLinks,
  canvases,
  context,
  directory,
  expectReadable,
  finish,
  open,
  overflow,
  repeatedIds,
  text,
  unfold,
} from './report_page.mjs';

await finish({
  async 'a decision answers its question on the first screen'() {
    const page = await open('decision.html');
    assert.equal(await text(page, 'h1'), 'Server-sent events');
    assert.match(await text(page, '.question'), /should we build/);
    assert.match(await text(page, '#answer .basis'), /97.0 % of the draws.*WebSocket/s);
    const bottom = await page.locator('.tally').first().boundingBox();
    assert.ok(bottom.y + bottom.height < 900, 'question, answer, sureness and tally are in sight');
    assert.equal((await canvases(page)).length, 10);
    for (const { painted } of await canvases(page)) assert.ok(painted > 1500);
    assert.deepEqual(await brokenLinks(page), []);
    assert.deepEqual(await repeatedIds(page), []);
  },

  async 'a decision, a target and a history fit a phone, everything opened'() {
    for (const name of ['decision', 'target', 'history']) {
      const page = await open(`${name}.html`, { width: 375, height: 800 });
      await unfold(page);
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
    for (const words of ['0.86', '0.84 – 0.89', '0.90 to 1.10', 'refuted', 'fan-out'])
      assert.ok(row.includes(words), `${words} in ${row}`);
    await claim.locator('a').first().click();
    assert.match(page.url(), /#experiment-fan-out$/);
  },

  async 'verdicts can be read in light and in dark, and told apart without colour'() {
    const styles = ['confirmed', 'refuted', 'depends', 'undecided', 'untested'];
    await expectReadable('decision.html', [
      ...styles.map(style => `.verdict.${style}`),
      ...['.question', '.claims .figure', '.claims .id', '.trace'],
    ]);
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

  async 'a target has a page with its repetitions, seeds and checks'() {
    const page = await open('target.html');
    const body = await text(page, 'main');
    for (const words of ['poll-rate', 'fan-out', 'suspect', 'targets[1].repetitions[2]'])
      assert.ok(body.includes(words), words);
    assert.equal((await canvases(page)).length, 2);
  },
});
