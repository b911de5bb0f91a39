// A headless Chromium for one test program, and the loop over its tests. Exit status 77: not possible
// on this machine.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const skip = reason => {
  console.log(`SKIP: ${reason}`);
  process.exit(77);
};

export async function launch({ offline = false, args = [] } = {}) {
  if (!existsSync(chromiumPath)) skip(`${chromiumPath} is not there: apt-get install chromium`);
  const { chromium } = await import('playwright-core').catch(() =>
    skip('playwright-core is not there: npm ci'),
  );
  const profile = mkdtempSync(join(tmpdir(), 'pushlab-chromium-'));
  process.on('exit', () => rmSync(profile, { recursive: true, force: true }));
  return chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
    ignoreHTTPSErrors: true, // of certificates that a test made
    offline,
  });
}

// Runs them in turn, each with pages of its own, closes the browser and sets the exit status.
export async function run(context, tests) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test();
      console.log(`ok      ${name}`);
    } catch (error) {
      ++failed;
      console.log(`FAILED  ${name}\n        ${error.message.replace(/\n/g, '\n        ')}`);
    }
    for (const page of context.pages()) await page.close();
  }
  await context.close();
  console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
