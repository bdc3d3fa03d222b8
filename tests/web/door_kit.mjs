// tests/web/door_kit.mjs: stations at a door in real browsers: paired, cut off, restarted, and what they have on their disks
import { open, PATIENCE, until, wedge } from './kit.mjs';

/**
 * A door waits 1.5 s for the server's word, then goes by its own list. Where a test says what the server's word is, it waits as long as the server
 * takes: 1.5 s are soon over on a busy machine. In the page, before its own scripts.
 */
export const patient = () => {
  const own = window.setTimeout;
  window.setTimeout = /** @type {any} */ ((/** @type {any} */ then, /** @type {any} */ ms, /** @type {any[]} */ ...more) => own(then, ms === 1500 ? 60000 : ms, ...more));
};

/** A paired station's page. `before`: runs in the page before its own scripts. @param {any} it @param {number} which @param {any} [o] */
export async function station(it, which, o = {}) {
  const context = o.context || (await (await open()).newContext({ viewport: { width: o.width || 1280, height: o.height || 800 }, locale: o.lang || 'en-GB', timezoneId: 'Europe/Copenhagen', acceptDownloads: true }));
  await context.addInitScript(patient);
  if (o.before) await context.addInitScript(o.before);
  const p = o.context?.pages()[0] || (await context.newPage());
  p.setDefaultTimeout(PATIENCE);
  p.errors = [];
  p.on('pageerror', (e) => p.errors.push(e.stack || e.message));
  await p.goto(`${it.access.base}/healthz`);
  await p.evaluate((token) => new Promise((done, fail) => {
    const asked = indexedDB.open('plenum', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore('device');
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const tx = asked.result.transaction('device', 'readwrite');
      tx.objectStore('device').put(token, 'kiosk:');
      tx.oncomplete = () => {
        asked.result.close();
        done(null);
      };
    };
  }), it.access.tokens.kiosks[which]);
  await p.goto(`${it.access.base}/kiosk`);
  await p.locator('.door h1').waitFor();
  await connected(p);
  return p;
}

export const network = (p) => p.locator('.network').innerText();
export const connected = (p) => until(async () => /^(Connected|Forbundet)/.test(await network(p)), 90000);
export const cut = (p) => until(async () => /No network|No answer|Intet/.test(await network(p)), 90000);

/** Everything on the station's disk; `name`: another conference's. @param {any} p @param {string} [name] */
export const disk = (p, name = 'plenum-door') => p.evaluate((of) => new Promise((done, fail) => {
  const asked = indexedDB.open(of, 1);
  asked.onerror = () => fail(asked.error);
  asked.onsuccess = () => {
    const out = { scans: [], outcomes: [], rows: [], docs: {} };
    const tx = asked.result.transaction(['scan', 'outcome', 'row', 'doc']);
    tx.objectStore('scan').getAll().onsuccess = (e) => (out.scans = e.target.result);
    tx.objectStore('outcome').getAll().onsuccess = (e) => (out.outcomes = e.target.result);
    tx.objectStore('row').getAll().onsuccess = (e) => (out.rows = e.target.result);
    const docs = tx.objectStore('doc').openCursor();
    docs.onsuccess = () => {
      const c = docs.result;
      if (!c) return;
      out.docs[c.key] = c.value instanceof ArrayBuffer ? c.value.byteLength : c.value;
      c.continue();
    };
    tx.oncomplete = () => {
      asked.result.close();
      done(out);
    };
  };
}), name);
/** @param {any} p @param {string} [name] */
export const snapshotKept = (p, name) => until(async () => !!(await disk(p, name)).docs.snapshot);
/** The worker has all files, and this page's next start is its. */
export const pageKept = (p) => until(() => p.evaluate(() => navigator.serviceWorker.ready.then(async () => (await caches.keys()).some((n) => n.startsWith('plenum-kiosk-')))), 90000);

/** Puts the verdict away that is shown, if there is one still: it goes by itself after two seconds. @param {any} p */
export async function dismiss(p) {
  await p.evaluate(() => /** @type {HTMLElement | null} */ (document.querySelector('.verdict'))?.click());
  await p.locator('.verdict').waitFor({ state: 'detached' });
}

/**
 * The verdict that follows, as it stood there first. The page writes it down: who came to look would come too late on a busy machine.
 * @param {any} p @param {() => Promise<any>} act @param {{over?: boolean}} [o] over: it takes the place of the one that is shown
 */
export async function verdict(p, act, { over = false } = {}) {
  if (!over) await dismiss(p);
  await p.evaluate(() => {
    window['__seen'] = null;
    window['__before'] = document.querySelector('.verdict')?.className;
    window['__watch'] ||= new MutationObserver(() => {
      const v = /** @type {HTMLElement | null} */ (document.querySelector('.verdict'));
      if (!v || window['__seen'] || v.className === window['__before']) return;
      const of = (/** @type {string} */ name) => v.querySelector(name)?.textContent || '';
      window['__seen'] = { kind: v.className, text: v.innerText, word: of('.verdict-word'), name: of('.verdict-name'), path: v.querySelector('path')?.getAttribute('d') || '', ground: getComputedStyle(v).backgroundColor };
    });
    window['__watch'].observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await act();
  await until(() => p.evaluate(() => !!window['__seen']));
  const { kind, text, ...more } = await p.evaluate(() => window['__seen']);
  const [, shape, colour] = kind.split(' ');
  return { shape, colour, text: text.replace(/\n+/g, ' · '), ...more };
}

/** Scans a code and reads the verdict. @param {any} p @param {string} code @param {{stay?: boolean}} [o] */
export async function scan(p, code, o = {}) {
  const said = await verdict(p, () => wedge(p, code));
  if (!o.stay) await dismiss(p);
  return said;
}

/** The same code a second time as soon as the first verdict stands there, both in one go: within how many seconds it is the same scan is the page's to count, not a busy machine's. @param {any} p @param {string} code */
export async function twice(p, code) {
  await dismiss(p);
  const seen = await p.evaluate((text) => new Promise((done) => {
    const all = [];
    let shown = false;
    const type = () => [...text, 'Enter'].forEach((key) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })));
    const watch = new MutationObserver(() => {
      const v = /** @type {HTMLElement | null} */ (document.querySelector('.verdict'));
      if (!!v === shown) return;
      shown = !!v;
      if (!v) return type();
      all.push({ kind: v.className, text: v.innerText });
      if (all.length < 2) return v.click();
      watch.disconnect();
      done(all);
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true });
    type();
  }), code);
  return seen.map(({ kind, text }) => ({ shape: kind.split(' ')[1], colour: kind.split(' ')[2], text: text.replace(/\n+/g, ' · ') }));
}

/** @param {any} it @param {string} text */
export const rows = (it, text) => it.instance.pg.sql('plenum_owner', 'plenum', text);
/** How the server judges a person's scans now, in the order they happened. @param {any} it @param {string} code @param {string[]} columns */
export const judged = (it, email, columns = ['j.verdict', "coalesce(j.reason, '')"]) => rows(it, `
  select ${columns.join(', ')} from scan s join person p on p.id = s.person cross join lateral (select * from judgement j where j.scan = s.scan_id order by j.n desc limit 1) j
  where p.email = '${email}' order by s.at, s.scan_id`);
