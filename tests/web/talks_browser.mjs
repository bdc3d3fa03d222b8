// tests/web/talks_browser.mjs: a session of short talks run from a chair's phone of 360 pixels: who is missing, one tap for standby, start, stop for a question, no-show; the room's page and the speaker's own follow
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { access, axe, close, complaints, lookAfter, page, shot, until } from './kit.mjs';
import { client, hangUp, sql } from './desk_kit.mjs';

const run = promisify(execFile);
let c;
let s;
let m;
let session;
let talks;

const person = (n) => sql(`select p.id from person p join conference k on k.id = p.conference where k.slug = '${access.slug}' and p.email = 'attendee${n}@example.org'`);
const plenum = async (...args) => (await run(path.join(process.env.PLENUM_BIN, 'plenum'), [...args, '--dsn', access.app_dsn])).stdout;
const row = (p, name) => p.locator('.tb-row', { hasText: name });

before(async () => {
  const [id, room] = sql(`select t.session || ' ' || p.room from talk t join talk_speaker ts on ts.talk = t.id join speaker x on x.id = ts.speaker join published p on p.session = t.session where x.person = '${person(41)}'`).split(' ');
  session = { id, room };
  talks = sql(`select t.id || '|' || w.name from talk t, talk_presenter(t.id) w where t.session = '${id}' order by t.ord`).split('\n').map((x) => x.split('|'));
  // Half an hour before: who is not there is asked for. The second is in the building, the third online.
  await plenum('conference', 'clock', access.slug, '--at', '2021-05-02T09:50:00+02:00');
  sql(`with s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, at) select gen_random_uuid(), l.conference, l.id, g.person, '${person(42)}', '\\x00', plenum_now(l.conference) from checkin_list l join role_grant g on g.conference = l.conference and g.role = 'organiser' where l.id = '${access.list}' returning *) insert into admission (conference, list, person, scan, at) select conference, list, person, scan_id, at from s`);
});
after(async () => {
  hangUp();
  await close();
});
lookAfter(() => ({ c, s, m }));

test('who is missing stands on top, and the first who stands by is one tap away', async () => {
  const mod = await client('moderator');
  const { code } = await mod.write('chair.invite', { session: session.id, name: 'Kirsten Holm' });
  c = await page(`/chair#${code}`, { width: 360, axe: true });
  await c.locator('.tb-missing li', { hasText: talks[0][1] }).waitFor();
  assert.equal(await c.locator('.tb-missing li').count(), 4, 'all but the one who was let in');
  await row(c, talks[1][1]).locator('.tag', { hasText: 'in the building' }).waitFor();
  await shot(c, 'chair-talks-missing-360-dark');
  assert.deepEqual(await axe(c), []);
  assert.equal(await c.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  await c.locator('.tb-missing li', { hasText: talks[4][1] }).getByRole('button', { name: /instead/ }).click();
  await row(c, 'Attendee 46').locator('.tag', { hasText: `instead of ${talks[4][1]}` }).waitFor();
  await row(c, talks[4][1]).locator('.tag', { hasText: 'did not come' }).last().waitFor();
  assert.equal(await c.locator('.tb-row').count(), 6);
  await c.locator('.tb-standby li').first().waitFor();
  assert.equal(await c.locator('.tb-standby li').count(), 1);
});

test('a speaker\'s own page: when, how long, ready; the chair sees it at once', async () => {
  const token = JSON.parse(await plenum('call', 'token.create', JSON.stringify({ role: 'attendee', email: 'attendee44@example.org' }), '--into', access.slug, '--json')).token;
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
  await c.locator('.tb-big', { hasText: talks[2][1] }).click();
  await m.locator('.run-talks .tb-one.on', { hasText: talks[2][1] }).waitFor();
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
  await until(async () => (await c.evaluate(() => localStorage.getItem('plenum-chair-presses:'))) === '[]', 40000);
  await shot(s, 'speaker-on-360-light');
  for (const p of [c, s, m]) await p.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints.filter((x) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection|status of (400|404|410)/.test(x)), []);
});
