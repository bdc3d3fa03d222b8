// tests/web/stream_browser.mjs: a stream really plays on the attendees' page; it is cut, held and switched while somebody watches
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import http, { createServer } from 'node:http';
import { access, axe, becomes, close, complaints, intoView, page, shot, still, until } from './kit.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';
import { Streaming } from '../../deploy/lib/streaming.mjs';

const streaming = new Streaming();
const { tokens, room } = access;
const hall = uuid();
const spare = uuid();
let staff;
let organiser;
const VTT = 'WEBVTT\n\n00:00.000 --> 99:00:00.000\nWritten beforehand.\n';
/** A page of somebody else, to be embedded, and a track of captions. */
const elsewhere = createServer((request, response) => (request.url.endsWith('.vtt')
  ? response.setHeader('content-type', 'text/vtt').setHeader('access-control-allow-origin', '*').end(VTT)
  : response.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title><p id="there">From another house')));

const write = (who, method, params) => who.call(method, { key: uuid(), ...params });
/** What the workers say that a page may frame and play: eight new connections, so that one that has not heard yet is very likely among them. */
const policies = () => Promise.all(Array.from({ length: 8 }, () => new Promise((done, fail) => http.get(`${access.base}/attend`, { agent: false }, (reply) => {
  reply.resume();
  done(String(reply.headers['content-security-policy']));
}).on('error', fail))));
const video = (p) => p.locator('.player video');
const at = (p) => video(p).evaluate((v) => v.currentTime);
/** The picture moves on, by a second and more: from the earliest place seen, for another stream may begin at another clock. */
async function plays(p) {
  await video(p).waitFor();
  let from = Infinity;
  await until(async () => {
    const now = await at(p);
    if (now > 0 && now < from) from = now;
    return now > from + 1;
  }, 90000);
}
/** Which stream's pieces have been fetched since the mark. */
const fetched = (p, name) => p.evaluate((n) => performance.getEntriesByType('resource').some((r) => r.name.includes(`/hls/${n}`)), name);

before(async () => {
  staff = await connect(access, 'moderator');
  organiser = await connect(access, 'organiser');
  await staff.subscribe([`room:${room}:mod`]);
  await streaming.start();
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', done));
  await write(organiser, 'stream.hosts', { media: [streaming.host] });
  await write(staff, 'stream.set', { stream: hall, room, kind: 'hls', url: streaming.url('test'), audio_url: streaming.url('test_audio'), label: 'The hall', language: 'en' });
  await write(staff, 'stream.set', { stream: spare, room, kind: 'hls', url: streaming.url('test_low'), label: 'The second encoder', language: 'en', starts: '2031-01-01T00:00:00Z',
    captions_url: `http://127.0.0.1:${elsewhere.address().port}/en.vtt` });
  // An entry that was accepted plays without a second step, and so do its captions.
  await until(async () => (await policies()).every((p) => /media-src[^;]*/.exec(p)?.[0].includes(`127.0.0.1:${elsewhere.address().port}`)));
});
after(async () => {
  await close();
  staff?.close();
  organiser?.close();
  elsewhere.close();
  await streaming.stop();
});

test('nothing plays before it is asked for; then it plays, is counted, and can be sound alone', async () => {
  const p = await page('/attend', { token: tokens.attendees[0] });
  const start = p.getByRole('button', { name: 'Watch the stream' });
  await start.waitFor();
  assert.equal(await video(p).count(), 0, 'no media before a press');
  await shot(p, 'player-start-1440-light');
  // By keyboard, as by hand.
  await start.focus();
  await p.keyboard.press('Enter');
  await plays(p);
  await staff.waitTally(`room:${room}:mod`, 'playing', 1, 60000);
  await p.getByText('1 watching').waitFor();
  await until(async () => (await video(p).evaluate((v) => v.videoWidth)) > 0);
  await shot(p, 'player-plays-1440-light');
  await p.getByRole('button', { name: 'Sound only' }).click();
  await until(() => fetched(p, 'test_audio-'));
  await plays(p);
  await until(async () => (await video(p).evaluate((v) => v.videoWidth)) === 0);
  await shot(p, 'player-sound-1440-light');
  await p.getByRole('button', { name: 'Sound only' }).click();
  await plays(p);
  const heard = staff.log.length;
  await p.context().close();
  await staff.waitTally(`room:${room}:mod`, 'joined', 0, 90000, heard);
});

test('switched, cut and held while somebody watches, without a reload', async () => {
  const p = await page('/attend', { token: tokens.attendees[1], width: 360, theme: 'dark' });
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await plays(p);
  await p.evaluate(() => {
    window['__same'] = true;
    performance.clearResourceTimings();
  });
  const pressed = Date.now();
  await write(staff, 'stream.switch', { room, stream: spare });
  await until(() => fetched(p, 'test_low.m3u8'));
  console.log(`switched after ${Date.now() - pressed} ms`);
  await plays(p);
  await shot(p, 'player-switched-360-dark');

  const heard = staff.log.length;
  await streaming.cut('test');
  await staff.wait((entry) => staff.log.indexOf(entry) >= heard && entry.kind === 'tick' && entry.tally.some(([key, n]) => key === 'stalled' && n === 1), 'stalled', 90000);
  await p.getByText('The picture stands still').waitFor();
  await shot(p, 'player-stalled-360-dark');

  const held = Date.now();
  await write(staff, 'stream.hold', { room, hold: true, text: { en: 'We know. The camera is being replaced.', da: 'Vi ved det. Kameraet bliver skiftet.' }, back_at: new Date(Date.now() + 3 * 60000 + (Date.parse(staff.hello.time) - Date.parse(staff.hello.now))).toISOString() });
  await p.getByText('The camera is being replaced').waitFor();
  console.log(`held after ${Date.now() - held} ms`);
  await p.getByText(/Back in about/).waitFor();
  await video(p).waitFor({ state: 'detached' });
  await shot(p, 'player-held-360-dark');
  await p.getByRole('button', { name: 'Skift til dansk' }).click();
  await p.getByText('Kameraet bliver skiftet').waitFor();

  await streaming.picture('test');
  await write(staff, 'stream.switch', { room, stream: null });
  await write(staff, 'stream.hold', { room, hold: false });
  await plays(p);
  assert.ok(await p.evaluate(() => window['__same']), 'the same page all the time');
  await p.context().close();
});

test('the clock begins and ends an entry on an open page; its captions can be chosen', async () => {
  const id = uuid();
  /** On the conference's clock. */
  const offset = Date.parse(staff.hello.time) - Date.parse(staff.hello.now);
  const instant = (ms) => new Date(Date.now() + offset + ms).toISOString();
  const p = await page('/attend', { token: tokens.attendees[5] });
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await plays(p);
  await p.evaluate(() => {
    window['__same'] = true;
    performance.clearResourceTimings();
  });
  const begins = Date.now() + 3000;
  const entry = { stream: id, room, kind: 'hls', url: streaming.url('test_mid'), label: 'For a while', language: 'en', starts: instant(3000), captions_url: `http://127.0.0.1:${elsewhere.address().port}/en.vtt` };
  await write(staff, 'stream.set', entry);
  await until(() => fetched(p, 'test_mid.m3u8'));
  assert.ok(Date.now() >= begins - 500, 'not before its time');
  const track = () => video(p).evaluate((v) => {
    const [one] = v.textTracks;
    if (one) one.mode = 'showing';
    return { kind: one?.kind, language: one?.language, text: one?.activeCues?.[0]?.text };
  });
  await becomes(track, { kind: 'captions', language: 'en', text: 'Written beforehand.' });
  await shot(p, 'player-track-1440-light');
  const over = Date.now() + 2000;
  await write(staff, 'stream.set', { ...entry, ends: instant(2000), expect_version: 1 });
  await p.evaluate(() => performance.clearResourceTimings());
  await until(() => fetched(p, 'test.m3u8'), 90000);
  assert.ok(Date.now() >= over - 500, 'not before its end');
  await plays(p);
  await video(p).locator('track').waitFor({ state: 'detached' });
  assert.ok(await p.evaluate(() => window['__same']), 'the same page all the time');
  await write(staff, 'stream.remove', { stream: id, expect_version: 2 });
  await p.context().close();
});

test('live captions, and what the player says to a screen reader', async () => {
  const p = await page('/attend', { token: tokens.attendees[2], axe: true });
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await plays(p);
  await write(staff, 'caption.add', { room, text: 'Good morning, and welcome to Favrholm.', language: 'en' });
  await p.getByRole('button', { name: 'Live captions' }).click();
  await p.getByText('Good morning, and welcome to Favrholm.').waitFor();
  await shot(p, 'player-captions-1440-light');
  await p.locator('.attendance summary').click();
  await p.getByRole('button', { name: 'I agree: keep my attendance' }).click();
  await p.getByText('Your attendance is kept.').waitFor();
  await shot(p, 'player-attendance-1440-light', true);
  assert.deepEqual(await axe(p), []);
  await p.context().close();
});

test('an embed is framed in a sandbox, and a host listed later asks for the page anew', async () => {
  const host = `127.0.0.1:${elsewhere.address().port}`;
  const p = await page('/attend', { token: tokens.attendees[3] });
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await write(organiser, 'stream.hosts', { embed: [host] });
  const embed = uuid();
  await write(staff, 'stream.set', { stream: embed, room, kind: 'embed', url: `http://${host}/talk`, label: 'Elsewhere' });
  await write(staff, 'stream.switch', { room, stream: embed });
  await p.getByText('This page was opened before the stream moved there.').waitFor();
  await until(async () => (await policies()).every((p) => p.includes(`frame-src http://${host}`)));
  // The page before has such a button too, until it goes.
  await Promise.all([p.waitForEvent('load'), p.getByRole('button', { name: 'Load the page again' }).click()]);
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await p.frameLocator('.player iframe').locator('#there').waitFor();
  assert.doesNotMatch(await p.locator('.player iframe').getAttribute('sandbox'), /top-navigation|forms|modals/);
  await p.context().close();
});

test('staff see how it goes and hold it with words of their own', async () => {
  const p = await page(`/organise#/streams/${room}`, { token: tokens.organiser, axe: true });
  const desk = p.locator('.stream-desk');
  await desk.locator('.stream-list li').first().waitFor();
  await p.getByLabel('What people read, in English').fill('A short break');
  await p.getByRole('button', { name: 'Hold the stream' }).click();
  await desk.getByText('A short break').waitFor();
  await staff.subscribe([`room:${room}`]);
  assert.equal((await staff.call('stream.get', { room })).hold.text.en, 'A short break');
  await shot(p, 'organise-streams-1440-light', true);
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: 'Go on' }).click();
  await p.getByRole('button', { name: 'Hold the stream' }).waitFor();
  await p.getByRole('button', { name: 'Add a stream' }).click();
  await p.getByLabel('Address', { exact: true }).fill('http://not.secure.example/x.m3u8');
  await p.getByRole('button', { name: 'Save' }).first().click();
  await desk.getByText('The address must begin with https://').waitFor();
  await p.getByLabel('Address', { exact: true }).fill('https://cdn.example.org/backup.m3u8');
  await p.getByLabel('Name', { exact: true }).fill('Backup');
  await p.getByRole('button', { name: 'Save' }).first().click();
  const row = desk.locator('.stream-list li', { hasText: 'Backup' });
  await row.waitFor();
  await row.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  await p.setViewportSize({ width: 360, height: 780 });
  await shot(p, 'organise-streams-360-light', true);
  await p.context().close();
});

test('a link opens for who is signed in; a guest is asked to sign in', async () => {
  const link = uuid();
  await write(staff, 'stream.set', { stream: link, room, kind: 'link', url: 'https://meet.example.org/hidden-door' });
  await write(staff, 'stream.switch', { room, stream: link });
  const p = await page('/attend', { token: tokens.attendees[4], width: 360 });
  const a = p.getByRole('link', { name: 'Open the stream in a new tab' });
  await a.waitFor();
  assert.equal(await a.getAttribute('href'), 'https://meet.example.org/hidden-door');
  assert.equal(await a.getAttribute('rel'), 'noopener noreferrer');
  await shot(p, 'player-link-360-light');
  await p.context().close();
  const g = await page('/attend');
  await g.getByRole('button', { name: 'Sign in to watch the stream' }).click();
  await g.locator('dialog[open]').waitFor();
  assert.ok(!(await g.content()).includes('hidden-door'));
  await g.context().close();
});

test('B26: a calendar\'s link leads to the sign-in, and to the stream only behind it', async () => {
  const { sessions, slots } = await staff.call('schedule.get', {});
  const now = Date.parse((await staff.call('now.get', {})).time);
  const talks = new Set(sessions.filter((s) => s.talks.length).map((s) => s.id));
  // On, or on soon: a stream can be joined half an hour before.
  const slot = slots.find((s) => s.room === room && s.state !== 'cancelled' && talks.has(s.session) && Date.parse(s.end) > now && Date.parse(s.start) < now + 29 * 60000);
  assert.ok(slot, JSON.stringify([new Date(now), slots.filter((s) => s.room === room).map((s) => [s.start, s.end, s.state, talks.has(s.session)])]));
  const link = uuid();
  await write(staff, 'stream.set', { stream: link, room, kind: 'link', url: 'https://meet.example.org/behind-the-door' });
  await write(staff, 'stream.switch', { room, stream: link });
  const g = await page(`/j/${slot.id}`, { width: 360 });
  await g.getByRole('button', { name: 'Sign in to watch the stream' }).click();
  await g.locator('dialog[open]').waitFor();
  assert.equal(await g.locator('.player').count(), 0);
  assert.doesNotMatch(await g.content(), /behind-the-door|\.m3u8/);
  await shot(g, 'join-guest-360-light');
  await g.context().close();
  const p = await page(`/j/${slot.id}`, { token: tokens.attendees[6], width: 360 });
  await p.locator('.player a[href="https://meet.example.org/behind-the-door"]').waitFor();
  assert.match(p.url(), /#\/talk\//);
  await write(staff, 'stream.switch', { room, stream: hall });
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await plays(p);
  await shot(p, 'join-plays-360-light');
  await p.context().close();
});

test('staff of a room find its streams where they work: at the desk and on the run page', async () => {
  const now = await staff.call('now.get', {});
  const { sessions, slots } = await staff.call('schedule.get', {});
  const here = now.rooms.find((r) => r.room === room);
  const slot = slots.find((s) => s.id === (here.now || here.next).slot);
  const { id } = sessions.find((s) => s.id === slot.session).talks[0];
  for (const [name, path] of [['moderate', `/moderate#/talk/${id}`], ['run', `/run/${room}`]]) {
    const p = await page(path, { token: tokens.moderator, axe: true });
    const fold = p.locator('.stream-fold', { hasText: 'Streams of this room' });
    await fold.waitFor();
    assert.equal(await p.locator('.stream-desk').count(), 0, 'folded, nothing is followed');
    await fold.locator('summary').click();
    await p.locator('.stream-list li').first().waitFor();
    await p.getByLabel('What people read, in English').fill('One moment');
    await p.getByRole('button', { name: 'Hold the stream' }).click();
    await fold.getByText('One moment').waitFor();
    assert.equal((await staff.call('stream.get', { room })).hold.text.en, 'One moment');
    await p.getByRole('button', { name: 'Go on' }).click();
    await p.getByRole('button', { name: 'Hold the stream' }).waitFor();
    for (const theme of ['light', 'dark']) {
      await p.evaluate((x) => (document.documentElement.dataset.theme = x), theme);
      await p.setViewportSize({ width: 1440, height: 900 });
      await shot(p, `${name}-streams-1440-${theme}`, true);
      await p.setViewportSize({ width: 360, height: 780 });
      await intoView(fold);
      await still(p);
      await shot(p, `${name}-streams-360-${theme}`, true);
      assert.ok(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing beyond the edge');
      assert.deepEqual(await axe(p), []);
    }
    await p.context().close();
  }
});

test('the pages had nothing else to complain about', async () => {
  await sleep(0);
  // A cut stream is a playlist that is not there, the policy's refusal was on purpose, and the kit's own start script runs in frames too.
  assert.deepEqual(complaints.filter((line) => !/Failed to load resource|frame-src|Framing|'sessionStorage' property/.test(line)), []);
});
