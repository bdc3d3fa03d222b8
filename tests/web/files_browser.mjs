// tests/web/files_browser.mjs: slides handed in from a phone on a bad line, posters from their number to a question, the book of abstracts on a screen and on paper
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PATIENCE, access, axe, becomes, close, complaints, lookAfter, page, shot, still, until } from './kit.mjs';
import { block, call, clock, iso, write } from './hall_kit.mjs';
import { Tus, pdf } from '../support/tus.mjs';

const { tokens, conference } = access;
const MIB = 1 << 20;
const [speaker, presenter, reader] = tokens.attendees.slice(8);
/** @param {string} text */
const sql = (text) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-d', access.dsn, '-c', text], { encoding: 'utf8' }).trim();
const LONG = 'A poster whose title is as long as a title may be said to be without its author having been asked to shorten it, with Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen in it, and then some more';
/** @type {Awaited<ReturnType<typeof block>>} */
let hall;
/** @type {string[]} */
const abstracts = [];
/** @type {Record<string, import('playwright-core').Page>} */
const at = {};
lookAfter(() => at);

before(async () => {
  const me = (await call(speaker, 'people.get')).person.id;
  const they = (await call(presenter, 'people.get')).person.id;
  hall = await block({ n: 2, title: 'Slides', speaker: me });
  const tracks = sql(`select id from track where conference = '${conference}' order by ord, name limit 2`).split('\n');
  const rows = /** @type {[string, string, string, string[][]][]} */ ([
    ['poster', 'Sleep and memory', tracks[1], [['Ada Lovelace', 'Analytical Institute', 't'], ['Bo Østergård', 'Aarhus', 'f']]],
    ['poster', LONG, tracks[0], [['Œ. de la Très-Longue-Famille-von-und-zu', 'Institute of Things', 't']]],
    ['poster', 'Nothing handed in', tracks[0], [['Niels Bohr', 'København', 't']]],
    ['talk', 'A talk in the book', tracks[0], [['Lise Meitner', 'Berlin', 't'], ['Bo Østergård', 'Aarhus', 'f']]],
    ['declined', 'Never seen', tracks[0], [['Nobody', 'Nowhere', 't']]],
  ]);
  for (const [i, [outcome, title, track, authors]] of rows.entries()) {
    const id = randomUUID();
    abstracts.push(id);
    sql(`insert into abstract (id, conference, number, person, title, body, state, received, outcome, decided, mode) values ('${id}', '${conference}', ${900 + i}, '${they}', '${title}',
      E'What was done.\\n\\nWhat was found, and what it means.', 'submitted', now(), '${outcome}', now(), '${i ? 'on_site' : 'online'}');
      insert into abstract_track values ('${id}', '${track}');
      ${authors.map(([name, affiliation, presents], n) => `insert into abstract_author (conference, abstract, ord, name, affiliation, presents) values ('${conference}', '${id}', ${n + 1}, '${name}', '${affiliation}', '${presents}')`).join(';')}`);
  }
});
after(close);

/** Each worker keeps conference.json for five seconds: a page that asked one with an old copy is opened again. @param {import('playwright-core').Page} p @param {import('playwright-core').Locator} link */
const leads = (p, link) => until(async () => {
  if (await link.waitFor({ timeout: 8000 }).then(() => true, () => false)) return true;
  await p.reload();
  return false;
}, 2 * PATIENCE);

const mine = () => at.speaker.locator(`.upload[data-subject="${hall.talks[0].id}"]`);
const choose = (/** @type {string} */ name, /** @type {Buffer} */ buffer) => mine().locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer });

test('slides from a phone: a line that breaks goes on by itself, a pause is a pause, and what is there is shown', async () => {
  const p = at.speaker = await page('/attend#/speaker', { token: speaker, width: 360, axe: true });
  await mine().waitFor();
  let broken = 0;
  /** @type {(() => void) | null} */
  let hold = null;
  let held = Promise.resolve();
  await p.route('**/files/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    if (broken++ === 1) return route.abort('connectionreset');
    await held;
    return route.continue().catch(() => {});
  });
  const bytes = pdf(5 * MIB + 1234);
  held = new Promise((done) => (hold = () => done(undefined)));
  await choose('Slides, første udgave.pdf', bytes);
  const going = mine().locator('.upload-going');
  await going.waitFor();
  await shot(p, 'files-sending-360');
  await going.getByRole('button', { name: 'Pause' }).click();
  await going.getByText('Paused').waitFor();
  assert.deepEqual(await axe(p), []);
  hold?.();
  await going.getByRole('button', { name: 'Go on' }).click();
  const kept = mine().locator('.upload-file[data-state=ready]');
  await kept.waitFor();
  assert.ok(broken > 5, `${broken} pieces`);
  await kept.getByText('5 MB').waitFor();
  const file = (await call(speaker, 'file.mine')).subjects.find((/** @type {any} */ s) => s.subject === hall.talks[0].id).files[0];
  assert.equal(file.state, 'ready');
  assert.deepEqual((await new Tus(access.base, speaker).get(file.file)).bytes, bytes);
  const [got] = await Promise.all([p.waitForEvent('download'), kept.getByRole('link').click()]);
  assert.equal(got.suggestedFilename(), 'Slides, første udgave.pdf');
  await kept.getByRole('checkbox').check();
  await becomes(async () => (await new Tus(access.base, reader).get(file.file)).status, 200);
});

test('a pause that is pressed before there is anything to pause is one all the same', async () => {
  const sent = [];
  const p = at.speaker;
  p.on('request', (request) => /\/files\b/.test(request.url()) && sent.push(request.method()));
  await mine().locator('input[type=file]').evaluate(async (/** @type {HTMLInputElement} */ input) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(1000)], 'early.pdf'));
    input.files = files.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    // In the same breath: what sends it is fetched meanwhile.
    for (let left = 100; left && !document.querySelector('.upload-going button'); left--) await null;
    /** @type {HTMLElement} */ (document.querySelector('.upload-going button')).click();
  });
  const going = mine().locator('.upload-going');
  await going.getByText('Paused').waitFor();
  await still(p);
  assert.equal(await going.getAttribute('data-state'), 'paused');
  assert.deepEqual(sent, []);
  await going.getByRole('button', { name: 'Stop and throw away' }).click();
  await mine().locator('.upload-choose').waitFor();
});

test('what is no PDF is refused in words, before and after it was sent', async () => {
  await choose('slides.exe', Buffer.alloc(100));
  await mine().getByText('not a kind we take').first().waitFor();
  await choose('program.pdf', readFileSync(process.execPath).subarray(0, 100000));
  const going = mine().locator('.upload-going[data-state=stopped]');
  await going.getByText('not what its name says').waitFor();
  await shot(at.speaker, 'files-refused-360');
  // The browser reports the refusal it was sent; nothing else may be wrong.
  await until(async () => complaints.some((said) => said.includes('415')));
  for (const said of complaints.splice(0)) assert.match(said, /415|ERR_CONNECTION_RESET/);
  await going.getByRole('button', { name: 'Stop and throw away' }).click();
  await mine().locator('.upload-choose').waitFor();
  assert.equal(await mine().locator('.upload-file').count(), 1);
});

test('an organiser gives numbers, names the session to ask in, and opens the posters', async () => {
  const me = tokens.organiser;
  const [room, session] = [randomUUID(), randomUUID()];
  await write(me, 'room.save', { room, name: 'Poster hall' });
  await write(me, 'session.save', { session, title: 'Posters', talks: [{ title: 'Posters', speakers: [] }] });
  const start = Math.floor((await clock()) / 1000) * 1000 - 600000;
  const { slot } = await write(me, 'slot.create', { session, room, start: iso(start), end: iso(start + 7200000) });
  assert.equal((await new Tus(access.base, presenter).upload(pdf(30000), { kind: 'poster', subject: abstracts[0], name: 'poster.pdf' })).status, 204);

  const p = at.organiser = await page('/organise#/posters', { token: me, axe: true });
  await p.getByText('3 posters, 1 with a PDF, 0 with a number').waitFor();
  await p.getByLabel('Questions under').selectOption({ label: 'Posters' });
  await p.getByRole('button', { name: 'Give numbers' }).click();
  await p.getByText('3 posters, 1 with a PDF, 3 with a number').waitFor();
  await p.getByLabel('Only those without a PDF').check();
  await becomes(() => p.locator('.poster-table tr').count(), 2);
  await p.getByLabel('Ask for PDFs until').fill('28 April');
  await p.getByRole('button', { name: 'Write to those without a PDF' }).click();
  await until(async () => sql(`select count(*) from outbox where conference = '${conference}' and kind = 'file.wanted'`) === '2');
  await p.getByLabel('Only those without a PDF').uncheck();
  await p.getByLabel('Posters, for whoever takes part').check();
  await until(async () => (await call(reader, 'poster.list').catch(() => null))?.open === true);
  assert.deepEqual(await axe(p), []);
  await still(p);
  await shot(p, 'files-organise-1440', true);
  await write(me, 'release.publish', { slots: [slot], quiet: true, note: 'Posters' });
});

test('posters are found by number, name and topic; a PDF opens and a question reaches the poster', async () => {
  // Where people look for them: from the programme, once there are some.
  const p = at.posters = await page('/attend', { token: reader, width: 360, axe: true });
  const there = p.getByRole('navigation', { name: 'More of this conference' }).getByRole('link', { name: 'Posters' });
  await leads(p, there);
  await there.click();
  await becomes(() => p.locator('.poster').count(), 3);
  assert.deepEqual(await axe(p), []);
  await still(p);
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth), 360);
  await shot(p, 'posters-360', true);
  await p.getByRole('searchbox').fill('ostergard');
  await becomes(() => p.locator('.poster h3').allInnerTexts(), ['Sleep and memory']);
  await becomes(async () => /q=ostergard/.test(p.url()), true);
  const one = p.locator('.poster').first();
  await one.getByText('remote').waitFor();
  const [got] = await Promise.all([p.waitForEvent('download'), one.getByRole('link', { name: /^PDF/ }).click()]);
  assert.equal(got.suggestedFilename(), 'poster.pdf');
  await p.getByRole('searchbox').fill('nothing like it');
  await p.getByRole('button', { name: 'Show all' }).click();
  await becomes(() => p.locator('.poster').count(), 3);
  await one.getByRole('link', { name: /Ask a question: / }).first().click();
  await p.locator('textarea').first().waitFor();
  await p.locator('textarea').first().fill('What was the effect size?');
  await p.locator('form:has(textarea) button[type=submit]').first().click();
  await until(async () => sql(`select count(*) from question q join talk t on t.id = q.talk join poster o on o.abstract = t.abstract where q.text = 'What was the effect size?'`) === '1');

  const guest = at.guest = await page('/posters', { width: 1440, theme: 'dark', lang: 'da-DK' });
  await becomes(() => guest.locator('.poster').count(), 3);
  await guest.getByText('Log ind for at åbne').waitFor();
  assert.equal(await guest.locator('.poster a[download]').count(), 0);
  await still(guest);
  await shot(guest, 'posters-guest-1440-dark', true);
});

test('the book: closed, then for everybody, with authors and their index; on A4 it is all there', async () => {
  const guest = at.guest;
  await guest.goto(`${access.base}/book`);
  await guest.getByText('Bogen er ikke offentlig endnu').waitFor();
  await at.organiser.getByLabel('Book of abstracts, for everybody').check();
  await until(async () => (await call(tokens.organiser, 'book.get')).open === true);
  const p = at.book = await page('/', { axe: true });
  const there = p.getByRole('link', { name: 'Book of abstracts' });
  await leads(p, there);
  assert.equal(await p.getByRole('link', { name: 'Register' }).count(), 0, 'registration is not open');
  await there.click();
  await p.locator('.book-index li').first().waitFor();
  await p.locator('.book-programme td').first().waitFor();
  assert.deepEqual(await p.locator('.book-index li').allInnerTexts().then((all) => all.filter((x) => x.startsWith('Østergård')).map((x) => x.replace(/\s+/g, ' ').replace(/\d+/g, '#'))), ['Østergård, Bo T#, P#']);
  assert.equal(await p.getByText('Never seen').count(), 0);
  assert.deepEqual(await axe(p), []);
  await still(p);
  await shot(p, 'book-1440');
  const dir = mkdtempSync(path.join(tmpdir(), 'plenum-book-'));
  try {
    writeFileSync(path.join(dir, 'book.pdf'), await p.pdf({ preferCSSPageSize: true }));
    const text = execFileSync('pdftotext', ['-layout', path.join(dir, 'book.pdf'), '-'], { encoding: 'utf8' });
    for (const words of ['Sleep and memory', 'A talk in the book', 'Lise Meitner', 'Analytical Institute', 'What was found', 'Authors', 'Lovelace, Ada']) assert.ok(text.includes(words), words);
    assert.ok(!text.includes('Print or save'), 'what is for the screen stays there');
    const info = execFileSync('pdfinfo', [path.join(dir, 'book.pdf')], { encoding: 'utf8' });
    assert.match(info, /A4/);
    execFileSync('pdftoppm', ['-r', '50', '-png', '-l', '6', path.join(dir, 'book.pdf'), path.join(dir, 'page')]);
    execFileSync('sh', ['-c', `cp ${dir}/page-*.png ${path.resolve('build/screenshots')}/ 2>/dev/null || true`]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  const phone = at.phone = await page('/book', { width: 360 });
  await phone.locator('.book-one').first().waitFor();
  await still(phone);
  assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth), 360);
  await shot(phone, 'book-360');
});

test('no page said anything that it should not', () => assert.deepEqual(complaints, []));
