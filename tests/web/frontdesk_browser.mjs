// tests/web/frontdesk_browser.mjs: the front desk at the door's page: names, walk-ins, notes, a way in for who is online, undo; a screen that signs in
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { access, axe, becomes, close, complaints, lookAfter, page, shot, until, wedge } from './kit.mjs';
import { patient, verdict } from './door_kit.mjs';
import { auth, connect, uuid } from '../support/client.mjs';

const { tokens, codes, list } = access;
const NAME = 'Karl-Friedrich Emmanuel von und zu Hohenstein-Ødegaard Østergaard-Kristoffersen';
let organiser;
let staff;
/** A station of profile desk. */
let token = '';
/** @type {import('playwright-core').Page} */
let k;
const person = {};

before(async () => {
  organiser = await connect(access, 'organiser');
  staff = await connect(access, 'desk');
  const rows = [['soren1', 'Søren Høj'], ['soren2', 'Søren Høj'], ['olga', 'Olga Fjernsen', 'online'], ...Array.from({ length: 9 }, (_, i) => [`nina${i}`, `Nina Madsen ${'ABCDEFGHI'[i]}`])];
  await organiser.write('people.import', { rows: rows.map(([at, name, mode]) => ({ email: `${at}@firma.example`, name, ...(mode && { mode }) })), mail: false });
  for (const text of ['Søren Høj', 'Attendee 1', 'Attendee 2']) for (const h of (await staff.call('checkin.search', { list, text })).hits) (person[h.name] ||= []).push(h.person);
  await organiser.write('note.save', { person: person['Attendee 1'][0], text: 'Hand over a headset', text_da: 'Udlevér et headset', confirm: true });
  await organiser.write('category.save', { category: uuid(), name: 'Press', color: '#aa3300' });
  // Paired as in the hall: the screen shows a code, staff confirm it.
  const asked = await auth(access, 'device', { kind: 'kiosk' });
  await staff.write('device.confirm', { user_code: asked.body.user_code, name: 'Desk 1', list, profile: 'desk' });
  token = (await auth(access, 'device/poll', { device_code: asked.body.device_code })).body.token;
  execFileSync('psql', [access.dsn, '-qc', "update station set profile = 'desk' where name = 'Desk 1'"]);
});
after(async () => {
  for (const c of [organiser, staff]) c?.close();
  await close();
});
lookAfter(() => ({ k }));

/** Connected, and it knows its list. */
const ready = async (p) => {
  await until(() => p.locator('.network:not(.out)').count().then((n) => n > 0));
  await p.locator('.door-foot .num strong').first().waitFor();
};
/** @param {string} who @param {any} [o] */
async function door(who, o = {}) {
  const p = await page('/kiosk', { token: who, width: 1280, height: 800, before: patient, ...o });
  await p.locator('.door').waitFor();
  await ready(p);
  return p;
}
/** Somebody's hand is on the screen, until it is not: a slow machine must not put names away that a test looks at. */
const touched = (p, on) => p.evaluate((on) => {
  clearInterval(window['__hand']);
  if (on) window['__hand'] = setInterval(() => document.dispatchEvent(new Event('pointermove')), 500);
}, on);
const panel = async (p, name) => {
  await touched(p, true);
  if (await p.locator('.panel-head button').count()) await p.locator('.panel-head button').click();
  await p.locator(`[data-panel=${name}]`).click();
  await p.locator(`[data-open=${name}]`).waitFor();
};
const find = async (p, text) => {
  await p.locator('.find input').fill(text);
  await p.keyboard.press('Enter');
};
const gone = (p) => until(() => p.locator('.verdict').count().then((n) => n === 0));

test('a name in any spelling; two of one name side by side; chosen and let in with the keyboard alone', async () => {
  k = await door(token, { axe: true });
  await touched(k, true);
  await k.locator('[data-panel=find]').focus();
  await k.keyboard.press('Enter');
  await until(() => k.locator('.find input').evaluate((e) => e === document.activeElement));
  await k.keyboard.type('so', { delay: 120 });
  await k.keyboard.press('Enter');
  await becomes(() => k.locator('.error').innerText(), 'Three letters at least.');
  await k.keyboard.type('eren hoej', { delay: 120 });
  await k.keyboard.press('Enter');
  await k.locator('.hit').nth(1).waitFor();
  assert.equal(await k.locator('.hit').count(), 2);
  assert.equal(await k.locator('.hit .differs dt').first().innerText().then((s) => /Address/.test(s)), true);
  assert.deepEqual(await axe(k), []);
  await shot(k, 'frontdesk-namesakes');
  for (const b of await k.locator('.door-panel button').all()) assert.ok(((await b.boundingBox())?.height || 0) >= 88, await b.innerText());
  await k.locator('.hit').first().focus();
  await k.keyboard.press('Enter');
  await k.locator('.one').waitFor();
  assert.deepEqual(await axe(k), []);
  await shot(k, 'frontdesk-one');
  const said = await verdict(k, async () => {
    await k.locator('[data-second=document]').focus();
    await k.keyboard.press('Enter');
  });
  assert.deepEqual([said.shape, said.name], ['tick', 'Søren H.']);
  await gone(k);
});

test('the ninth is hidden; names go after five seconds without a touch, and come back when asked', async () => {
  await panel(k, 'find');
  await find(k, 'nina');
  await k.locator('.hit').nth(7).waitFor();
  assert.equal(await k.locator('.hit').count(), 8);
  assert.match(await k.locator('.door-panel').innerText(), /There are more/);
  await touched(k, false);
  await until(() => k.locator('.hit').count().then((n) => n === 0));
  assert.doesNotMatch(await k.locator('body').innerText(), /Nina/);
  await touched(k, true);
  await k.getByRole('button', { name: 'Show them again' }).click();
  await k.locator('.hit').first().waitFor();
  await find(k, 'xyzxyz');
  await becomes(() => k.locator('.door-panel p[role=status]').innerText(), 'Nobody of that name. Try fewer letters, or register them as a walk-in.');
  await k.locator('.panel-head button').click();
});

test('registered as online, found by name: corrected and let in by one press', async () => {
  await panel(k, 'find');
  await find(k, 'olga');
  await k.locator('.hit').click();
  await k.getByRole('button', { name: 'Correct the name' }).click();
  await k.locator('.one input[name=name]').fill('Olga Fjernsøn');
  await k.keyboard.press('Enter');
  await becomes(() => k.locator('.one h2').innerText(), 'Olga Fjernsøn');
  assert.equal((await verdict(k, () => k.locator('[data-second=mail]').click())).shape, 'tick');
  await gone(k);
  const [{ mode, came }] = (await staff.call('checkin.search', { list, text: 'fjernsoen' })).hits;
  assert.equal(mode, 'on_site');
  assert.equal(came.station, 'Desk 1');
});

test('a scan that is red for being online has a way in; undone afterwards, it can be scanned again', async () => {
  await staff.write('registration.switch_mode', { person: person['Attendee 2'][0], mode: 'online' });
  await wedge(k, codes[1]);
  await k.locator('[data-switch]').waitFor();
  await shot(k, 'frontdesk-online');
  assert.equal((await verdict(k, () => k.locator('[data-switch]').click(), { over: true })).shape, 'tick');
  await gone(k);
  await panel(k, 'undo');
  await shot(k, 'frontdesk-undo');
  await k.locator('[data-reason=mistake]').click();
  await becomes(() => k.locator('[data-open=undo] p[role=status]').innerText(), 'Taken back. They can be scanned again.');
  await k.locator('.panel-head button').click();
  assert.equal((await staff.call('checkin.search', { list, text: 'attendee 2' })).hits.find((h) => h.name === 'Attendee 2').came, undefined);
});

test('a note asks to be confirmed with a large button; at a self-service screen it sends to the desk', async () => {
  await wedge(k, codes[0]);
  const button = k.locator('.verdict-notes button');
  await button.waitFor();
  assert.ok(((await button.boundingBox())?.height || 0) >= 88);
  assert.match(await k.locator('.verdict-notes').innerText(), /Hand over a headset/);
  await shot(k, 'frontdesk-note');
  await button.click();
  await gone(k);
  await becomes(async () => (await staff.call('note.list')).notes.map((n) => n.confirmed), [1]);
  const [{ scan }] = [{ scan: (await staff.call('checkin.search', { list, text: 'attendee 1' })).hits.find((h) => h.name === 'Attendee 1') }];
  assert.equal(scan.came.station, 'Desk 1');
  await organiser.write('note.save', { list, text: 'Hand over a vest', confirm: true });
  const self = await door(tokens.kiosks[0], { lang: 'da-DK', theme: 'dark' });
  const said = await verdict(self, () => wedge(self, codes[2]));
  await shot(self, 'frontdesk-see-desk');
  assert.match(said.text, /Gå venligst til skranken\./);
  assert.doesNotMatch(said.text, /vest/);
  await self.context().close();
  for (const n of (await staff.call('note.list')).notes) await organiser.write('note.remove', { note: n.id });
});

test('a walk-in with a very long name is registered, let in and given a code', async () => {
  await panel(k, 'walk_in');
  await k.locator('select[name=category]').selectOption({ label: 'Press' });
  await k.locator('input[name=name]').fill(NAME);
  await k.keyboard.press('Enter');
  await k.locator('.made-code .code').waitFor();
  await gone(k);
  assert.match(await k.locator('.made-code .code').innerText(), /^([A-Z2-7]{5} ){3}[A-Z2-7]{5}$/);
  assert.deepEqual(await axe(k), []);
  await shot(k, 'frontdesk-walk-in');
  assert.equal((await staff.call('checkin.search', { list, text: 'hohenstein' })).hits[0].category.name, 'Press');
  await k.getByRole('button', { name: 'Done' }).click();
  assert.equal(await k.locator('input[name=name]').inputValue(), '');
  await k.locator('input[name=name]').fill('Somebody Else');
  await k.locator('input[name=email]').fill('soren1@firma.example');
  await k.keyboard.press('Enter');
  await becomes(() => k.locator('.error').innerText(), 'That address is registered already: Søren Høj. Find them by name.');
  await k.locator('.panel-head button').click();
});

/** The notes that name nobody, as the station has them on its disk. @param {import('playwright-core').Page} p @returns {Promise<string[]>} */
const keptNotes = (p) => p.evaluate(() => new Promise((done) => {
  const open = indexedDB.open('plenum-door');
  open.onsuccess = () => {
    open.result.transaction('doc').objectStore('doc').get('header').onsuccess = (e) => {
      open.result.close();
      done((e.target.result?.notes || []).map((n) => n.text));
    };
  };
}));

test('without a network notes are shown and confirmed; a walk-in is written down, and becomes something for the supervisor', async () => {
  const { note } = await organiser.write('note.save', { list, text: 'Hand over a map', confirm: true });
  await until(() => keptNotes(k).then((all) => all.includes('Hand over a map')));
  await k.context().setOffline(true);
  await k.evaluate(() => 0);
  await until(() => k.locator('.network.out').count().then((n) => n > 0));
  await wedge(k, codes[5]);
  await k.locator('.verdict.tick .verdict-notes button').click();
  await gone(k);
  await panel(k, 'walk_in');
  await k.locator('input[name=name]').fill('Uffe Udennet');
  await k.keyboard.press('Enter');
  await becomes(() => k.locator('.number').innerText().then((s) => /number 1/.test(s)), true);
  await shot(k, 'frontdesk-written-down');
  await k.context().setOffline(false);
  await until(async () => (await staff.call('conflict.list')).conflicts.some((c) => c.kind === 'walk_in'));
  const c = (await staff.call('conflict.list')).conflicts.find((x) => x.kind === 'walk_in');
  const merged = await staff.write('checkin.walk_in_merge', { conflict: c.id });
  assert.equal(merged.new, true);
  await becomes(async () => (await staff.call('note.list')).notes.find((n) => n.id === note)?.confirmed, 1);
  await organiser.write('note.remove', { note });
  assert.equal((await staff.call('checkin.search', { list, text: 'udennet' })).hits[0].came.station, 'Desk 1');
});

test('after green the screen shows a code that signs that person in, once', async () => {
  const self = await page('/', { width: 1280, height: 800 });
  let shown = '';
  self.on('websocket', (ws) => ws.on('framereceived', ({ payload }) => (shown = /"token":"([A-Z2-7]{32})"/.exec(String(payload))?.[1] || shown)));
  await self.evaluate((t) => sessionStorage.setItem('plenum-token', t), tokens.kiosks[1]);
  await self.context().addInitScript(patient);
  // Green goes after two seconds if the code has not come by then: here it may take longer.
  await self.context().addInitScript(() => {
    const own = window.setTimeout;
    window.setTimeout = /** @type {any} */ ((/** @type {any} */ then, /** @type {any} */ ms, /** @type {any[]} */ ...more) => own(then, ms > 1900 && ms <= 2000 ? 40000 : ms, ...more));
  });
  await self.goto(`${access.base}/kiosk`);
  await self.locator('.door').waitFor();
  await ready(self);
  await wedge(self, codes[4]);
  await self.locator('.verdict-sign-in .desk-qr').waitFor();
  await until(async () => !!shown);
  // Half a minute is long for a phone in a hand, and short for a browser on a busy machine.
  execFileSync('psql', [access.dsn, '-qc', "update door_sign_in set expires = now() + interval '10 minutes' where used is null"]);
  await shot(self, 'frontdesk-sign-in');
  const phone = await page(`/attend#/door/${shown}`, { width: 360 });
  await becomes(() => phone.locator('dialog[open] h2').innerText(), 'You are signed in');
  assert.match(await phone.locator('dialog[open]').innerText(), /Attendee 5/);
  assert.doesNotMatch(phone.url(), new RegExp(shown));
  await shot(phone, 'frontdesk-signed-in');
  const late = await page(`/attend#/door/${shown}`, { width: 360, theme: 'dark' });
  await becomes(() => late.locator('dialog[open] .error').innerText().then((s) => /used already/.test(s)), true);
  assert.equal(await late.evaluate(() => history.length < 3 && !location.hash.includes('door')), true);
  await shot(late, 'frontdesk-signed-in-late');
  for (const p of [self, phone, late]) await p.context().close();
});

test('on a phone in the dark: nothing is wider than the screen', async () => {
  const p = await door(token, { width: 360, theme: 'dark', lang: 'da-DK' });
  await panel(p, 'find');
  await find(p, 'hohenstein');
  await p.locator('.hit').first().waitFor();
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await shot(p, 'frontdesk-phone', true);
  await p.locator('.hit').first().click();
  await p.locator('.one').waitFor();
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await shot(p, 'frontdesk-phone-one', true);
  await p.context().close();
  assert.deepEqual(complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED|WebSocket|door.*status of 400/.test(c)), []);
});
