// tests/web/attend_browser.mjs: the attendee's page while the conference happens: a delay, an announcement, news, stars and what clashes, filters in the address, days, calendar links, releases
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access, axe, becomes, close, complaints, intoView, lookAfter, page, shift, shot, still, toLast, until } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { plenum } from './organise_kit.mjs';
import { post } from '../support/client.mjs';

after(close);
// Long before the first slot: what the clock begins by itself would come between two looks.
before(() => plenum('conference', 'clock', access.slug, '--at', '2021-05-02T08:30:00+02:00'));
const { tokens } = access;
const me = tokens.attendees[4];
lookAfter();

async function call(token, method, params) {
  const { body } = await post(access, method, params, { token });
  if (body.error) throw new Error(`${method}: ${JSON.stringify(body.error)}`);
  return body.result;
}
const write = (token, method, params) => call(token, method, { ...params, key: randomUUID() });
const programme = () => call(me, 'schedule.get', {});
/** Once the page is at rest: a list that comes in between pressing and letting go would take the press away. @param {import('playwright-core').Page} p */
async function calendar(p) {
  await still(p);
  await p.locator('.subscribe button').click();
  await p.locator('.calendar-dialog[open]').waitFor();
}

/** Both widths, both grounds: looked at, and without a violation. */
async function looked(name, path, ready, then = async (_p) => {}) {
  for (const [width, theme] of /** @type {const} */ ([[360, 'light'], [1440, 'dark']])) {
    const p = await page(path, { token: me, width, theme, axe: true });
    await p.locator(ready).first().waitFor();
    await still(p);
    assert.ok((await shift(p)) <= 0.02, `${name} ${width}: layout shift ${await shift(p)}`);
    await then(p);
    await still(p);
    await shot(p, `attend-${name}-${width}-${theme}`);
    assert.deepEqual(await axe(p), [], `${name} ${width} ${theme}`);
    assert.ok((await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} ${width}: too wide`);
    await p.context().close();
  }
}

test('a star answers at once, says when it is safe, and two at the same time are told', async () => {
  const s = await programme();
  const at = (x) => [Date.parse(x.start), Date.parse(x.end)];
  const first = s.slots.find((x) => s.slots.some((y) => y.room !== x.room && at(y)[0] < at(x)[1] && at(x)[0] < at(y)[1]));
  const other = s.slots.find((y) => y.room !== first.room && at(y)[0] < at(first)[1] && at(first)[0] < at(y)[1]);
  const title = (x) => s.sessions.find((y) => y.id === x.session).title;
  const p = await page('/attend', { token: me, width: 360 });
  const row = (x) => p.locator(`.slot[data-slot="${x.id}"]`);
  await row(first).locator('.star').waitFor();
  // In one go, so that no answer of the server can be what is seen.
  const pressed = await p.evaluate(async (id) => {
    const star = /** @type {HTMLElement} */ (document.querySelector(`.slot[data-slot="${id}"] .star`));
    star.click();
    for (let i = 0; i < 10; i++) await Promise.resolve();
    return document.querySelector(`.slot[data-slot="${id}"] .star`)?.getAttribute('aria-pressed');
  }, first.id);
  assert.equal(pressed, 'true', 'at once');
  await row(first).locator('.star:not(.unsafe)').waitFor();
  await row(other).locator('.star').click();
  await row(first).locator('.clash', { hasText: title(other) }).waitFor();
  await row(other).locator('.clash', { hasText: title(first) }).waitFor();
  await p.locator('.own-switch').click();
  // The browser tells of an address a moment after the page has it.
  await p.waitForURL(/#\/\?mine=1$/);
  await until(async () => (await p.locator('.slot').count()) === 2);
  // On another device of the same person, a moment later.
  const q = await page('/attend#/?mine=1', { token: me });
  await until(async () => (await q.locator('.slot .star.on').count()) === 2);
  await row(first).locator('.star').click();
  await until(async () => (await q.locator('.slot').count()) === 1);
  // Here it stays for some seconds, with a way back; under the finger it does not go at all.
  await row(first).locator('.star-undo').waitFor();
  await shot(p, 'attend-taken-off-360-light');
  await row(first).locator('.star-undo').click();
  await until(async () => (await q.locator('.slot .star.on').count()) === 2);
  await row(first).locator('.star.on:not(.unsafe)').waitFor();
  await row(first).locator('.star').click();
  await row(first).locator('.star-undo').waitFor();
  await p.locator('h2').first().click();
  await row(first).waitFor({ state: 'detached' });
  await until(async () => (await q.locator('.slot').count()) === 1);
  await write(me, 'star.set', { session: first.session, value: true });
  for (const x of [p, q]) await x.context().close();
  await looked('mine', '/attend#/?mine=1', '.clash');
});

test('a guest who stars is asked to sign in', async () => {
  const p = await page('/attend', { width: 360 });
  await p.locator('.slot .star').first().click();
  await p.locator('dialog[open]', { hasText: 'Sign in to keep your own programme.' }).waitFor();
  await p.context().close();
});

test('search, room and topic stay in the address, and a talk leads back to them', async () => {
  const s = await programme();
  const track = s.tracks.find((x) => s.sessions.some((y) => y.track === x.id));
  const p = await page('/attend', { token: me });
  await p.locator('.slot').first().waitFor();
  // What is in the document depends on the scrolling; what was found is said.
  const found = async () => (await p.locator('.found').innerText()).trim();
  const all = await found();
  await p.locator('.choice select').nth(1).selectOption(track.id);
  await until(async () => (await found()) !== all && /\d/.test(await found()));
  const said = await found();
  await p.waitForURL(new RegExp(`track=${track.id}`));
  await p.locator('.slot > a').first().click();
  await p.locator('.talk-about h1').waitFor();
  await p.locator('.back').click();
  await becomes(found, said);
  await p.reload();
  await becomes(found, said, 'and a reload keeps them');
  await becomes(() => p.locator('.choice select').nth(1).inputValue(), track.id);
  await p.context().close();
});

test('a delay reaches an open page: the plan struck through, the expected time beside it, and back on plan', async () => {
  const s = await programme();
  const slot = s.slots.find((x) => x.state === 'planned' && s.slots.some((y) => y.room === x.room && y.start > x.start));
  const p = await page('/attend', { token: me, width: 360 });
  await p.locator('.slot').first().waitFor();
  // The list is under a finger, further down: it stays there. Found by its slot: the list may put another element in its place.
  await toLast(p, '.slot');
  await still(p);
  const read = await p.evaluate(() => /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll('.slot')].find((x) => x.getBoundingClientRect().top > innerHeight / 2))?.dataset.slot);
  const top = () => p.evaluate((id) => document.querySelector(`.slot[data-slot="${id}"]`).getBoundingClientRect().top, read);
  const before = await top();
  await write(tokens.moderator, 'slot.start', { slot: slot.id });
  await write(tokens.moderator, 'slot.add_time', { slot: slot.id, seconds: 1800 });
  await p.locator('.slot .times s').first().waitFor({ state: 'attached' });
  await p.locator('.slot .times .expected').first().waitFor({ state: 'attached' });
  await still(p);
  const moved = (await top()) - before;
  assert.ok(Math.abs(moved) <= 2, `what is being read moved by ${moved} px`);
  assert.match(await p.locator('.slot .times', { has: p.locator('s') }).first().innerText(), /\d\d:\d\d.*\d\d:\d\d–\d\d:\d\d/s);
  await p.context().close();
  await looked('delayed', '/attend', '.slot .times s');
  const q = await page('/attend', { token: me, width: 360 });
  await q.locator('.slot .times s').first().waitFor();
  await write(tokens.moderator, 'slot.add_time', { slot: slot.id, seconds: -1800 });
  await write(tokens.moderator, 'slot.on_time', { room: slot.room });
  await until(async () => (await q.locator('.slot:not(.running) .times s').count()) === 0);
  await q.context().close();
});

test('an announcement reaches every page at once, is put away by who has read it, edited it is back, withdrawn it goes', async () => {
  const notice = randomUUID();
  const p = await page('/attend', { token: me, width: 360 });
  const d = await page(`/attend#/talk/${access.talk}`, { token: tokens.attendees[5], lang: 'da-DK' });
  const k = await page('/kiosk', { token: tokens.kiosks[0], width: 1280, height: 800 });
  const s = await page(`/stage/${access.room}`, { token: tokens.moderator });
  await p.locator('.slot').first().waitFor();
  await d.locator('.talk-about h1').waitFor();
  await k.locator('.door').waitFor();
  await s.locator('.stage').waitFor();
  // Where the list is read: what is on, at the top, changes by itself with each minute.
  await toLast(p, '.slot');
  await still(p);
  await p.evaluate(() => (window['__shift'] = 0));
  await write(tokens.organiser, 'notice.publish', { notice, audience: 'all', urgency: 'urgent', text: { en: 'Leave by the north door now.', da: 'Gå ud ad norddøren nu.' } });
  await p.locator('.notice-item.urgent', { hasText: 'Leave by the north door' }).waitFor();
  assert.equal(await p.locator('.notices [aria-live]').getAttribute('aria-live'), 'assertive');
  assert.equal(await shift(p), 0, 'nothing is pushed');
  await d.locator('.notice-item.urgent', { hasText: 'Gå ud ad norddøren' }).waitFor();
  await k.locator('.door-notice.urgent', { hasText: 'north door' }).waitFor();
  await s.locator('.announced.urgent', { hasText: 'north door' }).waitFor();
  await shot(p, 'attend-urgent-360-light');
  await shot(k, 'kiosk-urgent-1280-light');
  await shot(s, 'stage-urgent-1440');
  await p.locator('.notice-item .square').click();
  await p.locator('.notice-item').waitFor({ state: 'detached' });
  await until(async () => (await call(tokens.organiser, 'notice.list', {})).notices.find((n) => n.id === notice).read === 1);
  await p.reload();
  await p.locator('.slot').first().waitFor();
  await still(p);
  assert.equal(await p.locator('.notice-item').count(), 0, 'put away is put away');
  await write(tokens.organiser, 'notice.edit', { notice, expect_version: 1, urgency: 'important', text: { en: 'The north door is open again.' } });
  await p.locator('.notice-item.important', { hasText: 'open again' }).waitFor();
  await d.locator('.notice-item', { hasText: 'open again' }).waitFor();
  await write(tokens.organiser, 'notice.withdraw', { notice, expect_version: 2 });
  for (const [x, what] of [[p, '.notice-item'], [d, '.notice-item'], [k, '.door-notice p'], [s, '.announced p']]) await x.locator(what).waitFor({ state: 'detached' });
  for (const x of [p, d, k, s]) await x.context().close();
});

test('an announcement for those online is not for those on site; one hides by itself at its time', async () => {
  const [a, b] = [tokens.attendees[6], tokens.attendees[7]];
  const modes = await Promise.all([a, b].map(async (x) => (await call(x, 'people.get', {})).person.mode));
  const p = await page('/attend', { token: a, width: 360 });
  await p.locator('.slot').first().waitFor();
  const notice = randomUUID();
  const later = async (ms) => new Date(Date.parse((await call(a, 'now.get', {})).time) + ms).toISOString();
  await write(tokens.organiser, 'notice.publish', { notice: randomUUID(), audience: modes[0] === 'online' ? 'on_site' : 'online', urgency: 'info', text: { en: 'Not for this one.' } });
  await write(tokens.organiser, 'notice.publish', { notice, audience: modes[0], urgency: 'info', until: await later(600000), text: { en: 'For a while.' } });
  await p.locator('.notice-item', { hasText: 'For a while.' }).waitFor();
  // Seen first, and only then near its end: however slow the machine is.
  await write(tokens.organiser, 'notice.edit', { notice, expect_version: 1, until: await later(6000), text: { en: 'For six seconds.' } });
  assert.equal(await p.locator('.notice-item', { hasText: 'Not for this one.' }).count(), 0);
  await p.locator('.notice-item').waitFor({ state: 'detached' });
  await p.context().close();
});

test('the organiser\'s change becomes a quiet line for who starred it, and goes when read', { timeout: 300000 }, async () => {
  const { id } = (await call(me, 'people.get', {})).person;
  const s = await programme();
  const slot = [...s.slots].reverse().find((x) => x.state === 'planned');
  await write(me, 'star.set', { session: slot.session, value: true });
  const p = await page('/attend', { token: me, width: 360 });
  await p.locator('.slot').first().waitFor();
  const draft = await call(tokens.organiser, 'draft.get', {});
  const row = draft.slots.find((x) => (x.id || x.slot) === slot.id);
  const move = { start: new Date(Date.parse(slot.start) + 300000).toISOString(), end: new Date(Date.parse(slot.end) + 300000).toISOString() };
  await write(tokens.organiser, 'slot.move', { slot: slot.id, ...move, expect_version: row.version });
  await write(tokens.organiser, 'release.publish', { slots: [slot.id], note: 'The last one begins five minutes later' });
  await p.locator('.news-item').first().waitFor({ timeout: 120000 });
  await shot(p, 'attend-news-360-light', true);
  await p.locator('.news-item button').first().click();
  await p.locator('.news-item').waitFor({ state: 'detached' });
  await becomes(async () => sql(`select count(*) from news where slot = '${slot.id}' and read is null and person = '${id}'`), '0');
  await p.reload();
  await p.locator('.slot').first().waitFor();
  await still(p);
  assert.equal(await p.locator('.news-item').count(), 0, 'read is read');
  await p.locator('a[href="#/releases"]').click();
  await p.locator('.releases a', { hasText: 'five minutes later' }).click();
  await p.locator('.change').first().waitFor();
  await p.waitForURL(/#\/release\/\d+$/);
  await p.context().close();
  await looked('release', `/attend#/release/${(await programme()).release}`, '.change');
  await looked('releases', '/attend#/releases', '.releases li');
});

test('a calendar link: made, shown once, new address, switched off; the public ones are plain addresses', async () => {
  const p = await page('/attend', { token: me });
  await p.locator('.slot').first().waitFor();
  await calendar(p);
  const dialog = p.locator('.calendar-dialog');
  await dialog.getByLabel('Where it is used').fill('Google');
  await dialog.locator('.feed-options summary').click();
  await dialog.getByLabel('Reminder before').selectOption('10');
  await dialog.getByLabel('Cancelled sessions').selectOption('drop');
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const field = dialog.getByLabel('Address of the calendar');
  await field.waitFor();
  await dialog.locator('.feed', { hasText: 'Google' }).getByText('Not fetched yet').waitFor();
  const url = await field.inputValue();
  assert.match(url, /\/c\/[^/]+\/schedule\.ics$/);
  assert.match(await dialog.locator('.made a').first().getAttribute('href'), /^webcal:/);
  assert.match(await dialog.getByRole('link', { name: 'Google' }).getAttribute('href'), /^https:\/\/calendar\.google\.com\//);
  const file = await fetch(url, { headers: { 'user-agent': 'Google-Calendar-Importer' } });
  assert.equal(file.status, 200);
  assert.match(await file.text(), /^BEGIN:VCALENDAR/);
  await shot(p, 'attend-calendar-made-1440-light');
  await p.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await until(async () => !!(await call(me, 'feed.list', {})).feeds.find((f) => f.label === 'Google').fetched);
  await calendar(p);
  await dialog.locator('.feed', { hasText: /Last fetched by Google .*, version \d+ of \d+/ }).waitFor();
  assert.equal(await field.count(), 0, 'the address is not shown again');
  await dialog.getByRole('button', { name: 'New address: Google' }).click();
  await dialog.getByRole('button', { name: 'The old one stops now' }).click();
  await field.waitFor();
  assert.notEqual(await field.inputValue(), url);
  await dialog.getByRole('button', { name: 'Switch off: Google' }).click();
  await dialog.getByRole('button', { name: 'Switch it off' }).click();
  await dialog.locator('.feed.off', { hasText: 'Switched off' }).waitFor();
  await dialog.locator('.public summary').click();
  await dialog.locator('.public a').first().waitFor();
  for (const link of await dialog.locator('.public a').all()) {
    const reply = await fetch(new URL(await link.getAttribute('href'), access.base));
    assert.match(reply.headers.get('content-type') || '', /text\/calendar/, await link.getAttribute('href'));
  }
  await p.context().close();
  await write(me, 'feed.create', { label: 'Phone', scope: 'all' });
  await looked('calendar', '/attend', '.slot', async (x) => {
    await calendar(x);
    await x.locator('.calendar-dialog .feed').first().waitFor();
    await x.locator('.calendar-dialog input[name=label]').fill('Telefon');
    await x.getByRole('button', { name: 'Make the link' }).click();
    await x.locator('.made').waitFor();
  });
});

test('the options of a calendar link are edited in place: its address stays, and what it serves follows; a link that was switched off meanwhile says so', async () => {
  const tag = randomUUID().slice(0, 8);
  const made = await write(me, 'feed.create', { label: `Desk ${tag}`, scope: 'all', alarm: 45 });
  const mine = async () => (await call(me, 'feed.list', {})).feeds.find((f) => f.id === made.feed);
  const p = await page('/attend', { token: me, width: 360, axe: true });
  await p.locator('.slot').first().waitFor();
  await calendar(p);
  const dialog = p.locator('.calendar-dialog');
  await dialog.getByRole('button', { name: `Options: Desk ${tag}` }).click();
  const form = dialog.locator('.feed-edit');
  assert.equal(await form.getByLabel('Reminder before').inputValue(), '45', 'what a script chose is there too');
  assert.equal(await form.getByLabel('Where it is used').inputValue(), `Desk ${tag}`);
  await form.getByLabel('Where it is used').fill(`Laptop ${tag}`);
  await form.getByLabel('Reminder before').selectOption('15');
  await form.getByLabel('Cancelled sessions').selectOption('drop');
  await form.getByLabel('Times written as').selectOption('venue');
  await form.getByLabel('First in the place').selectOption('link');
  await intoView(form);
  await shot(p, 'attend-calendar-edit-360-light');
  assert.deepEqual(await axe(p), []);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'detached' });
  const f = await mine();
  assert.deepEqual([f.label, f.alarm, f.cancelled, f.time, f.place], [`Laptop ${tag}`, 15, 'drop', 'venue', 'link']);
  const file = await (await fetch(made.url)).text();
  assert.match(file, /TRIGGER:-PT15M/);
  assert.match(file, /DTSTART;TZID=Europe\/Copenhagen:/);
  await dialog.getByRole('button', { name: `Options: Laptop ${tag}` }).click();
  assert.deepEqual([await form.getByLabel('Reminder before').inputValue(), await form.getByLabel('Times written as').inputValue()], ['15', 'venue']);
  await write(me, 'feed.revoke', { feed: made.feed });
  await form.getByLabel('Where it is used').fill(`Watch ${tag}`);
  await form.getByLabel('Reminder before').selectOption('30');
  await form.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This calendar link has been switched off.').waitFor();
  assert.equal(await form.getByLabel('Where it is used').inputValue(), `Watch ${tag}`, 'what was typed stays');
  assert.equal((await mine()).alarm, 15);
  await p.context().close();
});

test('a stream that is switched reaches an open page', async () => {
  const p = await page('/attend', { token: me, width: 360 });
  await p.locator('.slot').first().waitFor();
  const [room, stream] = [(await programme()).slots.find((x) => x.state === 'running')?.room || access.room, randomUUID()];
  await p.evaluate((id) => localStorage.setItem('plenum-room', id), room);
  await p.reload();
  await p.locator('.slot').first().waitFor();
  await write(tokens.organiser, 'stream.hosts', { embed: ['www.youtube-nocookie.com'], media: [] });
  await write(tokens.organiser, 'stream.set', { stream, room, kind: 'link', url: 'https://example.org/watch', label: 'Second camera' });
  await write(tokens.moderator, 'stream.switch', { room, stream });
  await p.locator('.player').first().waitFor();
  assert.match(await p.locator('.player').first().innerText(), /\S/);
  await write(tokens.organiser, 'stream.remove', { stream, expect_version: 1 });
  await p.context().close();
});

test('two zones: the conference\'s and the reader\'s, both from the server\'s tables', async () => {
  const p = await page('/attend', { token: me, zone: 'America/New_York', width: 360 });
  await p.locator('.slot').first().waitFor();
  await until(async () => /Your clock, New York: EDT, −6 h/.test(await p.locator('.zone-note').innerText()));
  await until(async () => /09:00\s+03:00 your time/.test(await p.locator('.group-time').first().innerText()));
  await shot(p, 'attend-new-york-360-light');
  await p.context().close();
});

test('a cancelled talk invites no questions, and a release that takes another back says so', async () => {
  const { slots } = await call(tokens.organiser, 'draft.get', {});
  const s = await programme();
  const x = s.slots.filter((y) => y.state === 'planned').sort((a, b) => (a.start < b.start ? 1 : -1))[0];
  const version = (all) => all.find((y) => y.id === x.id).version;
  await write(tokens.organiser, 'slot.cancel', { slot: x.id, expect_version: version(slots) });
  const { release } = await write(tokens.organiser, 'release.publish', { slots: [x.id], quiet: true });
  const p = await page(`/attend#/slot/${x.id}`, { token: me, width: 360 });
  await p.locator('.questions').getByText('No questions were asked.').waitFor();
  assert.equal(await p.getByText('Yours may be the first').count(), 0);
  assert.match(await p.locator('.facts').innerText(), /English/, 'the language in words, not as a code');
  await write(tokens.organiser, 'release.revert', { release });
  await p.evaluate(() => (location.hash = '#/releases'));
  await p.locator('.releases').getByText(`Takes back release ${release}`).waitFor();
  await p.context().close();
  const draft = await call(tokens.organiser, 'draft.get', {});
  await write(tokens.organiser, 'slot.restore', { slot: x.id, expect_version: version(draft.slots) });
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints, []));
