// tests/web/camera_browser.mjs: a door's eyes and keys in a real browser: codes held up to the camera in a film of our own, scanners of four keyboards, self-test, practice
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { access, axe, becomes, close, complaints, launch, lookAfter, page, shot, until } from './kit.mjs';
import { HEIGHT, WIDTH, chance, film, heldUp, letters, nobody, picture, qr } from './camera_video.mjs';
import { CARD, LAYOUTS, heard, pressed } from '../../web/kiosk/layouts.js';
import { checkLetter, readCode } from '../../web/kiosk/code.js';

const { tokens, codes } = access;
const folder = mkdtempSync(join(tmpdir(), 'plenum-camera-'));
const video = join(folder, 'door.y4m');
const [first, second, ...others] = [...codes].reverse();
const FAKE = ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${video}`];
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('playwright-core').Page} */
let k;
after(async () => {
  await browser?.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
});
lookAfter(() => ({ k }));

/** Somebody with one code, a poster in between, somebody with another; and again. */
function* scenes() {
  yield* heldUp(first, 22, 1, 110);
  yield* nobody(12, 2);
  yield* heldUp('HTTPS://EXAMPLE.ORG/POSTER', 10, 3, 150);
  yield* nobody(6, 4);
  yield* heldUp(second, 22, 5, 76);
  yield* nobody(12, 6);
}

/** @param {any} [o] @param {import('playwright-core').Browser} [from] */
async function door(o = {}, from = browser) {
  const context = await from.newContext({ viewport: { width: o.width || 1280, height: o.height || 800 }, colorScheme: o.theme || 'light', locale: o.lang || 'en-GB', timezoneId: 'Europe/Copenhagen', bypassCSP: !!o.axe, permissions: o.permissions || ['camera'] });
  await context.addInitScript((t) => sessionStorage.setItem('plenum-token', t), tokens.kiosks[0]);
  const p = await context.newPage();
  p.on('pageerror', (e) => complaints.push(e.message));
  p.on('console', (m) => m.type() === 'error' && !/status of (401|403)/.test(m.text()) && complaints.push(m.text()));
  if (o.init) await p.addInitScript(o.init);
  await p.goto(`${access.base}/kiosk`);
  await p.locator('.door').waitFor();
  return p;
}

/** Every screen that was shown, as it came. @param {import('playwright-core').Page} p */
const watch = (p) => p.evaluate(() => {
  window['__said'] = [];
  let last = '';
  new MutationObserver(() => {
    const v = /** @type {HTMLElement | null} */ (document.querySelector('.verdict'));
    const now = v ? `${v.className}: ${v.innerText.replace(/\s+/g, ' ')}` : '';
    if (now && now !== last) window['__said'].push(now);
    last = now;
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
});
/** @param {import('playwright-core').Page} p @returns {Promise<string[]>} */
const said = (p) => p.evaluate(() => window['__said']);

/** @param {import('playwright-core').Page} p @param {'camera' | 'scanner' | 'practice'} part */
async function setup(p, part) {
  if (!(await p.locator('[data-open=setup]').count())) await p.locator('[data-panel=setup]').click();
  await p.locator(`[data-part=${part}]`).click();
}
const back = (p) => p.locator('.panel-head button').click();

before(async () => {
  film(video, scenes(), 10);
  browser = await launch(FAKE);
});

test('the reader comes when the camera is switched on, from here, and codes that are held up open the door', async () => {
  k = await door();
  const asked = [];
  k.on('request', (r) => asked.push(r.url()));
  assert.deepEqual(await k.evaluate(() => performance.getEntriesByType('resource').filter((r) => /camera_worker|wasm/.test(r.name)).length), 0);
  await watch(k);
  await setup(k, 'camera');
  await k.getByRole('button', { name: 'Switch the camera on' }).click();
  await k.locator('.viewfinder[data-state=running]').waitFor();
  await until(async () => (await said(k)).filter((s) => /\btick\b/.test(s)).length >= 1);
  await back(k);
  await k.locator('.door .viewfinder video').waitFor();
  await until(async () => (await said(k)).filter((s) => /\btick\b/.test(s)).length >= 2);
  const all = await said(k);
  assert.ok(!all.some((s) => /not a whole|unknown/i.test(s)), `a poster refuses nobody: ${all}`);
  assert.ok(asked.some((u) => /zxing_reader-\w+\.wasm$/.test(u)));
  assert.deepEqual(asked.filter((u) => !u.startsWith(access.base) && !u.startsWith(access.base.replace('http', 'ws'))), [], 'nothing from elsewhere');
  await k.locator('.viewfinder-picture').waitFor();
  await until(async () => !(await k.locator('.verdict').count()));
  await shot(k, 'camera-door-1280-light');
});
