// tests/web/stream_browser.mjs: a stream really plays on the attendees' page; it is cut, held and switched while somebody watches
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { access, axe, close, complaints, page, shot, until } from './kit.mjs';
import { connect, sleep, uuid } from '../support/client.mjs';
import { Streaming } from '../../deploy/lib/streaming.mjs';

const streaming = new Streaming();
const { tokens, room } = access;
const hall = uuid();
const spare = uuid();
let staff;
let organiser;
/** A page of somebody else, to be embedded. */
const elsewhere = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title><p id="there">From another house'));

const write = (who, method, params) => who.call(method, { key: uuid(), ...params });
const policy = async () => (await fetch(`${access.base}/attend`)).headers.get('content-security-policy');
const video = (p) => p.locator('.player video');
const at = (p) => video(p).evaluate((v) => v.currentTime);
/** The picture moves on, by a second and more. */
async function plays(p) {
  await video(p).waitFor();
  await until(async () => (await at(p)) > 0, 30000);
  const before = await at(p);
  await until(async () => (await at(p)) > before + 1, 20000);
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
  await write(staff, 'stream.set', { stream: spare, room, kind: 'hls', url: streaming.url('test_low'), label: 'The second encoder', language: 'en', starts: '2031-01-01T00:00:00Z' });
  await until(async () => (await policy()).includes(streaming.host));
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
  await staff.waitTally(`room:${room}:mod`, 'playing', 1, 20000);
  await p.getByText('1 watching').waitFor();
  assert.ok((await video(p).evaluate((v) => v.videoWidth)) > 0);
  await shot(p, 'player-plays-1440-light');
  await p.getByRole('button', { name: 'Sound only' }).click();
  await until(() => fetched(p, 'test_audio-'));
  await plays(p);
  assert.equal(await video(p).evaluate((v) => v.videoWidth), 0, 'no picture is fetched');
  await shot(p, 'player-sound-1440-light');
  await p.getByRole('button', { name: 'Sound only' }).click();
  await plays(p);
  await p.context().close();
  await staff.waitTally(`room:${room}:mod`, 'joined', 0, 90000);
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
  await staff.wait((entry) => staff.log.indexOf(entry) >= heard && entry.kind === 'tick' && entry.tally.some(([key, n]) => key === 'stalled' && n === 1), 'stalled', 40000);
  await p.getByText('The picture stands still').waitFor();
  await shot(p, 'player-stalled-360-dark');

  const held = Date.now();
  await write(staff, 'stream.hold', { room, hold: true, text: { en: 'We know. The camera is being replaced.', da: 'Vi ved det. Kameraet bliver skiftet.' }, back_at: new Date(Date.now() + 3 * 60000 + (Date.parse(staff.hello.time) - Date.parse(staff.hello.now))).toISOString() });
  await p.getByText('The camera is being replaced').waitFor();
  console.log(`held after ${Date.now() - held} ms`);
  await p.getByText(/Back in about/).waitFor();
  assert.equal(await video(p).count(), 0);
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
  await until(async () => (await policy()).includes(`frame-src http://${host}`));
  await p.getByRole('button', { name: 'Load the page again' }).click();
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

test('the pages had nothing else to complain about', async () => {
  await sleep(0);
  // A cut stream is a playlist that is not there, the policy's refusal was on purpose, and the kit's own start script runs in frames too.
  assert.deepEqual(complaints.filter((line) => !/Failed to load resource|frame-src|Framing|'sessionStorage' property/.test(line)), []);
});
