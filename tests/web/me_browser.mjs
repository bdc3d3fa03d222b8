// tests/web/me_browser.mjs: from an address nobody has to a page of one's own: registering, an invitation accepted, going online, cancelling; and what every mail said
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, becomes, close, complaints, mailedCode, page, shot, still, until } from './kit.mjs';
import { sql } from './desk_kit.mjs';
import { conference } from './organise_kit.mjs';

after(close);

const LONG = 'Hubert Blaine Wolfeschlegelsteinhausenbergerdorff-Skjoldenæsholm von und zu Østergårdslund';

test('somebody registers, is invited to a keynote, goes online, and gives the place back; the page says all that the mails said', async () => {
  const c = await conference('me-one');
  const address = 'hubert.me@example.org';
  const settings = await c.call('registration.settings', {});
  await c.write('registration.save', { ...settings, open: 'closed', expect_version: settings.version, seats: undefined, seats_online: undefined, beds: undefined });
  const p = await page(`/e/${c.slug}/register`, { width: 360, axe: true });
  await p.getByText('Registration is not open.').waitFor();
  await c.write('registration.save', { open: 'open', seats: 40, invite_days: 14, offer_hours: 48, questions: ['badge_name', 'diet', 'access', 'nights'], covers: { keynote: { fee: true, nights: 2 } }, expect_version: settings.version + 1 });
  // The way here is on the front page as soon as there is something behind it.
  await until(async () => (await (await fetch(`${access.base}/e/${c.slug}/conference.json`)).json()).pages.includes('register'));
  // Each worker keeps that document for five seconds, and so does the browser: the page may meet the one that has an older.
  const way = p.getByRole('link', { name: 'Register' }).first();
  await until(async () => {
    await p.goto(`${access.base}/e/${c.slug}/`);
    await p.locator('.hero-go').waitFor();
    return (await way.count()) > 0;
  });
  await way.click();
  await p.getByLabel('Name', { exact: true }).fill(LONG);
  await p.getByLabel('E-mail').fill(address);
  const since = Date.now();
  await p.getByRole('button', { name: 'Send the code' }).click();
  await p.locator('input.code').fill(await mailedCode(address, since));
  await p.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await p.getByRole('radio', { name: /on site/ }).waitFor();
  await p.getByText('38 left').or(p.getByText('39 left')).waitFor();
  await p.getByLabel('What you do not eat').fill('Nuts');
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'register-360-light', true);
  // Food is health: without the tick nothing leaves the page.
  await p.getByRole('button', { name: 'Register', exact: true }).click();
  assert.equal(sql(`select count(*) from registration r join person p on p.id = r.person where p.email = '${address}'`), '0');
  await p.getByRole('checkbox', { name: /may be kept/ }).check();
  await p.getByRole('button', { name: 'Register', exact: true }).click();
  await p.getByRole('link', { name: 'To your page' }).click();
  await p.getByRole('heading', { name: LONG }).waitFor();
  await p.getByRole('link', { name: 'Your entry code' }).waitFor();
  assert.equal(sql(`select a.diet || ' ' || a.consent from registration_answer a join person p on p.id = a.person where p.email = '${address}'`), 'Nuts health-1');

  await c.write('invitation.send', { email: address, name: LONG, what: 'keynote', mode: 'on_site' });
  await p.getByRole('heading', { name: 'A keynote' }).waitFor();
  await p.getByRole('group', { name: 'Nights' }).getByRole('checkbox').nth(1).check();
  await p.getByRole('group', { name: 'Nights' }).getByRole('checkbox').nth(2).check();
  await becomes(() => p.getByRole('group', { name: 'Nights' }).getByRole('checkbox').nth(0).isDisabled(), true, 'no more than are covered');
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'me-invited-360-light', true);
  await p.getByRole('button', { name: 'Yes, I take part' }).click();
  await p.getByText('Accepted', { exact: true }).waitFor();
  await p.getByText('2 nights are covered.').first().waitFor();
  assert.equal(sql(`select array_to_string(people_roles(conference, id), ' ') from person where email = '${address}'`), 'attendee speaker');

  // What one does here is a link away: what a keynote speaks to, and what one was asked to review.
  await p.getByRole('link', { name: 'Your talks and their questions' }).waitFor();
  assert.equal(await p.getByRole('link', { name: 'Abstracts you review' }).count(), 0);
  await c.write('reviewer.save', { person: sql(`select id from person where email = '${address}'`), tracks: [], load: 5 });
  await p.getByRole('link', { name: 'Abstracts you review' }).waitFor();
  await p.getByRole('button', { name: 'Take part online instead' }).click();
  await p.getByRole('button', { name: 'Yes, go online and give my place away' }).click();
  await p.getByRole('button', { name: 'Come on site instead' }).waitFor();
  assert.equal(sql(`select cardinality(a.nights) || ' ' || r.nights from registration_answer a join registration r using (person) join person p on p.id = a.person where p.email = '${address}'`), '0 0');
  // What every mail said, without what only a mail may hold.
  await becomes(() => p.locator('.mail-subject').count(), 4, 'registered, invited, registered with cover, online');
  await p.locator('.mail summary').filter({ hasText: 'You are registered' }).first().click();
  await p.locator('.mail[open] .mail-text').getByText('•••••').waitFor();
  assert.equal(await p.locator('.mail[open] .mail-text a').first().evaluate((x) => x.textContent === /** @type {HTMLAnchorElement} */ (x).href && /\/e\/me-one\/me$/.test(x.textContent)), true, 'its links lead somewhere here too');
  await p.getByRole('button', { name: 'Skift til dansk' }).click();
  await p.getByRole('heading', { name: 'Hvad vi har skrevet til dig' }).waitFor();
  await p.setViewportSize({ width: 1440, height: 900 });
  await p.getByRole('button', { name: 'Mørk' }).or(p.locator('.switches .square')).first().click();
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'me-1440-dark-da', true);
  await p.getByRole('button', { name: 'Annullér min tilmelding' }).click();
  await p.getByRole('button', { name: 'Ja, annullér den' }).click();
  await p.locator('section').getByText('Din tilmelding er annulleret.').waitFor();
  assert.equal(sql(`select r.state from registration r join person p on p.id = r.person where p.email = '${address}'`), 'cancelled');
  assert.deepEqual(complaints, []);
  await p.context().close();
});
