// tests/web/call_browser.mjs: the organiser's part about the call: deadlines as they are announced, moved, and passed for one; what was handed in, from none to hundreds
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, becomes, close, complaints, lookAfter, page, shot, still, until } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { conference, plenum } from './organise_kit.mjs';

after(close);

const LONG = 'Et meget langt navn på et abstract om lægemiddeludvikling, epidemiologiske registre og Donaudampfschifffahrtsgesellschaftskapitänswitwenrente i ét åndedrag';
const SLUG = 'call-part';
/** @type {Awaited<ReturnType<typeof conference>>} */
let c;
/** @type {import('playwright-core').Page} */
let p;
lookAfter(() => ({ p }));

const clock = (/** @type {string} */ at) => plenum('conference', 'clock', SLUG, '--at', at);
const part = (/** @type {string} */ name) => p.getByRole('group', { name, exact: true });
const save = () => p.getByRole('button', { name: 'Save the call' }).click();

/** Somebody with an abstract to hand in: what becomes of it. @param {string} name */
async function author(name) {
  const token = JSON.parse(await plenum('token', '--role', 'attendee', '--email', `${name.toLowerCase()}@authors.example`, '--name', `${name} Author`, '--into', SLUG, '--json')).token;
  const abstract = crypto.randomUUID();
  const content = { title: `What ${name} found`, body: 'Something.', wish: 'either', mode: 'on_site', tracks: [], authors: [{ name: `${name} Author`, affiliation: 'DTU', email: `${name.toLowerCase()}@authors.example`, presents: true }] };
  const submit = async () => {
    const reply = await fetch(`${access.base}/rpc`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'abstract.submit', params: { abstract, content, consents: [], expect_version: 0, key: crypto.randomUUID() } }) });
    const { result, error } = await reply.json();
    return error?.data.fault || result.state;
  };
  return { submit };
}

test('a call is made as it is announced; a label that its zone does not have on that day is refused', async () => {
  c = await conference(SLUG);
  await clock('2021-03-01T12:00:00+01:00');
  p = await c.open('', { axe: true });
  // By keyboard out of the line of parts: in, down to it, and away with Escape.
  const parts = p.getByRole('navigation', { name: 'Parts' });
  await parts.getByRole('button', { name: 'On the day' }).press('Enter');
  await parts.getByRole('link', { name: 'Doors' }).waitFor();
  await p.keyboard.press('Escape');
  await becomes(() => parts.getByRole('link', { name: 'Doors' }).count(), 0);
  assert.ok(await parts.getByRole('button', { name: 'On the day' }).evaluate((x) => x === document.activeElement));
  await parts.getByRole('button', { name: 'Abstracts' }).press('Enter');
  await p.keyboard.press('Tab');
  await p.keyboard.press('Enter');
  await p.getByText('There is no call yet.').waitFor();
  assert.equal(await parts.getByRole('button', { name: 'Abstracts: Call' }).getAttribute('aria-expanded'), 'false');
  assert.ok(await parts.evaluate((x) => /** @type {HTMLElement} */ (x).offsetHeight < 60), 'the parts stand in one line');
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'call-none-1440-light', true);

  for (const [name, day, time, label] of [['Opens', '2020-12-16', '09:00', 'CET'], ['Closes', '2021-03-02', '14:00', 'CEST']]) {
    await part(name).getByLabel('Day').fill(day);
    await part(name).getByLabel('Time').fill(time);
    await part(name).getByLabel('Label').fill(label);
  }
  await p.getByLabel('Grace, minutes').fill('0');
  await save();
  await p.getByRole('alert').getByText('Closes: on that date clocks in Europe/Copenhagen show CET, not CEST. Which of the two is right?').waitFor();
  assert.equal((await c.call('call.settings', {})).call, null);
  await part('Closes').getByLabel('Label').fill('CET');
  await save();
  await p.getByText('Open until 2 March 2021, 14:00 CET').waitFor();
  await part('Closes').getByText('Means 2021-03-02 13:00 UTC').waitFor();
  await p.getByText('Nothing has been written yet.').waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'call-open-1440-light', true);
  const guest = await page(`/e/${SLUG}/apply`, { zone: 'America/New_York' });
  await guest.getByText(/Tuesday,? 2 March 2021, 14:00 CET/).waitFor();
  await guest.context().close();
});

test('a deadline that is moved lets people in again; every version is kept', async () => {
  await clock('2021-03-02T15:00:00+01:00');
  const nina = await author('Nina');
  assert.equal(await nina.submit(), 'call.closed');
  await p.reload();
  await p.getByText('Closed since 2 March 2021, 14:00 CET').waitFor();
  await part('Closes').getByLabel('Time').fill('18:00');
  await save();
  await p.getByText('Open until 2 March 2021, 18:00 CET').waitFor();
  await part('Closes').getByText('Means 2021-03-02 17:00 UTC').waitFor();
  assert.equal(await nina.submit(), 'submitted');
  // It comes by itself, and is the only one.
  await p.getByRole('button', { name: /What Nina found/ }).click();
  await p.getByText('Submitted by Nina Author').waitFor();
  assert.equal(await p.locator('.abstracts > li').count(), 1);
  await p.getByText('1 submitted', { exact: false }).first().waitFor();
  await p.getByText('Earlier versions').click();
  await becomes(() => p.locator('.past-row').filter({ hasText: /Version \d/ }).count(), 2);
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'call-one-1440-light', true);
});

test('one person by name may be late, and only that one', async () => {
  await clock('2021-03-03T10:00:00+01:00');
  const [late, other] = [await author('Lise'), await author('Otto')];
  assert.equal(await late.submit(), 'call.closed');
  const let_in = async (/** @type {string} */ email) => {
    await p.getByLabel('E-mail').fill(email);
    await p.getByLabel('Until').fill('2021-03-04');
    await p.getByLabel('Reason (for us)').fill('Was in hospital');
    await p.getByRole('button', { name: 'Let them submit' }).click();
  };
  await let_in('lise@authors.example');
  await p.locator('.said').getByText('lise@authors.example may submit, and is told.').waitFor();
  await p.getByText('until 4 Mar 23:59').waitFor();
  assert.equal(await late.submit(), 'submitted');
  assert.equal(await other.submit(), 'call.closed');
  await p.getByRole('button', { name: /What Lise found/ }).getByText('After the deadline').waitFor();
  assert.equal(sql(`select count(*) from outbox o join conference k on k.id = o.conference where k.slug = '${SLUG}' and o.kind = 'call.late'`), '1');
  await let_in(`nobody.${'x'.repeat(50)}@authors.example`);
  await p.locator('.said').getByText('Nobody here has that address yet').waitFor();
});

test('hundreds with very long names: found, read, by the page; on a phone and in the dark', async () => {
  const id = sql(`select id from conference where slug = '${SLUG}'`);
  sql(`with a as (insert into abstract (conference, number, person, title, body, state, received)
      select '${id}', 100 + n, (select id from person where conference = '${id}' and email = 'otto@authors.example'), case when n % 3 = 0 then '${LONG}' else 'Registers' end || ', part ' || n, repeat('Word ', 200), 'submitted', '2021-03-02T12:00Z'
      from generate_series(1, 298) n returning id, number)
    insert into abstract_author (conference, abstract, ord, name, affiliation, email, presents)
    select '${id}', id, o, case o when 1 then 'Author ' || number else 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff-Skjoldenæsholm von und zu Østergårdslund' end, 'University of Nowhere', 'a' || number || '.' || o || '@authors.example', o = 1 from a, generate_series(1, 2) o`);
  await p.reload();
  await p.getByText('300 submitted').waitFor();
  await becomes(() => p.locator('.abstracts > li').count(), 200);
  await p.getByRole('button', { name: 'Show more' }).click();
  await becomes(() => p.locator('.abstracts > li').count(), 300);
  for (const [width, theme] of /** @type {const} */ ([[1440, 'light'], [360, 'dark']])) {
    await p.setViewportSize({ width, height: 800 });
    await p.emulateMedia({ colorScheme: theme });
    await p.getByRole('searchbox').fill('');
    await becomes(() => p.locator('.abstracts > li').count(), 300);
    assert.ok(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}: nothing is too wide`);
    await still(p);
    await shot(p, `call-many-${width}-${theme}`);
    await p.getByRole('searchbox').fill('donaudampf part 297');
    await becomes(() => p.locator('.abstracts > li').count(), 1);
    const first = p.locator('.abstracts > li').first().getByRole('button').first();
    if ((await first.getAttribute('aria-expanded')) === 'false') await first.click();
    await p.locator('.abstract-body').waitFor();
    await still(p);
    assert.deepEqual(await axe(p), []);
    assert.ok(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}: nothing is too wide`);
    await shot(p, `call-found-${width}-${theme}`, true);
  }
  await p.getByRole('searchbox').fill('nothing like it');
  await p.getByText('Nothing is like that.').waitFor();
  await p.getByRole('button', { name: 'Skift til dansk' }).click();
  await until(async () => /Lukket siden/.test(await p.locator('.call-now').innerText()));
  assert.deepEqual(complaints, []);
  await p.context().close();
});
