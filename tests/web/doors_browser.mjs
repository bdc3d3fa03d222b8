// tests/web/doors_browser.mjs: a door's lists, rules, zones, categories and notes made in the page; the board that says what to act on, at the table and on a wall
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, becomes, close, complaints, lookAfter, page, shot, still, until, wedge } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { conference } from './organise_kit.mjs';
import { patient, scan, verdict } from './door_kit.mjs';
import { connect, uuid } from '../support/client.mjs';

const { tokens, list, codes } = access;
const LONG = 'Auditorium behind the second courtyard, to be reached by the stairs beside the old laboratory only';
/** @type {import('playwright-core').Page} */
let o;
lookAfter(() => ({ o }));
after(close);

test('zones, a category and a list\'s rules are made, and the door goes by them', async () => {
  o = await page('/organise#/doors', { token: tokens.organiser, axe: true });
  for (const [what, name] of [['New zone', 'Building'], ['New zone', LONG], ['New category', 'Press']]) {
    await o.getByRole('link', { name: what }).click();
    await o.locator('.row-open').getByLabel('Name').fill(name);
    if (name === LONG) await o.locator('.row-open select').selectOption({ label: 'Building' });
    await o.locator('.row-open').getByRole('button', { name: 'Add', exact: true }).click();
    await o.locator('.row-line', { hasText: name }).waitFor();
  }
  await o.locator('.row-line', { hasText: 'Main door' }).click();
  await o.getByLabel('Leads into').selectOption({ label: 'Building' });
  await o.locator('.row-open').getByRole('button', { name: 'Save' }).click();
  await o.locator('.row-line', { hasText: 'Main door' }).click();
  await o.getByRole('button', { name: 'Add a line' }).click();
  await o.locator('.rule-form select').selectOption({ label: 'Press' });
  await o.locator('.rule-form').getByRole('button', { name: 'Add' }).click();
  await o.locator('.rules li', { hasText: 'Press' }).waitFor();
  const kiosk = await connect(access, 'kiosks 0');
  const scan = () => kiosk.call('checkin.admit', { list, code: codes[0], scan_id: uuid() });
  assert.equal((await scan()).reason, 'wrong_category');
  await still(o);
  await shot(o, 'organise-doors-1440-light', true);
  assert.deepEqual(await axe(o), []);
  await o.getByRole('button', { name: 'Remove the line for Press' }).click();
  await o.getByText('Everybody with a ticket may come in.').waitFor();
  assert.equal((await scan()).verdict, 'admitted');
  kiosk.close();
});

test('a note for the door is written, changed and taken away', async () => {
  await o.getByRole('button', { name: 'New note' }).click();
  await o.getByLabel('What is to be said or done').fill('Hand over a headset');
  await o.getByLabel('Has to be confirmed').check();
  await o.locator('form.editor').last().getByRole('button', { name: 'Save' }).click();
  const row = o.locator('.door-note', { hasText: 'Hand over a headset' });
  await row.getByText('to be confirmed').waitFor();
  await row.getByRole('button', { name: 'Change' }).click();
  await o.getByLabel('For whom').selectOption({ label: 'Press' });
  await o.locator('form.editor').last().getByRole('button', { name: 'Save' }).click();
  await row.getByText('Press').waitFor();
  await row.getByRole('button', { name: 'Remove the note' }).click();
  await o.getByText('No notes.').waitFor();
});

test('who was let in twice stands on the board, at the table and on a wall, until somebody has settled it', async () => {
  const [a, b] = [await connect(access, 'kiosks 0'), await connect(access, 'kiosks 1')];
  assert.equal((await a.call('checkin.admit', { list, code: codes[1], scan_id: uuid() })).verdict, 'admitted');
  const boot = uuid();
  await b.call('checkin.upload', { sent_at: new Date().toISOString(), sent_mono: 1e6, boot_id: boot, list, scans: [{ scan_id: uuid(), code: codes[1], scanned_at: new Date(Date.now() - 3000).toISOString(), mono: 997000, seq: 1, offset_ms: 0, uncert_ms: 50, shown: { verdict: 'admitted' } }] });
  await a.call('station.heartbeat', { boot_id: uuid(), sent_at: new Date().toISOString(), mono: 5, queue: 3, scans_minute: 12, p95_ms: 14, verdicts: { admitted: 5, refused: 1, ask: 0 }, snapshot: { position: 4, as_of: new Date().toISOString() } });
  await o.goto(`${access.base}/organise#/board`);
  const act = o.locator('.act', { hasText: 'was let in twice' });
  await act.waitFor();
  await o.locator('.zone', { hasText: 'Building' }).getByText('2', { exact: true }).waitFor();
  await o.locator('.board-stations tr', { hasText: 'Kiosk A' }).getByText('3 scans wait for the network').waitFor();
  const wall = await page('/kiosk', { token: tokens.stations.board, width: 1920, height: 1080, axe: true });
  await wall.locator('.act', { hasText: 'was let in twice' }).waitFor();
  assert.equal(await wall.getByRole('button', { name: 'Settled' }).count(), 0);
  for (const [p, name] of [[o, 'organise-board-1440-light'], [wall, 'kiosk-board-1920-light']]) {
    await still(p);
    await shot(p, name, true);
    assert.deepEqual(await axe(p), []);
  }
  const phone = await page('/organise#/board', { token: tokens.organiser, width: 360, theme: 'dark' });
  await phone.locator('.act').first().waitFor();
  await still(phone);
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await shot(phone, 'organise-board-360-dark', true);
  await act.getByRole('button', { name: 'Settled' }).click();
  await act.getByLabel('What was done').fill('Two sisters, one had the other\'s ticket');
  await act.getByRole('button', { name: 'Settled' }).click();
  await until(async () => !(await act.count()));
  await until(async () => !(await wall.locator('.act', { hasText: 'was let in twice' }).count()));
  for (const p of [wall, phone]) await p.context().close();
  for (const c of [a, b]) c.close();
});

/** By keyboard alone: Tab until it has the focus, then Enter. @param {import('playwright-core').Page} p @param {string} selector */
async function press(p, selector) {
  await p.locator(selector).first().waitFor();
  await until(async () => {
    await p.keyboard.press('Tab');
    return p.evaluate((s) => !!document.activeElement?.matches(s), selector);
  });
  await p.keyboard.press('Enter');
}

test('somebody a station let in without a ticket is written into the register from the board', async () => {
  const b = await connect(access, 'kiosks 1');
  const name = 'Vera Without a Ticket';
  await b.call('checkin.upload', { sent_at: new Date().toISOString(), sent_mono: 1e6, boot_id: uuid(), list, scans: [{ scan_id: uuid(), scanned_at: new Date(Date.now() - 3000).toISOString(), mono: 997000, seq: 1, offset_ms: 0, uncert_ms: 50, shown: { verdict: 'admitted' }, walk_in: { name, number: 7 } }] });
  const act = o.locator('.act', { hasText: `Walk-in 7, ${name}` });
  await act.getByRole('button', { name: 'Add to the register' }).click();
  await act.waitFor({ state: 'detached' });
  assert.equal(sql(`select count(*) from admission a join person p on p.id = a.person where p.name = '${name}' and a.undone is null`), '1');
  b.close();
});

test('A40 a verdict is told by shape, word, colour and sound, each by itself, in English and Danish, and all of it can be reached by keyboard', async () => {
  const k = await page('/kiosk', { token: tokens.kiosks[0], width: 1280, height: 800 });
  await k.context().addInitScript(() => {
    // What is heard, as pitches.
    window['__heard'] = [];
    const node = { connect: (/** @type {any} */ next) => next, frequency: { set value(/** @type {number} */ pitch) { window['__heard'].push(pitch); } }, gain: { setValueAtTime() {}, linearRampToValueAtTime() {} }, start() {}, stop() {} };
    window['AudioContext'] = /** @type {any} */ (class {
      state = 'running';
      currentTime = 0;
      createOscillator = () => Object.create(node, { type: { value: '', writable: true } });
      createGain = () => node;
      resume() {}
    });
  });
  await k.reload();
  await press(k, '[data-panel=setup]');
  await press(k, '[data-part=practice]');
  await press(k, '.setup-part > button.primary');
  /** @type {Record<string, {path: string, word: string, ground: string, heard: string}[]>} */
  const told = { en: [], da: [] };
  for (const lang of ['en', 'da']) {
    for (const sample of ['green', 'twice', 'revoked', 'ask']) {
      await k.evaluate(() => (window['__heard'] = []));
      const said = await verdict(k, () => press(k, `[data-sample=${sample}]`));
      told[lang].push({ ...said, heard: await k.evaluate(() => window['__heard'].join()) });
      // At the screen's edge, where a verdict is and nothing else: after this the page may sound.
      await k.mouse.click(5, 400);
      await k.locator('.verdict').waitFor({ state: 'detached' });
    }
    if (lang === 'en') await press(k, '.lang');
  }
  const [green, twice, revoked, ask] = told.en;
  for (const part of /** @type {const} */ (['path', 'word', 'heard'])) assert.equal(new Set(told.en.map((x) => x[part])).size, 4, `${part}: ${told.en.map((x) => x[part])}`);
  assert.equal(new Set([green.ground, revoked.ground, ask.ground]).size, 3);
  assert.ok(twice.ground !== green.ground && twice.heard);
  for (const [i, x] of told.da.entries()) assert.ok(x.word && x.word !== told.en[i].word, x.word);
  await k.context().close();
});

test('A11 at the page: cut off, one letter wrong, padded, of another event; lower case and blanks are no fault', async () => {
  const k = await page('/kiosk', { token: tokens.kiosks[0], width: 1280, height: 800, before: patient });
  await k.getByRole('heading', { name: 'Scan your entry code' }).waitFor();
  const [own, foreign] = [codes[12], codes[13]];
  const other = sql(`with c as (insert into conference (slug, title, zone, starts, ends) values ('elsewhere', 'Elsewhere', 'Europe/Copenhagen', '2021-05-02', '2021-05-02') returning id),
    p as (insert into person (conference, email, name) select id, 'somebody@example.org', 'Somebody Else' from c returning id, conference)
    update entry_code e set conference = p.conference, person = p.id from p where e.person = (select id from person where email = 'attendee14@example.org' and conference = '${access.conference}') returning e.generation`);
  assert.match(other, /\d/);
  const wrong = own.replace(/^./, (l) => (l === 'A' ? 'B' : 'A'));
  for (const [text, shape, word] of [[own.slice(0, 15), 'cross', /whole|not an entry code/i], [wrong, 'cross', /whole|not an entry code/i], [`${own}A`, 'cross', /whole|not an entry code/i], [foreign, 'cross', /another/i], [` ${own.toLowerCase()} `, 'tick', /./]]) {
    const said = await scan(k, /** @type {string} */ (text));
    assert.equal(said.shape, shape, String(text));
    assert.match(said.word, /** @type {RegExp} */ (word), String(text));
    assert.equal(!!said.name, shape === 'tick');
  }
  await k.context().close();
});

test('a staff screen of a conference without a door says that a scan was not looked at, and finds the door once there is one', async () => {
  const c = await conference('doorless');
  const k = await page('/e/doorless/kiosk', { token: c.token, width: 1280, height: 800, axe: true, before: patient });
  await k.locator('.door h1').waitFor();
  await wedge(k, codes[0]);
  const said = k.getByText('That code was not looked at');
  await said.waitFor();
  await still(k);
  await shot(k, 'kiosk-doorless-1280-light');
  assert.deepEqual(await axe(k), []);
  sql("insert into checkin_list (conference, name) select id, 'Main door' from conference where slug = 'doorless'");
  await k.locator('.door-foot').getByText('Main door').waitFor();
  await becomes(() => said.count(), 0);
  assert.match((await scan(k, codes[0])).word, /another/i);
  await k.context().close();
});

test('nothing went wrong on the pages', () => assert.deepEqual(complaints, []));
