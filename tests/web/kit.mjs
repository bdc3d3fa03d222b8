// tests/web/kit.mjs: what the browser tests share: Chromium, signed-in pages, screenshots, axe
import assert from 'node:assert/strict';
import { afterEach } from 'node:test';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, '../../web/package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const access = process.env.PLENUM_ACCESS ? JSON.parse(readFileSync(process.env.PLENUM_ACCESS, 'utf8')) : null;
const shots = process.env.PLENUM_SCREENSHOTS || join(here, '../../build/screenshots');
mkdirSync(shots, { recursive: true });

const ARGS = '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars'.split(' ');
const WHOLE = '/usr/bin/chromium';
// The same engine of the same source package without a desktop's windows: half the processor's time a page (decision 43).
const SHELL = '/usr/bin/chromium-headless-shell';
const ordinary = process.env.PLENUM_CHROMIUM || (existsSync(SHELL) ? SHELL : WHOLE);

/** The whole of Debian's Chromium: for what the shell has not, cameras, microphones and what outlives the browser's end. @param {string[]} [more] */
export const launch = (more = []) => chromium.launch({ executablePath: WHOLE, args: [...ARGS, ...more] });

/** How long a condition may take on a machine with ten times the work: a test that passes never waits for it. */
export const PATIENCE = Number(process.env.PLENUM_PATIENCE || 45000);

/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Promise<import('playwright-core').Browser> | undefined} */
let starting;
/** One, also where several pages are opened at once: a second would be closed by nobody. */
export const open = async () => (browser = await (starting ||= chromium.launch({ executablePath: ordinary, args: ARGS })));

/** A browser of its own that keeps what it knows in `dir`, as a screen's does over a restart. @param {string} dir @param {any} [o] */
export const keeping = (dir, o) => chromium.launchPersistentContext(dir, { executablePath: WHOLE, args: ARGS, ...o });
export const close = async () => browser?.close();

/** Those of `page` that are open: a failure shows them, too. @type {Set<import('playwright-core').Page>} */
const opened = new Set();

/** Everything a page says that it should not have said. */
export const complaints = [];

/**
 * A page of its own context, signed in by token where one is given.
 * @param {string} path @param {{token?: string, width?: number, height?: number, theme?: 'light' | 'dark', lang?: string, axe?: boolean, reduced?: boolean, deaf?: boolean, base?: string, zone?: string, before?: () => void}} [o] before: runs in the page before its own scripts
 */
export async function page(path, o = {}) {
  await open();
  const context = await browser.newContext({
    viewport: { width: o.width || 1440, height: o.height || (o.width && o.width < 600 ? 780 : 900) },
    colorScheme: o.theme || 'light',
    locale: o.lang || 'en-GB',
    timezoneId: o.zone || 'Europe/Copenhagen',
    reducedMotion: o.reduced ? 'reduce' : 'no-preference',
    bypassCSP: !!o.axe,
    hasTouch: (o.width || 1440) < 600,
  });
  if (o.before) await context.addInitScript(o.before);
  if (o.token) await context.addInitScript((t) => sessionStorage.setItem('plenum-token', t), o.token);
  if (o.deaf) {
    // Pushes reach the page only until `window.__deaf` is set: what a lost push looks like. Nor does a ping say that one is missing, and what came with them arrives.
    await context.addInitScript(() => {
      const Own = window.WebSocket;
      window.WebSocket = class extends Own {
        set onmessage(f) {
          super.onmessage = (e) => {
            if (!window['__deaf']) return f.call(this, e);
            const heard = [].concat(JSON.parse(e.data)).filter((m) => m.method !== 'event').map((m) => (m.method === 'ping' ? { ...m, params: {} } : m));
            if (heard.length) f.call(this, new MessageEvent('message', { data: JSON.stringify(heard) }));
          };
        }
      };
    });
  }
  await context.addInitScript(() => {
    // The browser forgets what was fetched after 250 entries, and pieces of a stream are many.
    performance.setResourceTimingBufferSize(10000);
    window['__shift'] = 0;
    window['__moved'] = [];
    new PerformanceObserver((l) => l.getEntries().forEach((e) => e['hadRecentInput'] || (window['__shift'] += e['value'], window['__moved'].push(...e['sources'].map((s) => `${s.node?.outerHTML?.slice(0, 60) || s.node?.textContent} ${s.previousRect.y} to ${s.currentRect.y}`))))).observe({ type: 'layout-shift', buffered: true });
  });
  const p = await context.newPage();
  opened.add(p);
  p.on('close', () => opened.delete(p));
  p.setDefaultTimeout(PATIENCE);
  // What is written on the page: the same words in the region for screen readers, a moment later, would be a second match.
  const anywhere = p.getByText.bind(p);
  p.getByText = (text, options) => anywhere(text, options).and(p.locator(':not(.out-of-sight[role=status])'));
  p.on('pageerror', (e) => complaints.push(`${path}: ${e.message}`));
  // A guest's ticket is refused by design, and the browser says so; it also says that a page gave up a line that was not there in eight seconds.
  p.on('console', (m) => m.type() === 'error' && !/status of (401|403)|closed before the connection is established/.test(m.text()) && complaints.push(`${path}: ${m.text()}`));
  await p.goto((o.base || access.base) + path);
  return p;
}

/** @param {import('playwright-core').Page} p @param {string} name @param {boolean} [full] */
export const shot = (p, name, full = false) => p.screenshot({ path: join(shots, `${name}.png`), fullPage: full, animations: 'disabled' });

/** How the pages looked when a test failed, and what they said had gone wrong: those named, and all others of `page` that are open. @param {() => Record<string, import('playwright-core').Page | undefined>} pages */
export const lookAfter = (pages = () => ({})) => afterEach(async (/** @type {any} */ t) => {
  if (t.passed !== false && !t.error) return;
  const named = Object.entries(pages());
  const more = [...opened].filter((p) => !named.some(([, x]) => x === p)).map((p, i) => /** @type {const} */ ([`page-${i}`, p]));
  for (const [name, p] of [...named, ...more]) {
    if (!p || p.isClosed()) continue;
    await shot(p, `failed-${name}-${t.name.slice(0, 24).replace(/\W+/g, '-')}`).catch(() => {});
    console.log(name, p.url(), await p.locator('.notice, .error').allInnerTexts().catch(() => ''));
  }
});

/** Violations of WCAG 2.2 A and AA, one line each. A colour on its way to another is not judged. @param {import('playwright-core').Page} p */
export async function axe(p) {
  await p.evaluate(() => Promise.all(document.getAnimations().filter((a) => a instanceof CSSTransition).map((a) => a.finished.catch(() => {}))));
  if (await p.evaluate(() => !window['axe'])) await p.addScriptTag({ content: axeSource });
  // Without `preload`: it reads every style sheet again, for rules that are not among these, and doubles the time.
  const result = await p.evaluate(() => window['axe'].run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'], preload: false }));
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] || ''}`).join(' | ')}`);
}

/** Asked again and again from here: the page's own policy forbids evaluating text. @param {() => Promise<boolean>} ask */
export async function until(ask, ms = PATIENCE) {
  const end = Date.now() + ms;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${ask}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

/** Until it answers just that; what it answered last is in the failure. @template T @param {() => Promise<T>} ask @param {T} expected @param {string} [why] */
export async function becomes(ask, expected, why) {
  let last = await ask();
  for (const end = Date.now() + PATIENCE; !isDeepStrictEqual(last, expected) && Date.now() < end; last = await ask()) await new Promise((r) => setTimeout(r, 100));
  assert.deepEqual(last, expected, why);
}

/**
 * The page has come to rest: its letters and pictures are there, and over several frames nothing was added, grew or moved. Frames are counted, not time:
 * under load they are few. Before anything is measured or looked at. @param {import('playwright-core').Page} p
 */
export const still = (p) => p.evaluate(async () => {
  const look = () => [document.querySelectorAll('*').length, document.documentElement.scrollHeight, document.body.innerText.length, window['__shift'], scrollY, document.fonts.status, [...document.images].every((x) => x.complete)].join();
  for (let same = 0, last = '', left = 400; same < 6 && left; left--) {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
    const now = look();
    same = now === last ? same + 1 : 0;
    last = now;
  }
});

/** Where something is, once it stays there. @param {import('playwright-core').Locator} locator */
export async function box(locator) {
  /** @type {{x: number, y: number, width: number, height: number} | null} */
  let found = null;
  let same = 0;
  await until(async () => {
    const now = await locator.boundingBox({ timeout: 2000 }).catch(() => null);
    same = now && isDeepStrictEqual(now, found) ? same + 1 : 0;
    found = now;
    return same >= 2;
  });
  return found;
}

/** Into sight, also where a list puts another element in its place meanwhile. @param {import('playwright-core').Locator} locator */
export const intoView = (locator) => until(() => locator.scrollIntoViewIfNeeded({ timeout: 2000 }).then(() => true, () => false));

/** The last of a list that draws only what is near: what is drawn on the way changes its length, so until it rests. @param {import('playwright-core').Page} p @param {string} what */
export const toLast = (p, what) => until(() => p.evaluate((selector) => {
  const before = scrollY;
  [...document.querySelectorAll(selector)].at(-1)?.scrollIntoView({ block: 'end' });
  return !!document.querySelector(selector) && scrollY === before;
}, what));

/** The six digits of the mail to an address that was written since then: a second code to the same address may follow within a second. @param {string} address @param {number} since */
export async function mailedCode(address, since) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((r) => setTimeout(r, 200))) {
    for (const name of readdirSync(access.mail).filter((n) => n.endsWith('.eml'))) {
      const text = readFileSync(join(access.mail, name), 'utf8');
      if (!text.includes(`To: ${address}`) && !text.includes(`<${address}>`)) continue;
      // The disk's clock moves in steps of a few milliseconds.
      if (statSync(join(access.mail, name)).mtimeMs < since - 20) continue;
      const digits = text.split(/\r?\n\r?\n/).slice(1).join('\n').match(/\b\d{6}\b/);
      if (digits) return digits[0];
    }
  }
  throw new Error(`no mail to ${address}`);
}

export const shift = (p) => p.evaluate(() => window['__shift']);
/** What moved, for the failure. */
export const moved = (p) => p.evaluate(() => window['__moved'].join('\n'));
/** What a keyboard-wedge scanner does. @param {import('playwright-core').Page} p @param {string} text */
export const wedge = async (p, text) => {
  await p.evaluate((t) => {
    for (const key of [...t, 'Enter']) document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }, text);
};
