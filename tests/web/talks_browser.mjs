// tests/web/talks_browser.mjs: a session of short talks run from a chair's phone of 360 pixels: who is missing, one tap for standby, start, stop for a question, no-show; the room's page and the speaker's own follow
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { access, axe, becomes, close, complaints, launch, lookAfter, page, PATIENCE, shot, still, until } from './kit.mjs';
import { client, hangUp, sql } from './desk_kit.mjs';

const run = promisify(execFile);
let c;
let s;
let g;
let m;
let token;
let session;
let talks;

const person = (n) => sql(`select p.id from person p join conference k on k.id = p.conference where k.slug = '${access.slug}' and p.email = 'attendee${n}@example.org'`);
const plenum = async (...args) => (await run(path.join(process.env.PLENUM_BIN, 'plenum'), [...args, '--dsn', access.app_dsn])).stdout;
const row = (p, name) => p.locator('.tb-row', { hasText: name });

before(async () => {
  const [id, room] = sql(`select t.session || ' ' || p.room from talk t join talk_speaker ts on ts.talk = t.id join speaker x on x.id = ts.speaker join published p on p.session = t.session where x.person = '${person(41)}'`).split(' ');
  session = { id, room, title: sql(`select title from session where id = '${id}'`) };
  talks = sql(`select t.id || '|' || w.name from talk t, talk_presenter(t.id) w where t.session = '${id}' order by t.ord`).split('\n').map((x) => x.split('|'));
  // An hour before, nobody is asked for yet. The second is in the building, the third online.
  await plenum('conference', 'clock', access.slug, '--at', '2021-05-02T09:20:00+02:00');
  sql(`with s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, at) select gen_random_uuid(), l.conference, l.id, g.person, '${person(42)}', '\\x00', plenum_now(l.conference) from checkin_list l join role_grant g on g.conference = l.conference and g.role = 'organiser' where l.id = '${access.list}' returning *) insert into admission (conference, list, person, scan, at) select conference, list, person, scan_id, at from s`);
});
after(async () => {
  hangUp();
  await close();
});
lookAfter(() => ({ c, s, g, m }));

test('three quarters of an hour before, the moderators are told who is missing, with the first who stands by one tap away', async () => {
  m = await page('/moderate', { token: access.tokens.moderator, width: 360, theme: 'dark', axe: true });
  await m.locator('.picker').waitFor();
  const line = m.locator('.alarm-absent', { has: m.getByRole('link', { name: session.title }) });
  assert.equal(await line.count(), 0);
  await plenum('conference', 'clock', access.slug, '--at', '2021-05-02T09:50:00+02:00');
  await line.getByText('Neither in the building nor online:').waitFor();
  assert.deepEqual(await line.locator('li > span').allInnerTexts(), [0, 2, 3, 4].map((i) => talks[i][1]), 'all but the one who was let in');
  await still(m);
  assert.deepEqual(await axe(m), []);
  assert.equal(await m.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  await shot(m, 'desk-absent-360-dark');
  await line.getByRole('button', { name: `Attendee 46 instead of ${talks[2][1]}` }).tap();
  // The line is asked anew: who stands in now is not there yet either, and the next who stands by is offered.
  await becomes(() => line.locator('li > span').allInnerTexts(), [talks[0][1], 'Attendee 46', talks[3][1], talks[4][1]]);
  await line.locator('li').first().getByRole('button', { name: /instead/ }).waitFor();
  assert.doesNotMatch(await line.locator('li').first().getByRole('button').innerText(), /Attendee 46/);
  await line.getByRole('button', { name: 'I have seen it' }).tap();
  await line.waitFor({ state: 'detached' });
  await m.context().close();
});

test('who is missing stands on top, and the first who stands by is one tap away', async () => {
  const mod = await client('moderator');
  const { code } = await mod.write('chair.invite', { session: session.id, name: 'Kirsten Holm' });
  c = await page(`/chair#${code}`, { width: 360, axe: true });
  await c.locator('.tb-missing li', { hasText: talks[0][1] }).waitFor();
  await row(c, 'Attendee 46').locator('.tag', { hasText: `instead of ${talks[2][1]}` }).waitFor();
  assert.equal(await c.locator('.tb-missing li').count(), 4, 'all but the one who was let in');
  await row(c, talks[1][1]).locator('.tag', { hasText: 'in the building' }).waitFor();
  await shot(c, 'chair-talks-missing-360-dark');
  assert.deepEqual(await axe(c), []);
  assert.equal(await c.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  const instead = c.locator('.tb-missing li', { hasText: talks[4][1] }).getByRole('button', { name: /instead/ });
  const other = (await instead.innerText()).replace(/ instead$/, '');
  await instead.click();
  await row(c, other).locator('.tag', { hasText: `instead of ${talks[4][1]}` }).waitFor();
  await row(c, talks[4][1]).locator('.tag', { hasText: 'did not come' }).last().waitFor();
  assert.equal(await c.locator('.tb-row').count(), 7);
  assert.equal(await c.locator('.tb-standby li').count(), 0);
});

test('a speaker\'s own page: when, how long, ready; the chair sees it at once', async () => {
  token = JSON.parse(await plenum('call', 'token.create', JSON.stringify({ role: 'attendee', email: 'attendee44@example.org' }), '--into', access.slug, '--json')).token;
  s = await page('/attend#/speaker', { token, width: 360, axe: true });
  await s.locator('.turn').waitFor();
  await s.getByText('3 talks are before yours.').waitFor();
  await row(c, talks[3][1]).locator('.tag', { hasText: 'online' }).first().waitFor();
  await s.getByRole('button', { name: 'I am ready' }).click();
  await row(c, talks[3][1]).locator('.tag', { hasText: 'ready' }).waitFor();
  assert.deepEqual(await axe(s), []);
  // From elsewhere: the way into the hall, and devices that are not there are said so on both sides.
  await s.getByText('You speak online.').waitFor();
  await s.getByRole('button', { name: 'Try camera and microphone' }).click();
  await s.locator('.green-found li').nth(2).waitFor();
  await shot(s, 'speaker-turn-360-light', true);
  await row(c, talks[3][1]).locator('summary').click();
  await row(c, talks[3][1]).getByText(/no camera|camera not allowed/).waitFor();
  await row(c, talks[3][1]).locator('summary').click();
});

/** The speaker's page where there are devices: Chromium's own, two cameras with a moving picture and microphones that beep. What the page opens is written down. */
async function withDevices(browser, o = {}) {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, locale: o.lang || 'en-GB', timezoneId: 'Europe/Copenhagen', colorScheme: o.theme || 'light', permissions: o.permissions || ['camera', 'microphone'], bypassCSP: true });
  await context.addInitScript((t) => {
    sessionStorage.setItem('plenum-token', t);
    window['__opened'] = [];
    const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (c) => {
      const stream = await own(c);
      window['__opened'].push(...stream.getTracks());
      return stream;
    };
  }, token);
  const p = await context.newPage();
  p.setDefaultTimeout(PATIENCE);
  p.on('pageerror', (e) => complaints.push(e.message));
  p.on('console', (x) => x.type() === 'error' && complaints.push(x.text()));
  await p.goto(`${access.base}/attend#/speaker`);
  return p;
}
/** @param {import('playwright-core').Page} p */
const live = (p) => p.evaluate(() => window['__opened'].filter((/** @type {MediaStreamTrack} */ x) => x.readyState === 'live').map((/** @type {MediaStreamTrack} */ x) => x.kind).sort());
/** One frame of the picture, made small. @param {import('playwright-core').Page} p */
const frame = (p) => p.evaluate(() => {
  const canvas = document.createElement('canvas');
  const video = /** @type {HTMLVideoElement} */ (document.querySelector('.green-picture'));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return video.videoWidth ? canvas.toDataURL() : '';
});

test('the green room with devices: the picture moves, the meter moves, another is chosen, all is let go; refused and then allowed', async () => {
  const browser = await launch(['--use-fake-device-for-media-stream=device-count=2']);
  try {
    g = await withDevices(browser);
    await g.getByRole('button', { name: 'Try camera and microphone' }).or(g.getByRole('button', { name: 'Try again' })).click();
    const frames = new Set(['']);
    await until(async () => frames.add(await frame(g).catch(() => '')).size > 3);
    const levels = new Set();
    await until(async () => levels.add(await g.locator('.green-room meter').evaluate((x) => /** @type {HTMLMeterElement} */ (x).value)).size > 3);
    await g.getByText('The microphone hears you.').waitFor();
    await g.getByText('The camera works.').waitFor();
    assert.deepEqual(await axe(g), []);
    await still(g);
    await shot(g, 'green-room-360-light', true);
    await row(c, talks[3][1]).locator('summary').click();
    await row(c, talks[3][1]).getByText(/camera works · microphone works/).waitFor();
    await row(c, talks[3][1]).locator('summary').click();
    // Another camera: the one before is let go.
    const which = g.locator('select[data-kind=video]');
    assert.equal(await which.locator('option').count(), 2);
    assert.ok((await g.locator('select[data-kind=audio] option').count()) > 1);
    const name = () => g.evaluate(() => /** @type {any} */ (document.querySelector('.green-picture'))?.srcObject?.getVideoTracks()[0].label);
    const before = await name();
    const other = (await which.locator('option').allInnerTexts()).find((x) => x !== before);
    await which.selectOption({ label: other });
    await becomes(name, other);
    await g.getByText('The microphone hears you.').waitFor();
    assert.equal(await which.locator('option:checked').innerText(), other);
    await becomes(() => live(g), ['audio', 'video']);
    await g.getByRole('button', { name: 'Finished' }).click();
    await becomes(() => live(g), []);
    assert.equal(await g.locator('.green-picture, .green-room meter').count(), 0);
    // Also by leaving for the hall's meeting, and by leaving the page's part while it listens.
    for (const leave of [() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }) && dispatchEvent(new Event('visibilitychange')), () => (location.hash = '#/')]) {
      await g.evaluate(() => delete (/** @type {any} */ (document).hidden));
      await g.getByRole('button', { name: 'Try again' }).or(g.getByRole('button', { name: 'Try camera and microphone' })).click();
      await becomes(() => live(g), ['audio', 'video']);
      await g.evaluate(leave);
      await becomes(() => live(g), []);
    }
    await g.context().close();

    g = await withDevices(browser, { permissions: [], lang: 'da-DK', theme: 'dark' });
    await g.getByRole('button', { name: 'Prøv igen' }).or(g.getByRole('button', { name: /^Prøv kamera/ })).click();
    await g.getByText('Kameraet er ikke tilladt. Tillad det i browserens adresselinje, og prøv igen.').waitFor();
    await g.getByText('Mikrofonen er ikke tilladt.').waitFor();
    assert.deepEqual(await axe(g), []);
    await still(g);
    await shot(g, 'green-room-refused-360-dark-da', true);
    await g.context().grantPermissions(['camera', 'microphone'], { origin: access.base });
    await g.getByRole('button', { name: 'Prøv igen' }).click();
    await g.getByText('Mikrofonen hører dig.').waitFor();
    await g.context().close();
  } finally {
    await browser.close();
  }
});

test('start, stop for a question, go on, one minute more; the programme and the speaker follow', async () => {
  const reader = await client('attendees 3');
  await reader.subscribe(['schedule', `talk:${talks[0][0]}`]);
  await c.locator('.tb-big', { hasText: talks[0][1] }).click();
  await reader.waitEvent(`talk:${talks[0][0]}`, 'talk.started', () => true);
  await c.locator('.tb-one.on', { hasText: talks[0][1] }).waitFor();
  await c.locator('.tb-clock.on').waitFor();
  await c.getByRole('button', { name: 'Stop for a question' }).click();
  await c.locator('.tb-clock.paused').waitFor();
  await reader.waitEvent(`talk:${talks[0][0]}`, 'talk.paused', () => true);
  await shot(c, 'chair-talks-paused-360-dark');
  await c.getByRole('button', { name: 'Go on' }).click();
  await c.locator('.tb-clock.on').waitFor();
  await c.getByRole('button', { name: '+1 min' }).click();
  await row(c, talks[0][1]).locator('.tag', { hasText: '1 min added' }).waitFor();
  assert.deepEqual(await axe(c), []);
  await s.getByText('2 talks are before yours.').waitFor();
  await shot(c, 'chair-talks-360-dark', true);
});

test('two at once: the room\'s page passes over who did not come, the chair goes on with the one after', async () => {
  m = await page(`/run/${session.room}`, { token: access.tokens.moderator, width: 360, axe: true });
  await m.locator('.run-talks .tb-one.on', { hasText: talks[0][1] }).waitFor();
  await row(m, talks[1][1]).locator('summary').click();
  await row(m, talks[1][1]).getByRole('button', { name: 'Did not come' }).click();
  await row(c, talks[1][1]).locator('.tag', { hasText: 'did not come' }).waitFor();
  await shot(m, 'run-talks-360-dark', true);
  assert.deepEqual(await axe(m), []);
  assert.equal(await m.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  await c.locator('.tb-big', { hasText: 'Attendee 46' }).click();
  await m.locator('.run-talks .tb-one.on', { hasText: 'Attendee 46' }).waitFor();
  await s.getByText('You are the next to speak.').waitFor();
  // The questions are a tap away, and back.
  await c.getByRole('button', { name: 'Questions' }).click();
  await c.locator('.chair-current').waitFor();
  await c.getByRole('button', { name: 'Talks', exact: true }).click();
});

test('without network the presses show at once, and arrive with their times', async () => {
  await c.context().setOffline(true);
  await c.locator('.tb-big', { hasText: talks[3][1] }).click();
  await c.locator('.tb-one.on', { hasText: talks[3][1] }).waitFor();
  await c.locator('.chair-kept').waitFor();
  assert.equal(await s.locator('.turn-clock').count(), 0);
  await c.context().setOffline(false);
  await s.locator('.turn-clock').waitFor();
  await until(async () => (await c.evaluate(() => localStorage.getItem('plenum-chair-presses:'))) === '[]');
  await shot(s, 'speaker-on-360-light');
  for (const p of [c, s, m]) await p.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints.filter((x) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection|status of (400|404|410)/.test(x)), []);
});
