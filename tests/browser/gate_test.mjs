// node gate_test.mjs DIRECTORY: opens the pages of gates there and checks what a reader would see.
// Screenshots go to DIRECTORY/screenshots. Exit status 77: not possible on this machine.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { expectReadable, finish, open, overflow, shots, text, unfold } from './report_page.mjs';

await finish({
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
        await unfold(page);
        assert.ok((await overflow(page)) <= 0, `${name} at ${width}: too wide`);
        await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
      }
    }
    await expectReadable('gate.html', [
      '.verdict.pass',
      '.verdict.fail',
      '.verdict.undecided',
      '.verdict.invalid',
      '.gate .axis span',
      '.gate .value small',
    ]);
  },
});
