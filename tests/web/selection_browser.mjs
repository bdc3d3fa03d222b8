// tests/web/selection_browser.mjs: the selection in Chromium: none, one with a very long name, three hundred; keys and thumb; what is shown before it is sent is what is sent
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { axe, becomes, close, complaints, lookAfter, shot, still, until } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { conference } from './organise_kit.mjs';

after(close);
/** @type {Record<string, any>} */
const pages = {};
lookAfter(() => pages);

const LONG = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff-Skjoldenæsholm von und zu Østergårdslund-Kjærgaard';

/** Submitted abstracts from…to; the title of each in SQL, of its number n. */
const offer = (slug, from, to, title = `'On ' || n || ': precision medicine in everyday care'`, name = `'Author ' || n`) => sql(`with c as (select id from conference where slug = '${slug}'),
  p as (insert into person (conference, email, name) select c.id, 'author' || n || '@${slug}.example', ${name} from c, generate_series(${from}, ${to}) n returning id, conference, email, name),
  a as (insert into abstract (conference, person, number, title, body, wish, mode, state, received)
    select p.conference, p.id, n, ${title}, 'Body', (array['talk', 'poster', 'either'])[1 + n % 3], (array['on_site', 'online'])[1 + n % 2], 'submitted', now()
    from p, lateral (select substring(p.email from '^author([0-9]+)')::int as n) x returning id, conference, person, number),
  t as (insert into abstract_track select a.id, t.id from a join track t on t.conference = a.conference and t.ord = 1 + a.number % 4)
  insert into abstract_author (conference, abstract, ord, name, affiliation, email, presents)
  select a.conference, a.id, 1, p.name, 'University of Somewhere ' || a.number, p.email, true from a join p on p.id = a.person`);

/** Three reviews each, of three people. */
const review = (slug) => sql(`with c as (select id from conference where slug = '${slug}'),
  k as (insert into review_criterion (conference, ord, name, weight, low, high) select id, 1, 'Merit', 1, 0, 10 from c returning id, conference),
  p as (insert into person (conference, email, name) select id, 'reviewer' || n || '@${slug}.example', 'Reviewer ' || n from c, generate_series(1, 3) n returning id, conference, email),
  w as (insert into reviewer (person, conference) select id, conference from p returning person, conference),
  r as (insert into review (conference, abstract, person, state, finished) select a.conference, a.id, w.person, 'final', now() from w join abstract a on a.conference = w.conference returning id, abstract, person)
  insert into review_score select r.id, k.id, (a.number * 7 + ascii(right(r.person::text, 1))) % 11 from r join abstract a on a.id = r.abstract, k`);

async function withSessions(slug, n) {
  const c = await conference(slug);
  const id = () => crypto.randomUUID();
  const room = id();
  await c.write('room.save', { room, name: 'Auditorium' });
  for (const [i, name] of ['Genomics', 'Data and AI', 'Clinical trials', 'Patients and trust'].entries()) await c.write('track.save', { track: id(), name, color: '#2f6fde', ord: i + 1 });
  for (let i = 1; i <= n; i++) {
    const session = id();
    await c.write('session.save', { session, title: `Short talks ${i}: from laboratory to clinic and back`, talks: [] });
    await c.write('slot.create', { session, room, start: `2021-05-02T${String(8 + i).padStart(2, '0')}:00`, end: `2021-05-02T${String(9 + i).padStart(2, '0')}:00` });
  }
  return c;
}

const line = (p, n) => p.locator('.sel-line', { has: p.locator('.sel-n', { hasText: new RegExp(`^${n}$`) }) });
const marks = (p, n) => line(p, n).locator('.sel-marks').innerText();

test('nothing is submitted, no session takes talks', async () => {
  const c = await conference('sel-none');
  const p = pages.none = await c.open('#/selection', { axe: true });
  await p.getByText('Nothing has been submitted yet.').waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-none-1440-light', true);
  await p.getByRole('link', { name: 'Places', exact: true }).click();
  await p.getByText('There is no session in the draft.').waitFor();
  await p.getByRole('link', { name: 'Log', exact: true }).click();
  await p.getByText('Nothing has been decided yet.').waitFor();
  await p.context().close();
});

test('one on a phone, with very long names, in the dark and in Danish', async () => {
  const c = await withSessions('sel-one', 1);
  offer(c.slug, 1, 1, `'${'Sammenhængende '.repeat(16)}' || n`, `'${LONG}'`);
  const p = pages.one = await c.open('#/selection/places', { axe: true, width: 360, theme: 'dark', lang: 'da-DK' });
  await p.getByLabel('En session mere').selectOption({ index: 1 });
  await p.getByRole('button', { name: 'Tager korte foredrag' }).click();
  await p.getByRole('spinbutton', { name: /Pladser i/ }).waitFor();
  await p.getByRole('spinbutton', { name: /Pladser i/ }).fill('1');
  await p.getByRole('spinbutton', { name: /Pladser i/ }).press('Tab');
  await becomes(async () => (await c.call('decision.board', {})).sessions.map((s) => s.places), [1]);
  await p.getByRole('link', { name: 'Tavle', exact: true }).click();
  await line(p, 1).tap();
  await p.getByLabel('Hvorfor (til udvalget og forløbet)').fill('Enige om det');
  await p.locator('.sel-sessions button').tap();
  await until(async () => /Tiltænkt: Foredrag/.test(await marks(p, 1)));
  await still(p);
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth), 360);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-one-360-dark', true);
  assert.equal((await c.call('decision.board', {})).abstracts[0].staged.note, 'Enige om det');
  await p.getByRole('button', { name: 'Se efter og sæt i kraft' }).tap();
  await p.getByText('Hello Hubert').waitFor({ state: 'attached' });
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-preview-360-dark');
  await p.context().close();
});

test('three hundred: by keys, places run out, two at once, and what is shown is what is sent', async () => {
  const c = await withSessions('sel-many', 2);
  offer(c.slug, 1, 300);
  review(c.slug);
  const board = () => c.call('decision.board', {});
  for (const s of (await c.call('draft.get', {})).sessions) await c.write('decision.capacity', { session: s.id, places: 2, expect_version: (await board()).terms.version });
  const p = pages.many = await c.open('#/selection', { axe: true });
  await p.getByLabel('In order of').selectOption('number');
  await line(p, 1).focus();
  for (const [i, key] of ['1', '1', '1', '1', '1', '2', '3', '3', '4'].entries()) {
    await p.keyboard.press(key);
    // The fifth finds no place and says so.
    if (i === 4) await p.getByText('No session has a place left.').waitFor();
    else await until(async () => /Meant:/.test(await marks(p, i + 1)));
    await p.keyboard.press('ArrowDown');
    await until(() => line(p, i + 2).evaluate((x) => x === document.activeElement));
  }
  assert.match(await p.locator('.sel-place', { hasText: 'Short talks 2' }).innerText(), /full\s+2 of 2/);
  assert.match(await marks(p, 1), /Meant: Talk · Short talks 1/);
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-many-1440-light');

  // The standby list in its order, and the second one moved up.
  await p.getByRole('button', { name: /^Standby 2/ }).click();
  await becomes(() => p.locator('.sel-n').allInnerTexts(), ['7', '8']);
  await line(p, 8).click();
  await p.getByRole('button', { name: 'One up' }).click();
  await becomes(() => p.locator('.sel-n').allInnerTexts(), ['8', '7']);
  await line(p, 8).click();

  // Somebody else decides about one that is looked at.
  await p.getByRole('button', { name: /^Undecided/ }).click();
  await line(p, 10).click();
  const ten = (await board()).abstracts.find((r) => r.number === 10);
  await c.write('decision.stage', { abstract: ten.abstract, outcome: 'poster', expect_version: 0 });
  await until(async () => (await line(p, 10).count()) === 0);

  await p.getByRole('button', { name: 'Decline the other 291' }).click();
  await p.getByRole('button', { name: 'Stage them' }).click();
  await p.getByText('300 decisions staged').waitFor();
  await p.getByRole('button', { name: 'Look and apply' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByText('Exactly these people get exactly these mails.').waitFor();
  await dialog.getByRole('heading', { name: 'Accepted as a talk' }).waitFor();
  await dialog.locator('.sel-reader', { hasText: 'author3@' }).click();
  await dialog.getByText('The mail to Author 3').waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-preview-1440-light');
  const shown = (await dialog.locator('.sel-reader bdi.hint').allTextContents()).sort();

  // Something changes after it was looked at: nothing is sent, and what stands now is shown.
  await c.write('decision.stage', { abstract: ten.abstract, expect_version: 1 });
  await dialog.getByRole('button', { name: /^Apply and send/ }).click();
  await dialog.getByText('Something was staged differently since you looked.').waitFor();
  assert.equal(sql(`select count(*) from outbox where conference = (select id from conference where slug = '${c.slug}') and kind like 'decision.%'`), '0');
  const now = (await dialog.locator('.sel-reader bdi.hint').allTextContents()).sort();
  assert.equal(now.length, shown.length - 1);
  await dialog.getByText('Also show the talks in the programme that people see').click();
  await dialog.getByRole('button', { name: `Apply and send ${now.length} mails` }).click();
  await dialog.getByText(`${now.length} decisions hold`).waitFor();
  await still(p);
  await shot(p, 'selection-applied-1440-light');
  assert.deepEqual(sql(`select recipient from outbox where conference = (select id from conference where slug = '${c.slug}') and kind like 'decision.%'`).split('\n').sort(), now);
  await dialog.getByRole('button', { name: 'Back to the board' }).click();
  await until(async () => /Told: Talk/.test(await p.locator('.sel-marks').allInnerTexts().then((all) => all.join())) || (await p.getByRole('button', { name: /^All/ }).click(), false));
  assert.equal((await board()).counts.staged, 0);

  await p.getByRole('link', { name: 'Log', exact: true }).click();
  await p.getByRole('cell', { name: 'applied' }).first().waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-log-1440-light');
  const [file] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'Save as CSV' }).click()]);
  const csv = await readFile(await file.path(), 'utf8');
  assert.equal(csv.match(/"apply"/g)?.length, now.length);
  await p.context().close();
});

/** Of a conference: everybody who was offered a place says yes to it and is registered. */
const sayYes = (slug) => sql(`with c as (select id from conference where slug = '${slug}'),
  i as (update invitation set state = 'accepted', answered = now() where conference = (select id from c) and state = 'sent' returning person, conference)
  insert into registration (person, conference) select person, conference from i`);
/** What the committee means by SQL: of those told `was`, `outcome`. */
const meanAll = (slug, was, outcome) => sql(`insert into decision (abstract, conference, outcome, at) select a.id, a.conference, '${outcome}', now() from abstract a
  where a.conference = (select id from conference where slug = '${slug}') and a.outcome is not distinct from ${was}
  on conflict (abstract) do update set outcome = excluded.outcome, version = decision.version + 1`);
/** Let in at a door. */
const letIn = (slug, number) => sql(`with a as (select conference, person from abstract where number = ${number} and conference = (select id from conference where slug = '${slug}')),
  l as (insert into checkin_list (conference, name) select conference, 'Door ${number}' from a returning id, conference),
  s as (insert into scan (scan_id, conference, list, staff, person, raw_hash, at) select gen_random_uuid(), a.conference, l.id, a.person, a.person, '', now() from a, l returning scan_id, conference, list, person, at)
  insert into admission (conference, list, person, scan, at) select conference, list, person, scan_id, at from s`);
/** Nothing sticks out of the dialog. @param {import('playwright-core').Page} p */
const fits = async (p) => assert.deepEqual(await p.getByRole('dialog').evaluate((d) => [d.scrollWidth - d.clientWidth, ...[...d.querySelectorAll('.sel-readers')].map((x) => x.scrollWidth - x.clientWidth)].filter((x) => x > 0)), []);

test('who is registered by a place that is taken away: stays, is released, or has come in meanwhile', async () => {
  const c = await conference('sel-taken');
  const told = async () => c.write('decision.apply', { expect: (await c.call('decision.preview', {})).hash });
  offer(c.slug, 1, 1, `'${'Sammenhængende '.repeat(16)}' || n`, `'${LONG}'`);
  meanAll(c.slug, 'null', 'poster');
  await told();
  sayYes(c.slug);
  meanAll(c.slug, `'poster'`, 'declined');
  const p = pages.taken = await c.open('#/selection', { axe: true, width: 360, theme: 'dark', lang: 'da-DK' });
  const dialog = p.getByRole('dialog');
  const part = dialog.getByRole('region', { name: /tilmeldt$/ });
  await p.getByRole('button', { name: 'Se efter og sæt i kraft' }).tap();
  await part.getByText('Tilmeldt; bliver.').waitFor();
  await part.getByRole('checkbox').check();
  await part.getByText('Tilmeldt; frigives').waitFor();
  await part.scrollIntoViewIfNeeded();
  await still(p);
  await fits(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-registered-one-360-dark');

  // Let in between looking and applying: nothing holds, it says who, and shows how it stands now.
  letIn(c.slug, 1);
  await dialog.getByRole('button', { name: /^Sæt i kraft og send/ }).tap();
  await dialog.getByRole('alert').getByText('er kommet ind i huset og forbliver tilmeldt').waitFor();
  await part.getByText('Tilmeldt; bliver: er i huset.').waitFor();
  assert.equal(await part.getByRole('checkbox').count(), 0);
  await dialog.getByRole('alert').scrollIntoViewIfNeeded();
  await still(p);
  await fits(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'selection-registered-in-360-dark');
  assert.equal((await c.call('decision.board', {})).abstracts[0].outcome, 'poster');
  await p.context().close();

  // Sixty with long names at a desk: one is in the building, one was accepted for something else, two are released.
  offer(c.slug, 2, 60, `'${'Interdisciplinary '.repeat(9)}' || n`, `'${LONG} ' || n`);
  meanAll(c.slug, 'null', 'poster');
  meanAll(c.slug, `'poster'`, 'poster');
  await told();
  sayYes(c.slug);
  meanAll(c.slug, `'poster'`, 'declined');
  sql(`insert into invitation (conference, person, what, mode, fee, nights, state, issued, expires, answered) select conference, person, 'keynote', 'on_site', false, 0, 'accepted', now(), now() + interval '1 day', now()
    from abstract where number = 2 and conference = (select id from conference where slug = '${c.slug}')`);
  const d = pages.taken = await c.open('#/selection', { axe: true });
  const many = d.getByRole('region', { name: '60 who accepted are registered' });
  await d.getByRole('button', { name: 'Look and apply' }).click();
  await many.getByText('stays: is in the building').waitFor();
  await many.getByText('stays: was accepted for something else, too').waitFor();
  assert.equal(await many.getByRole('checkbox').count(), 58);
  for (const n of [3, 60]) await many.locator('li', { hasText: `author${n}@` }).getByRole('checkbox').check();
  await many.getByText('2 registrations will be cancelled.').waitFor();
  for (const [width, theme] of [[1440, 'light'], [1440, 'dark'], [360, 'light'], [360, 'dark']]) {
    await d.setViewportSize({ width, height: width < 600 ? 780 : 900 });
    await d.emulateMedia({ colorScheme: theme });
    await many.evaluate((x) => (x.scrollIntoView({ block: 'start' }), x.querySelector('.sel-readers')?.scrollTo(0, 0)));
    await still(d);
    await fits(d);
    if ((width < 600) === (theme === 'dark')) assert.deepEqual(await axe(d), []);
    await shot(d, `selection-registered-many-${width}-${theme}`);
  }
  await d.setViewportSize({ width: 1440, height: 900 });
  await d.getByRole('button', { name: 'Apply and send 60 mails' }).click();
  await d.getByText('2 registrations were cancelled').waitFor();
  await still(d);
  await shot(d, 'selection-registered-applied-1440-dark');
  assert.equal(sql(`select string_agg(a.number::text, ' ' order by a.number) from abstract a join registration r on r.person = a.person and r.state = 'cancelled' where a.conference = (select id from conference where slug = '${c.slug}')`), '3 60');
  await d.context().close();
});

test('no page has complained', () => assert.deepEqual(complaints, []));
