// tests/web/mail_browser.mjs: an organiser's mail: own words with the mail beside them, a segment written to exactly those who were shown, the outbox
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, close, complaints, lookAfter, page, shot, still, until } from './kit.mjs';
import { sql } from './desk_kit.mjs';

const { tokens } = access;
/** @type {import('playwright-core').Page} */
let o;
lookAfter(() => ({ o }));
after(close);

test('own words: the mail is beside them in both languages, and a placeholder that is not there is refused', async () => {
  o = await page('/organise#/mail', { token: tokens.organiser, axe: true });
  await o.locator('label.field', { hasText: /^Mail/ }).locator('select').selectOption({ label: 'Abstract received' });
  const english = o.getByRole('form', { name: 'English' });
  await english.getByText('We have your abstract no. 12').waitFor();
  await o.getByRole('form', { name: 'Danish' }).getByText('Vi har modtaget dit abstract nr. 12').waitFor();
  await english.getByLabel('Subject').fill('Whale mail {nummer}');
  await english.getByText('There is no placeholder {nummer} in this mail.').waitFor();
  assert.equal(await english.getByRole('button', { name: 'Save' }).isDisabled(), true);
  await english.getByLabel('Subject').fill('Whale mail {number}');
  await english.getByText('Whale mail 12').waitFor();
  await english.getByRole('button', { name: 'Save' }).click();
  await o.getByRole('form', { name: 'English' }).getByText('your own words').waitFor();
  assert.equal(sql(`select subject from mail_template where kind = 'call.received'`), 'Whale mail {number}');
  await still(o);
  await shot(o, 'organise-mail-texts-1440-light', true);
  assert.deepEqual(await axe(o), []);
  await english.getByRole('button', { name: 'Back to the text' }).click();
  await until(async () => sql('select count(*) from mail_template') === '0');
});

test('a segment is made, shown person by person, and written to once', async () => {
  await o.getByRole('button', { name: 'New segment' }).click();
  await o.getByRole('button', { name: 'On site, not yet in' }).click();
  await o.locator('form.editor', { has: o.getByLabel('Name') }).getByRole('button', { name: 'Save' }).click();
  const row = o.locator('li', { has: o.locator('strong', { hasText: 'On site, not yet in' }) }).first();
  await row.getByRole('button', { name: /^Write to/ }).click();
  await row.getByLabel('Subject').first().fill('The door is open');
  await row.getByLabel('Text').first().fill('Come in by the east door.');
  await row.getByRole('button', { name: 'Show exactly who' }).click();
  const expected = Number(sql(`select count(*) from conference c cross join lateral segment_people(c.id, '{"registered":true,"mode":"on_site","inside":false}') where c.id = '${access.conference}'`));
  await row.getByText(`It goes to ${expected} people.`).waitFor();
  await row.getByText('Come in by the east door.').last().waitFor();
  await still(o);
  await shot(o, 'organise-mail-segment-1440-light', true);
  assert.deepEqual(await axe(o), []);
  await row.getByRole('button', { name: `Send to ${expected} people` }).click();
  await row.getByText(`to ${expected}: The door is open`).waitFor();
  assert.equal(Number(sql(`select count(*) from outbox where kind = 'segment'`)), expected);
});

test('older mails come by a press, and stay while the list is read again', async () => {
  sql(`insert into outbox (conference, dedupe, recipient, subject, body, sent, created) select '${access.conference}', 'notice:old:' || i, 'oldpost' || i || '@example.org',
    'Old post ' || i, '', now(), now() - interval '1 day' - i * interval '1 minute' from generate_series(1, 150) i`);
  await o.getByLabel('Find an address').fill('oldpost');
  const rows = o.locator('.mail-row', { hasText: 'oldpost' });
  await until(async () => (await rows.count()) === 100);
  await o.getByRole('button', { name: 'Older mails' }).click();
  await until(async () => (await rows.count()) === 150);
  assert.match((await rows.last().textContent()) || '', /oldpost150@/);
  assert.equal(await o.getByRole('button', { name: 'Older mails' }).count(), 0);
  // The next reading has all of it, too.
  sql(`update outbox set subject = 'Older still' where recipient = 'oldpost150@example.org'`);
  await rows.last().getByText('Older still').waitFor();
  assert.equal(await rows.count(), 150);
  await o.getByLabel('Find an address').fill('');
  await o.getByRole('button', { name: 'Older mails' }).waitFor();
  await still(o);
  await shot(o, 'organise-mail-more-1440-light', true);
  sql(`delete from outbox where recipient like 'oldpost%'`);
});

test('the outbox says what came back and why, and tries it again', async () => {
  // One that has left, whose lease is over: nobody is about to say that it went.
  await until(async () => sql("select count(*) from outbox where kind = 'segment' and sent is null") === '0');
  const [id, to] = sql(`update outbox o set lease = null, sent = null, bounced = now(), fault = '550 5.1.1 no such mailbox', body = 'x' where o.id = (select id from outbox where kind = 'segment' limit 1) returning id, recipient`).split('|');
  await o.getByLabel('State').selectOption('bounced');
  const row = o.locator('.mail-bounced', { hasText: to });
  await row.getByText('550 5.1.1 no such mailbox').waitFor();
  await still(o);
  await shot(o, 'organise-mail-outbox-1440-light', true);
  await row.getByRole('button', { name: /^Try the mail/ }).click();
  await until(async () => sql(`select sent is not null from outbox where id = '${id}'`) === 't');
  await o.getByLabel('State').selectOption('');
  await o.setViewportSize({ width: 360, height: 740 });
  await o.emulateMedia({ colorScheme: 'dark' });
  await still(o);
  assert.equal(await o.evaluate(() => document.documentElement.scrollWidth <= 360), true, 'nothing wider than the phone');
  await shot(o, 'organise-mail-360-dark', true);
  assert.deepEqual(await axe(o), []);
  assert.deepEqual(complaints, []);
});
