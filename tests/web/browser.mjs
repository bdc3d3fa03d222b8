// tests/web/browser.mjs: the pages in Chromium against a running demo (PLENUM_ACCESS): flows, accessibility, stillness, screenshots
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, close, complaints, page, shift, shot, still, until, wedge } from './kit.mjs';

if (!access) {
  console.error('set PLENUM_ACCESS to the access.json of a running demo');
  process.exit(2);
}
const { tokens } = access;
// Ten questions a talk is what one person may ask: each run is somebody else.
const first = Math.floor(Date.now() / 1000) % (tokens.attendees.length - 1);
const [asker, voter] = tokens.attendees.slice(first);
const talk = `#/talk/${access.talk}`;
const stagePath = `/stage/${access.room}`;
const unique = Date.now().toString(36);
after(close);

/** What a kiosk says is gone after two seconds: it is written down as it comes, so that a slow machine misses nothing. */
const attentive = (p) => p.evaluate(() => {
  window['__verdicts'] = [];
  let last = '';
  new MutationObserver(() => {
    const v = /** @type {HTMLElement | null} */ (document.querySelector('.verdict'));
    const now = v ? JSON.stringify([v.className, v.innerText]) : '';
    if (now && now !== last) window['__verdicts'].push({ shape: v?.className, text: v?.innerText });
    last = now;
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
});
/** The verdict that follows. @param {import('playwright-core').Page} p @param {() => Promise<any>} act @returns {Promise<{shape: string, text: string}>} */
async function verdict(p, act) {
  await p.locator('.verdict').waitFor({ state: 'detached' });
  await p.evaluate(() => (window['__verdicts'].length = 0));
  await act();
  let found;
  await until(async () => !!(found = (await p.evaluate(() => window['__verdicts'])).find((v) => !/\bwait\b/.test(v.shape))));
  return found;
}

const question = (p, text) => p.locator('.question, .item, .own li', { hasText: text }).first();

test('guest: the front page says what, where and when, and leads to the programme', async () => {
  const p = await page('/', { width: 360 });
  await p.locator('h1').waitFor();
  await until(async () => /2021/.test(await p.locator('.facts').innerText()));
  await p.locator('.topics li').first().waitFor();
  await p.locator('.hero-go a.primary').click();
  await p.locator('.slot').first().waitFor();
  await p.locator('.bar').getByText('Sign in').waitFor();
  await p.context().close();
});

test('guest: asking leads to signing in, and the words are kept', async () => {
  const p = await page(`/attend${talk}`);
  await p.locator('#ask-text').fill('Kept while I sign in?');
  await p.locator('.ask button[type=submit]').click();
  await p.locator('dialog[open]').waitFor();
  await p.keyboard.press('Escape');
  await until(async () => (await p.locator('#ask-text').inputValue()) === 'Kept while I sign in?');
  await p.context().close();
});

test('a question: asked, approved, voted for, on stage, answered', async () => {
  const text = `What changes for the patient? ${unique}`;
  const a = await page(`/attend${talk}`, { token: asker, width: 360 });
  const b = await page(`/attend${talk}`, { token: voter });
  const m = await page(`/moderate${talk}`, { token: tokens.moderator });
  const s = await page(stagePath, { token: tokens.moderator });
  await m.locator('.column.pending').waitFor();
  await a.locator('#ask-text').fill(text);
  await a.locator('.ask button[type=submit]').click();
  await question(a, text).getByText(/waiting for a moderator/).waitFor();
  await shot(a, 'attend-asked-360-light');
  assert.equal(await b.locator('.question', { hasText: text }).count(), 0, 'nobody else sees what is not approved');
  await m.locator('.pending .item', { hasText: text }).click();
  await shot(m, 'moderate-pending-1440-light');
  await m.keyboard.press('a');
  await m.locator('.approved .item', { hasText: text }).waitFor();
  const row = b.locator('.question', { hasText: text });
  await row.waitFor();
  const votes = async () => Number(await row.locator('.vote .num').innerText());
  const before = await votes();
  await row.locator('.vote').click();
  assert.equal(await votes(), before + 1, 'at once');
  await until(async () => !/on its way/.test(await b.locator('main').innerText()));
  for (const end = Date.now() + 2500; Date.now() < end; await b.waitForTimeout(250)) assert.equal(await votes(), before + 1, 'and all the while it becomes safe');
  await a.locator('.question', { hasText: text }).locator('.vote .num', { hasText: String(before + 1) }).waitFor();
  await shot(b, 'attend-voted-1440-light');
  await m.locator('.approved .item', { hasText: text }).click();
  await m.keyboard.press('s');
  await m.locator('.staged', { hasText: text }).waitFor();
  await s.locator('.stage-q', { hasText: text }).waitFor();
  await s.locator('.stage-votes .num', { hasText: String(before + 1) }).waitFor();
  await until(() => s.locator('.fit p').evaluate((el) => parseFloat(getComputedStyle(el).fontSize) / innerHeight >= 0.05));
  await row.getByText('On stage').waitFor();
  await shot(m, 'moderate-stage-1440-light');
  await shot(s, 'stage-question-1440');
  await m.keyboard.press('w');
  await m.locator('.done .item', { hasText: text }).waitFor();
  await s.locator('.stage-q').waitFor({ state: 'detached' });
  await m.keyboard.press('u');
  await m.locator('.staged', { hasText: text }).waitFor();
  await m.locator('.staged').getByRole('button', { name: 'Answered' }).click();
  await m.locator('.done .item', { hasText: text }).waitFor();
  for (const p of [a, b, m, s]) await p.context().close();
});

test('two moderators: the slower one is told what the question is now', async () => {
  const text = `Who was faster? ${unique}`;
  const a = await page(`/attend${talk}`, { token: asker });
  await a.locator('#ask-text').fill(text);
  await a.locator('.ask button[type=submit]').click();
  await question(a, text).getByText(/waiting for a moderator/).waitFor();
  const m = await page(`/moderate${talk}`, { token: tokens.moderator });
  const o = await page(`/moderate${talk}`, { token: tokens.organiser, deaf: true });
  await m.locator('.pending .item', { hasText: text }).waitFor();
  await o.locator('.pending .item', { hasText: text }).waitFor();
  await o.evaluate(() => (window['__deaf'] = true));
  await m.locator('.pending .item', { hasText: text }).getByRole('button', { name: 'Approve' }).click();
  await m.locator('.approved .item', { hasText: text }).waitFor();
  const mine = o.locator('.pending .item', { hasText: text });
  await mine.getByRole('button', { name: 'Dismiss' }).click();
  await mine.getByRole('button', { name: 'Off topic' }).click();
  await o.locator('.notice', { hasText: /approved/ }).waitFor();
  await o.locator('.approved .item', { hasText: text }).waitFor();
  await shot(o, 'moderate-conflict-1440-light');
  // Hearing again, the next event shows the gap, and the gap is fetched.
  await o.evaluate(() => (window['__deaf'] = false));
  await m.locator('.approved .item', { hasText: text }).getByRole('button', { name: 'Answered' }).click();
  await o.locator('.done .item', { hasText: text }).waitFor();
  for (const p of [a, m, o]) await p.context().close();
});

test('the kiosk admits, answers a second scan as a repeat, refuses at another kiosk with where and when', async () => {
  const k = await page('/kiosk', { token: tokens.kiosks[0], width: 1280, height: 800 });
  await k.getByRole('heading', { name: 'Scan your entry code' }).waitFor();
  await shot(k, 'kiosk-ready-1280-light');
  await attentive(k);
  // Not everybody is registered to come in person, an earlier run may have let some in, and a door that has no answer in time lets people in by its own list:
  // then the other door need not know yet.
  let entry = '';
  let said;
  for (const one of [...access.codes].reverse()) {
    said = await verdict(k, () => wedge(k, `]Q3${one.toLowerCase()}`));
    if (/\btick green\b/.test(said.shape)) {
      entry = one;
      break;
    }
  }
  await shot(k, 'kiosk-admitted-1280-light');
  assert.ok(entry, 'somebody was admitted');
  assert.match(said.text, /Welcome/);
  const l = await page('/kiosk', { token: tokens.kiosks[1], width: 1280, height: 800, theme: 'dark' });
  await l.getByRole('heading', { name: 'Scan your entry code' }).waitFor();
  await attentive(l);
  // Asked again where there was neither an answer in time nor a list of its own.
  for (said = { shape: 'question', text: '' }; /\bquestion\b/.test(said.shape);) {
    await l.getByRole('button', { name: 'Type the code' }).click();
    await l.locator('.code-field').fill(entry.toLowerCase().replace(/(.{5})(?=.)/g, '$1-'));
    await shot(l, 'kiosk-typed-1280-dark');
    said = await verdict(l, () => l.getByRole('button', { name: /Check in/ }).click());
  }
  await shot(l, 'kiosk-duplicate-1280-dark');
  assert.match(said.shape, /\bbar\b/);
  assert.match(said.text, /Checked in (just now|\d+ (s|min) ago), \S+/);
  said = await verdict(l, () => wedge(l, 'ZZZZZZZZZZZZZZZZZZZZ'));
  await shot(l, 'kiosk-unknown-1280-dark');
  assert.match(said.shape, /\bcross\b/);
  for (const p of [k, l]) await p.context().close();
});

test('without WebSocket the same pages work over an event stream', async () => {
  const p = await page('/', {});
  await p.context().addInitScript((t) => {
    sessionStorage.setItem('plenum-token', t);
    window.WebSocket = /** @type {any} */ (class {
      constructor() {
        setTimeout(() => this.onclose?.({ code: 1006 }), 20);
      }
      send() {}
      close() {}
    });
  }, asker);
  await p.goto(`${access.base}/attend${talk}`);
  await p.locator('.talk-qa').waitFor();
  const text = `By the other way ${unique}`;
  await p.locator('#ask-text').fill(text);
  await p.locator('.ask button[type=submit]').click();
  await question(p, text).getByText(/waiting for a moderator/).waitFor();
  await until(async () => /WebSocket/.test(await p.locator('.line').innerText()));
  const m = await page(`/moderate${talk}`, { token: tokens.moderator });
  await m.locator('.pending .item', { hasText: text }).getByRole('button', { name: 'Approve' }).click();
  await p.locator('.question', { hasText: text }).waitFor();
  for (const x of [p, m]) await x.context().close();
});

test('the organiser pairs a screen by its code and revokes it', async () => {
  const k = await page('/kiosk', { width: 1280, height: 800 });
  await until(async () => /[A-Z0-9]{4}/.test(await k.locator('.pair-code').innerText()));
  const shown = (await k.locator('.pair-code').innerText()).trim();
  await shot(k, 'kiosk-pair-1280-light');
  const o = await page('/organise#/doors', { token: tokens.organiser });
  const name = `Test kiosk ${unique}`;
  await o.getByLabel('Code on the screen').fill(shown);
  await o.locator('.pair-form').getByLabel('Name').fill(name);
  await o.getByLabel('Door or room').selectOption(`list:${access.list}`);
  await o.getByRole('button', { name: 'Connect' }).click();
  await o.locator('tr', { hasText: name }).waitFor();
  await k.getByRole('heading', { name: 'Scan your entry code' }).waitFor();
  await shot(o, 'organise-paired-1440-light', true);
  await o.getByRole('button', { name: `Revoke ${name}` }).click();
  await o.getByRole('button', { name: 'Sign it out' }).click();
  await o.locator('tr', { hasText: name }).getByText('Revoked').waitFor();
  for (const p of [k, o]) await p.context().close();
});

test('a large programme stays small in the page and finds without marks', async () => {
  const p = await page('/attend', { width: 360 });
  await p.locator('.slot').first().waitFor();
  await still(p);
  assert.ok((await shift(p)) <= 0.02, 'nothing jumps while loading');
  await p.locator('input[type=search]').fill('zzzz-nothing');
  await p.getByText('Nothing fits').waitFor();
  await p.locator('input[type=search]').fill('');
  assert.ok((await p.locator('.slot').count()) < 250);
  await p.context().close();
});

const PAGES = [
  ['front', '/', null, 'h1'], ['attend', '/attend', asker, '.slot'], ['guest', '/attend', null, '.slot'], ['talk', `/attend${talk}`, asker, '.talk-about h1'],
  ['moderate', '/moderate', tokens.moderator, '.picks'], ['desk', `/moderate${talk}`, tokens.moderator, '.columns'], ['refused', '/moderate', asker, '.refusal'], ['signin', '/organise', null, '.signin'],
  ['kiosk', '/kiosk', tokens.kiosks[0], '.door'], ['stage', stagePath, tokens.moderator, '.stage'], ['organise-doors', '/organise#/doors', tokens.organiser, '.pair-form'],
];

for (const [name, path, token, ready] of PAGES) {
  test(`${name}: no WCAG 2.2 A or AA violations, nothing moves, screenshots`, async () => {
    for (const width of [360, 1440]) {
      const p = await page(/** @type {string} */ (path), { token: token || undefined, width, axe: true });
      await p.locator(/** @type {string} */ (ready)).first().waitFor();
      for (const theme of /** @type {const} */ (['light', 'dark'])) {
        await p.emulateMedia({ colorScheme: theme });
        await still(p);
        // The stage and the kiosk have no such button.
        for (const label of await p.locator('header button.square').evaluateAll((all) => all.map((x) => x.getAttribute('aria-label')))) assert.equal(label, theme === 'dark' ? 'Switch to light' : 'Switch to dark');
        await shot(p, `${name}-${width}-${theme}`, !['kiosk', 'stage', 'attend', 'guest'].includes(/** @type {string} */ (name)));
        assert.deepEqual(await axe(p), [], `${name} ${width} ${theme}`);
        const wide = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${name} ${width}: ${wide} px too wide`);
        if (name === 'attend' || name === 'guest' || name === 'talk') assert.ok((await shift(p)) <= 0.02, `${name} ${width}: layout shift ${await shift(p)}`);
      }
      await p.context().close();
    }
  });
}

test('Danish is whole: the page speaks it, and says so', async () => {
  const p = await page('/', { lang: 'da-DK' });
  await p.locator('h1').waitFor();
  await until(async () => (await p.locator('html').getAttribute('lang')) === 'da');
  await p.getByRole('heading', { name: 'Sådan deltager du' }).waitFor();
  await shot(p, 'front-danish-1440-light', true);
  await p.context().close();
});

test('another zone: the reader sees their own time beside the conference time', async () => {
  const p = await page('/attend', { zone: 'America/New_York' });
  await p.locator('.slot').first().waitFor();
  await until(async () => /your time/.test(await p.locator('.programme').innerText()));
  await p.context().close();
});

test('no page complained', () => assert.deepEqual(complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED|ERR_NETWORK|WebSocket connection/.test(c)), []));
