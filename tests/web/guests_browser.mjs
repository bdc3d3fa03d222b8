// tests/web/guests_browser.mjs: who comes, at the organiser's table: inviting, settings, searching, correcting, merging, tables in and out, lists on paper
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { axe, becomes, close, complaints, shot, still } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { conference } from './organise_kit.mjs';

after(close);

test('an organiser brings people in, finds, corrects and merges them, and takes the lists away', async () => {
  const c = await conference('guests-one');
  const id = sql(`select id from conference where slug = '${c.slug}'`);
  const p = await c.open('#/guests', { axe: true });
  await p.getByText('1 on site, 0 online').waitFor();

  // A table in: seen first, then done.
  await p.getByLabel('Bring in a table (CSV)').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from('email;name;organisation\nlise@example.org;Lise Holm;"Novo; Nordisk"\nlise2@example.org;Lise Holm;\nnobody;No Address;\n') });
  await p.getByText('2 would be new, 0 known already, 1 refused.').waitFor();
  assert.equal(sql(`select count(*) from person where conference = '${id}' and name = 'Lise Holm'`), '0');
  await p.getByRole('button', { name: 'Bring them in' }).click();
  await p.getByText('2 new, 0 known already, 1 refused.').waitFor();
  await p.getByText('3 on site, 0 online').waitFor();

  await p.getByRole('combobox', { name: 'Registration', exact: true }).selectOption({ label: 'On request: you decide' });
  await p.getByLabel('Places on site (empty: not counted)').fill('20');
  await p.getByLabel('A keynote: Fee').check();
  await p.getByLabel('A keynote: Nights').fill('2');
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  await becomes(async () => sql(`select s.open || ' ' || k.seats || ' ' || r.nights || ' ' || r.fee from registration_setting s join conference k on k.id = s.conference join cover_rule r on r.conference = k.id and r.what = 'keynote' where k.id = '${id}'`), 'approval 20 2 true');

  const invite = p.getByRole('region', { name: 'Invite somebody' });
  await invite.getByLabel('Name').fill('Kim Keynote');
  await invite.getByLabel('E-mail').fill('kim@example.org');
  await invite.getByRole('button', { name: 'Send the invitation' }).click();
  await p.getByRole('button', { name: 'Invited 1' }).click();
  await p.getByRole('link', { name: /Kim Keynote/ }).waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'guests-1440-light', true);

  // Two rows that are one person.
  await p.getByRole('button', { name: /^All/ }).click();
  await p.getByLabel('Search by name, organisation or address').fill('holm lise2');
  await becomes(() => p.locator('.guests li').count(), 1);
  await p.getByRole('link', { name: /Lise Holm/ }).click();
  await p.getByRole('heading', { name: 'The same name' }).waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'guest-1440-light', true);
  await p.getByRole('button', { name: 'Merge into this one' }).click();
  await p.getByRole('button', { name: 'Yes, they are one person' }).click();
  await becomes(async () => sql(`select string_agg(email || ' ' || organisation, ',') from person where conference = '${id}' and name = 'Lise Holm'`), 'lise2@example.org Novo; Nordisk');
  // What is typed next is typed into the form of the one person they are now.
  await p.getByRole('heading', { name: 'The same name' }).waitFor({ state: 'detached' });
  await becomes(() => p.getByLabel('Organisation').inputValue(), 'Novo; Nordisk');
  await p.getByLabel('Name').fill('Lise Holm-Ærø');
  await p.getByRole('button', { name: 'Save', exact: true }).click();
  await p.getByRole('heading', { name: 'Lise Holm-Ærø' }).waitFor();
  await p.getByRole('button', { name: 'Send the code again' }).click();
  await p.getByText('You are registered for').first().waitFor();
  await p.getByRole('button', { name: 'Move online' }).click();
  await p.getByRole('button', { name: 'Move on site' }).waitFor();
  assert.equal(sql(`select mode from person where conference = '${id}' and name = 'Lise Holm-Ærø'`), 'online');
  await p.getByRole('button', { name: 'Cancel the registration' }).click();
  await p.getByRole('button', { name: 'Yes, cancel it' }).click();
  await p.getByText('The registration was cancelled').waitFor();

  // Out again: nothing a spreadsheet would run; the list for the kitchen on paper, in the dark and on a phone.
  sql(`insert into registration_answer (person, conference, diet, consent, consented) select id, conference, '=vegan', 'health-1', now() from person where conference = '${id}' and name like 'Organiser%'`);
  await p.getByRole('link', { name: 'All people' }).click();
  const [file] = await Promise.all([p.waitForEvent('download'), p.getByRole('button', { name: 'Food (CSV)' }).click()]);
  assert.match(readFileSync(await file.path(), 'utf8'), /"'=vegan"/);
  await p.setViewportSize({ width: 360, height: 780 });
  await p.getByRole('link', { name: 'Catering list' }).click();
  await p.getByRole('cell', { name: '=vegan' }).waitFor();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'guests-catering-360-light', true);
  assert.deepEqual(complaints, []);
  await p.context().close();
});
