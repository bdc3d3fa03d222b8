// tests/web/camera_browser.mjs: a door's eyes and keys in a real browser: codes held up to the camera in a film of our own, scanners of four keyboards, self-test, practice
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE, access, axe, becomes, close, complaints, launch, lookAfter, page, shot, until } from './kit.mjs';
import { HEIGHT, WIDTH, chance, film, heldUp, letters, nobody, picture, qr } from './camera_video.mjs';
import { planOf } from '../../web/kiosk/camera_rules.js';
import { CARD, LAYOUTS, heard, pressed } from '../../web/kiosk/layouts.js';
import { readCode } from '../../web/kiosk/code.js';
import { sql } from './desk_kit.mjs';
import { plenum } from './organise_kit.mjs';

const { tokens, codes } = access;
const folder = mkdtempSync(join(tmpdir(), 'plenum-camera-'));
const video = join(folder, 'door.y4m');
const [first, second] = [...codes].reverse();
/**
 * Codes that read one way alone: which keyboard a scanner believes in must not be guessed while it changes with each scan. Enough of them that none is scanned
 * twice on one page: within ten seconds that would be one scan.
 * @type {string[]}
 */
const plain = [];
const readsOneWay = (/** @type {string} */ c) => !/[YZ]/.test(c) || !readCode(c.replace(/[YZ]/g, (l) => (l === 'Y' ? 'Z' : 'Y')));
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

/** What each page has said to the server. @type {Map<import('playwright-core').Page, string[]>} */
const sentBy = new Map();
/** The codes a page has asked about, in order. @param {import('playwright-core').Page} p */
const asked = (p) => (sentBy.get(p) || []).filter((f) => f.includes('"checkin.admit"')).map((f) => f.match(/"code":"([^"]*)"/)?.[1]);

/** @param {any} [o] @param {import('playwright-core').Browser} [from] */
async function door(o = {}, from = browser) {
  const context = await from.newContext({ viewport: { width: o.width || 1280, height: o.height || 800 }, colorScheme: o.theme || 'light', locale: o.lang || 'en-GB', timezoneId: 'Europe/Copenhagen', bypassCSP: !!o.axe, permissions: o.permissions || ['camera'] });
  const sent = [];
  await context.addInitScript((t) => sessionStorage.setItem('plenum-token', t), tokens.kiosks[0]);
  const p = await context.newPage();
  p.setDefaultTimeout(PATIENCE);
  p.on('pageerror', (e) => complaints.push(e.message));
  p.on('console', (m) => m.type() === 'error' && !/status of (401|403)/.test(m.text()) && complaints.push(m.text()));
  p.on('websocket', (ws) => ws.on('framesent', ({ payload }) => sent.push(String(payload))));
  sentBy.set(p, sent);
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

/** Modifier bits of the protocol. */
const [ALT, CONTROL, SHIFT] = [1, 2, 8];
/** The clock of the scanners' keys: twelve milliseconds a key however slow this machine is, a second between scans. */
let tick = Date.now() / 1000;

/**
 * Keys as a scanner presses them and a computer hears them, through the browser's own input. @param {import('playwright-core').Page} p @param {string} text
 * @param {{scanner?: import('../../web/kiosk/layouts.js').Layout, computer?: import('../../web/kiosk/layouts.js').Layout, caps?: boolean, suffix?: string}} [o]
 */
async function type(p, text, { scanner = 'us', computer = 'us', caps = false, suffix = 'Enter' } = {}) {
  const cdp = await p.context().newCDPSession(p);
  tick = Math.max(tick + 0.5, Date.now() / 1000 - 2);
  const keys = [...heard(pressed(text, scanner), computer, caps), ...(suffix === 'Ctrl+J' ? [{ key: 'j', code: 'KeyJ', control: true }] : suffix ? [{ key: suffix, code: suffix }] : [])];
  const events = [];
  for (const { key, code, shift, alt, control } of keys) {
    const what = { key, code, modifiers: (shift ? SHIFT : 0) + (alt ? ALT : 0) + (control ? CONTROL : 0), timestamp: (tick += 0.012), windowsVirtualKeyCode: key === 'Enter' ? 13 : key === 'Tab' ? 9 : 0 };
    const letter = [...key].length === 1 && !control && !alt ? key : key === 'Enter' ? '\r' : undefined;
    events.push(cdp.send('Input.dispatchKeyEvent', letter ? { type: 'keyDown', text: letter, ...what } : { type: 'rawKeyDown', ...what }));
    events.push(cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...what }));
  }
  await Promise.all(events);
  await cdp.detach();
}

/** @param {import('playwright-core').Page} p @param {'camera' | 'scanner' | 'practice'} part */
async function setup(p, part) {
  if (!(await p.locator('[data-open=setup]').count())) await p.locator('[data-panel=setup]').click();
  await p.locator(`[data-part=${part}]`).click();
}
const back = (p) => p.locator('.panel-head button').click();

before(async () => {
  const emails = Array.from({ length: 58 }, (_, i) => `attendee${i < 18 ? i + 1 : i + 3}@example.org`);
  const { codes: all } = JSON.parse(await plenum('call', 'people.codes', JSON.stringify({ emails, limit: emails.length }), '--into', access.slug, '--json'));
  plain.push(...all.map(({ code }) => code).filter(readsOneWay));
  assert.ok(plain.length >= 22, `${plain.length} codes`);
  film(video, scenes(), 10);
  browser = await launch(FAKE);
});

test('the reader comes when the camera is switched on, from here, and codes that are held up open the door', async () => {
  k = await door();
  const fetched = [];
  k.on('request', (r) => fetched.push(r.url()));
  assert.deepEqual(await k.evaluate(() => performance.getEntriesByType('resource').filter((r) => /camera_worker|wasm/.test(r.name)).length), 0);
  await watch(k);
  await setup(k, 'camera');
  await k.getByRole('button', { name: 'Switch the camera on' }).click();
  await k.locator('.viewfinder[data-state=running]').waitFor();
  await until(async () => (await said(k)).filter((s) => /\btick\b/.test(s)).length >= 1);
  await back(k);
  await k.locator('.door .viewfinder video').waitFor();
  const admitted = () => sql(`select string_agg(p.email, ' ' order by p.email) from admission a join person p on p.id = a.person where a.undone is null`);
  await until(async () => /attendee19@.*attendee20@/.test(admitted()));
  const all = await said(k);
  assert.ok(!all.some((s) => /not a whole|unknown/i.test(s)), `a poster refuses nobody: ${all}`);
  assert.ok(fetched.some((u) => /zxing_reader-\w+\.wasm$/.test(u)));
  assert.deepEqual(fetched.filter((u) => !u.startsWith(access.base) && !u.startsWith(access.base.replace('http', 'ws'))), [], 'nothing from elsewhere');
  await k.locator('.viewfinder-picture').waitFor();
  await until(async () => !(await k.locator('.verdict').count()));
  await shot(k, 'camera-door-1280-light');
});

test('a reader that falls is replaced, a hidden page sleeps and wakes, and the camera is on again after a restart', async () => {
  const looks = async () => Number((await k.locator('.camera-setup .hint.num').innerText().catch(() => '0')).match(/\d+/)?.[0]);
  await setup(k, 'camera');
  await until(async () => (await looks()) > 3);
  const [worker] = k.workers();
  await worker.evaluate(() => self.close());
  await k.getByText('The reader was started again once.').waitFor();
  const before = await looks();
  await until(async () => (await looks()) > before + 3);
  const seen = (state) => k.evaluate((s) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => s });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await seen('hidden');
  await k.locator('.viewfinder[data-state=asleep]').waitFor();
  assert.equal(await k.locator('video').count(), 0, 'the camera is let go');
  await seen('visible');
  await k.locator('.viewfinder[data-state=running] video').waitFor();
  await shot(k, 'camera-setup-1280-light', true);
  await k.reload();
  await k.locator('.door .viewfinder[data-state=running] video').waitFor();
  await setup(k, 'camera');
  await k.getByRole('button', { name: 'Front', exact: true }).click();
  await k.locator('.viewfinder-picture.mirrored').waitFor();
  await k.getByRole('checkbox', { name: /Mirrored/ }).uncheck();
  await k.locator('.viewfinder-picture:not(.mirrored) video').waitFor();
  await k.getByRole('button', { name: 'Switch the camera off' }).click();
  await becomes(() => k.locator('video').count(), 0);
  await k.context().close();
});

test('why it sees nothing, and what to do: refused and then allowed, taken by another program and then free, none at all', async () => {
  const refused = await door({ permissions: [] });
  await setup(refused, 'camera');
  await refused.getByRole('button', { name: 'Switch the camera on' }).click();
  await refused.locator('.viewfinder[data-state=refused]').waitFor();
  await refused.getByText(/Allow it by the sign/).waitFor();
  await shot(refused, 'camera-refused-1280-light');
  await refused.context().grantPermissions(['camera'], { origin: access.base });
  await refused.locator('.viewfinder[data-state=running]').waitFor();
  await refused.context().close();
  const busy = await door({ lang: 'da-DK', theme: 'dark', width: 360, height: 780, init: () => {
    const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (c) => (window['__free'] ? own(c) : Promise.reject(new DOMException('in use', 'NotReadableError')));
  } });
  await setup(busy, 'camera');
  await busy.getByRole('button', { name: 'Tænd kameraet' }).click();
  await busy.locator('.viewfinder[data-state=busy]').waitFor();
  await shot(busy, 'camera-busy-360-dark-da', true);
  assert.equal(await busy.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  await busy.evaluate(() => (window['__free'] = true));
  await busy.locator('.viewfinder[data-state=running]').waitFor();
  await busy.context().close();
  const none = await page('/kiosk', { token: tokens.kiosks[0], width: 1280, height: 800 });
  await setup(none, 'camera');
  await none.getByRole('button', { name: 'Switch the camera on' }).click();
  await none.locator('.viewfinder[data-state=none]').waitFor();
  await none.getByText(/Plug one in/).waitFor();
  await none.context().close();
});

test('A34: 41 squares at 160 pixels, turned by up to 15 degrees, blurred and noisy: at least 95 of 100 within ten looks; so do entry codes from 72 pixels', async () => {
  k = await door();
  await setup(k, 'camera');
  await k.getByRole('button', { name: 'Switch the camera on' }).click();
  await until(async () => k.evaluate(() => performance.getEntriesByType('resource').some((r) => /camera_worker/.test(r.name))));
  await k.getByRole('button', { name: 'Switch the camera off' }).click();
  // The page's own reader, given our pictures one by one.
  await k.evaluate(() => {
    const url = performance.getEntriesByType('resource').find((r) => /camera_worker/.test(r.name))?.name || '';
    const worker = new Worker(window['trustedTypes'].createPolicy('test', { createScriptURL: (u) => u }).createScriptURL(url));
    window['__look'] = async (grey, width, height, plan) => {
      const bytes = Uint8Array.from(atob(grey), (c) => c.charCodeAt(0));
      const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
      for (let i = 0; i < bytes.length; i++) rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = bytes[i];
      const picture = await createImageBitmap(new ImageData(rgba, width, height), plan.x, plan.y, plan.width, plan.height);
      return new Promise((done) => {
        worker.onmessage = (e) => done(e.data);
        worker.postMessage({ id: 1, picture, how: plan }, [picture]);
      });
    };
  });
  const random = chance(41);
  const results = [];
  for (const [length, squares, size, n] of [[128, 41, 160, 30], [20, 21, 72, 8], [20, 21, 160, 8]]) {
    let right = 0;
    let looks = 0;
    let ms = 0;
    for (let i = 0; i < n; i++) {
      const text = letters(random, length);
      const code = qr(text);
      assert.equal(code.n, squares);
      for (let look = 0; look < 10; look++) {
        const grey = picture({ code, size, angle: (random() * 2 - 1) * 15, x: WIDTH / 2 + (random() - 0.5) * 80, y: HEIGHT / 2 + (random() - 0.5) * 60, blur: 0.5 + random(), noise: 18, seed: i * 10 + look });
        const read = await k.evaluate(([g, w, h, plan]) => window['__look'](g, w, h, plan), /** @type {any} */ ([Buffer.from(grey).toString('base64'), WIDTH, HEIGHT, planOf(look, WIDTH, HEIGHT)]));
        looks++;
        ms += read.ms;
        if (!read.found.some((f) => f.text === text)) continue;
        right++;
        break;
      }
    }
    results.push(`${squares} squares at ${size} px: ${right} of ${n}, ${(looks / n).toFixed(2)} looks a code, ${(ms / looks).toFixed(1)} ms a look`);
    assert.ok(right >= n * 0.95, results.join('; '));
  }
  console.log(results.join('\n'));
  await k.context().close();
});

test('A32 and A33: scanners of four keyboards at computers of four, Caps Lock or not, Enter, Tab, a line feed or nothing, marks in front: each code arrives once, as it stands', async () => {
  k = await door();
  const expected = [];
  const endings = ['Enter', 'Tab', '', 'Ctrl+J'];
  const marks = ['', ']Q3', '\\000026', ''];
  let n = 0;
  for (const scanner of LAYOUTS) {
    for (const computer of LAYOUTS) {
      const code = plain[n % plain.length];
      await type(k, marks[(n + (n >> 2)) % 4] + code, { scanner, computer, caps: n % 3 === 2, suffix: endings[n % 4] });
      expected.push(code);
      await becomes(async () => asked(k), expected, `${scanner} to ${computer}, number ${n}`);
      n++;
    }
  }
  assert.equal(k.context().pages().length, 1, 'no downloads were opened');
});

test('a scan goes to the door whatever has the focus, and leaves a field as it was; two in a row are two', async () => {
  await k.getByRole('button', { name: 'Type the code' }).click();
  const field = k.locator('.code-field');
  await field.fill('ABC');
  await field.focus();
  const before = asked(k).length;
  const [a, b, c] = plain.slice(16);
  await type(k, a, { suffix: '' });
  await becomes(async () => asked(k).slice(before), [a]);
  assert.equal(await field.inputValue(), 'ABC');
  await type(k, b);
  await type(k, c);
  await becomes(async () => asked(k).slice(before), [a, b, c]);
  await k.getByRole('button', { name: 'Cancel' }).click();
});

test('while a dialog is open scans wait, and go their way in order when it is closed', async () => {
  await k.evaluate(() => {
    const d = document.createElement('dialog');
    d.textContent = 'Headset handed over?';
    d.append(document.createElement('button'));
    document.body.append(d);
    d.showModal();
  });
  const before = asked(k).length;
  const [a, b] = plain.slice(19);
  await type(k, a);
  await type(k, b, { suffix: 'Tab' });
  await k.getByText('2 scans wait until this is answered').waitFor();
  assert.equal(asked(k).length, before, 'not before');
  await k.evaluate(() => document.querySelector('dialog')?.close());
  await becomes(async () => asked(k).slice(before), [a, b]);
  await k.getByText(/scans? waits? until/).waitFor({ state: 'detached' });
});

test('the self-test names the two keyboards, Caps Lock, lost letters; three unknown codes in a minute lead to it', async () => {
  const finding = (state) => k.locator(`.finding[data-state=${state}]`);
  for (const code of ['AAAAAAAAAAAAAAAAAAAB', 'BBBBBBBBBBBBBBBBBBBC', 'CCCCCCCCCCCCCCCCCCCD']) {
    const before = asked(k).length;
    await type(k, code);
    await until(async () => asked(k).length > before);
  }
  await k.getByText('Wrong event, or wrong keyboard layout?').waitFor();
  await until(async () => !(await k.locator('.verdict').count()));
  await shot(k, 'scanner-doubt-1280-light');
  const before = asked(k).length;
  await k.getByRole('button', { name: 'Test the scanner' }).click();
  await k.getByText('Not scanned yet.').waitFor();
  await type(k, CARD);
  await finding('good').waitFor();
  await type(k, CARD, { scanner: 'us', computer: 'dk' });
  await finding('layout').getByText('The scanner types for a US keyboard, this computer listens for a Danish one.').waitFor();
  await shot(k, 'scanner-test-1280-light', true);
  await type(k, CARD, { scanner: 'de', computer: 'uk', caps: true });
  await finding('layout').getByText('The scanner types for a German keyboard, this computer listens for a British one.').waitFor();
  await type(k, CARD, { caps: true });
  await finding('caps').waitFor();
  await type(k, CARD.slice(0, 14));
  await finding('lost').waitFor();
  await back(k);
  // And from anywhere: the card opens it by itself.
  await type(k, `]Q3${CARD}`, { scanner: 'de', computer: 'dk' });
  await finding('layout').getByText(/German keyboard.*Danish one/).waitFor();
  assert.equal(asked(k).length, before, 'the card is no code');
  await k.context().close();
});

/** What scans leave on the disk: scans, outcomes, rows, and the next number; what is kept of the station and its list comes when it comes. @param {import('playwright-core').Page} p */
const onDisk = (p) => p.evaluate(async () => {
  const kept = [];
  const asked = (/** @type {IDBRequest} */ request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
  for (const { name, version } of await indexedDB.databases()) {
    const base = await asked(indexedDB.open(/** @type {string} */ (name), version));
    for (const store of base.objectStoreNames) {
      const at = base.transaction(store).objectStore(store);
      kept.push([store, store === 'doc' ? await asked(at.get('numbers')) : await asked(at.getAllKeys())]);
    }
    base.close();
  }
  return JSON.stringify(kept);
});

test('practice shows each screen, marked, and writes and sends nothing; a real code is not let in, and the way out is on every screen', async () => {
  k = await door({ axe: true });
  await setup(k, 'practice');
  await becomes(() => k.locator('.samples code').count(), 6);
  const samples = await k.locator('.samples code').allInnerTexts();
  // What is said goes by itself: looked for before it is there.
  const told = (/** @type {string} */ text, /** @type {() => Promise<any>} */ act) => Promise.all([k.getByText(text).waitFor(), act()]);
  await told('A practice code. Practice is off, nothing was recorded.', () => type(k, samples[0]));
  await k.getByRole('button', { name: 'Start practising' }).click();
  await k.locator('.practice-banner').waitFor();
  await until(async () => !(await k.locator('.stray').count()));
  await shot(k, 'practice-1280-light', true);
  assert.deepEqual(await axe(k), []);
  const before = { scans: sql('select count(*) from scan'), disk: await onDisk(k), asked: asked(k).length };
  assert.match(before.disk, /"scan"/, 'it looks at what is kept');
  await watch(k);
  // What stands there goes by itself: what came is read from the list of all that was shown.
  for (const [i, shape] of ['tick', 'bar', 'cross', 'cross', 'cross', 'question'].entries()) {
    await type(k, samples[i].replace(/\s/g, ''));
    await until(async () => (await said(k)).some((s) => new RegExp(`\\b${shape}\\b.*practice`, 'is').test(s)));
    if (i === 0 || i === 5) await shot(k, `practice-${shape}-1280-light`);
    assert.ok(await k.locator('.practice-banner').isVisible());
    await k.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('.verdict'))?.click());
    await k.locator('.verdict').waitFor({ state: 'detached' });
    assert.deepEqual((await said(k)).filter((s) => !/practice/i.test(s)), [], 'each is marked');
    await k.evaluate(() => (window['__said'].length = 0));
  }
  await told('A real code. Stop practising to admit people; nothing was recorded.', () => type(k, plain[0]));
  assert.deepEqual({ scans: sql('select count(*) from scan'), disk: await onDisk(k), asked: asked(k).length }, before);
  await k.locator('.practice-banner').getByRole('button', { name: 'Stop practising' }).click();
  await k.locator('.practice-banner').waitFor({ state: 'detached' });
  await type(k, plain[0]);
  await becomes(async () => asked(k).slice(before.asked), [plain[0]]);
  await k.context().close();
});

test('on a phone, on a large screen, in the dark, in Danish: nothing to the side, nothing axe objects to', async () => {
  film(video, heldUp('HTTPS://EXAMPLE.ORG/POSTER', 6, 3, 150), 10);
  for (const [width, height, theme, lang] of /** @type {const} */ ([[360, 780, 'light', 'en-GB'], [1440, 900, 'dark', 'da-DK']])) {
    k = await door({ width, height, theme, lang, axe: true });
    for (const part of /** @type {const} */ (['camera', 'scanner', 'practice'])) {
      await setup(k, part);
      if (part === 'camera') {
        await k.locator('.camera-setup > .big').first().click();
        await k.locator('.viewfinder-word', { hasText: /not an entry code|ikke en adgangskode/ }).waitFor();
      }
      assert.equal(await k.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${part} ${width}`);
      if (width > 360 || part === 'camera') assert.deepEqual(await axe(k), [], `${part} ${width} ${theme}`);
      await shot(k, `setup-${part}-${width}-${theme}`, true);
    }
    await back(k);
    await k.locator('.door .viewfinder video').waitFor();
    assert.equal(await k.locator('.verdict').count(), 0, 'a poster refuses nobody');
    await shot(k, `camera-door-${width}-${theme}`);
    await k.context().close();
  }
  assert.deepEqual(complaints, []);
});
