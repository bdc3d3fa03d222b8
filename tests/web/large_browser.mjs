// tests/web/large_browser.mjs: a congress of 1,007 events on the attend page: all of it there, little of it in the document at once, still while scrolling
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { access, close, complaints, page, shift, shot, still, until } from './kit.mjs';

const run = promisify(execFile);
const congress = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../shared/data/38c3-schedule.xml');
const missing = !existsSync(congress) && 'the file is not here';
after(close);

/** Runs in the page: from top to bottom, more than half a screen at a time. The longest step is said, never judged. */
async function scrollThrough() {
  const titles = new Set();
  const scroller = document.scrollingElement;
  let longest = 0;
  let last = performance.now();
  for (let at = 0, still = 0; still < 3; at += innerHeight * 0.6) {
    scroller.scrollTop = at;
    // What came near is drawn when the browser says so, which is a task of its own: until nothing in sight is empty.
    for (let left = 200; left; left--) {
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
      const empty = [...document.querySelectorAll('.piece')].some((x) => !x.childElementCount && x.getBoundingClientRect().bottom > 0 && x.getBoundingClientRect().top < innerHeight);
      if (!empty) break;
    }
    longest = Math.max(longest, Math.round(performance.now() - last));
    last = performance.now();
    for (const slot of document.querySelectorAll('.slot')) titles.add(slot.textContent);
    still = at > scroller.scrollHeight - innerHeight ? still + 1 : 0;
  }
  return { titles: [...titles], longest };
}

test('1,007 events: shown, searched, scrolled', { skip: missing }, async () => {
  await run(path.join(process.env.PLENUM_BIN, 'plenum'), ['import', 'schedule', congress, '--into', 'congress', '--dsn', access.app_dsn]);
  for (const width of [1440, 360]) {
    const p = await page('/e/congress/attend', { width });
    await p.locator('.slot').first().waitFor();
    await still(p);
    await shot(p, `congress-${width}-light`);
    const nodes = await p.evaluate(() => document.querySelectorAll('*').length);
    assert.ok(nodes < 4000, `${nodes} elements in the document`);
    assert.ok((await shift(p)) <= 0.02, 'layout shift while loading');
    // Some things are held every day under one name: counted by the day.
    const seen = { entries: 0, longest: 0 };
    for (const day of await p.locator('.days button').all()) {
      await day.click();
      await until(async () => (await day.getAttribute('aria-pressed')) === 'true');
      await p.locator('.slot').first().waitFor();
      const part = await p.evaluate(scrollThrough);
      seen.entries += part.titles.length;
      seen.longest = Math.max(seen.longest, part.longest);
    }
    console.log(`${width} px: ${seen.entries} different entries, ${nodes} elements at once, longest step ${seen.longest} ms, layout shift ${(await shift(p)).toFixed(3)}`);
    assert.ok(seen.entries >= 1000, `${seen.entries} entries seen`);
    await p.evaluate(() => scrollTo(0, 0));
    await p.locator('input[type=search], .filters input').first().fill('opening ceremony');
    await until(async () => (await p.locator('.slot').count()) < 10 && (await p.locator('.slot', { hasText: 'Opening Ceremony' }).count()) > 0);
    await shot(p, `congress-search-${width}-light`);
    await p.context().close();
  }
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints, []));
