// tests/web/desk_browser.mjs: two moderators at one desk of a block of talks, by keyboard and on a phone; a thousand questions; nobody at a desk
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { access, axe, becomes, box, close, complaints, lookAfter, page, shot, until } from './kit.mjs';
import { ask, client, deskPage, hangUp, item, sessions, sql } from './desk_kit.mjs';

const { tokens } = access;
const unique = Date.now().toString(36);
const say = (what) => `${what} ${unique}?`;
let block;
let mod;
let m;
let o;

before(async () => {
  ({ block, m: mod } = await sessions());
});
after(async () => {
  hangUp();
  await close();
});

lookAfter(() => ({ m, o }));

test('one desk for a block: grouped by talk, each sees who is there and on which question', async () => {
  await ask(block.talks[0].id, say('Does it hold for children'));
  await ask(block.talks[0].id, say('What about children'));
  await ask(block.talks[1].id, say('Who pays for it'));
  m = await deskPage(`#/session/${block.id}`, { token: tokens.moderator, axe: true });
  o = await deskPage(`#/session/${block.id}`, { token: tokens.organiser, axe: true });
  for (const p of [m, o]) await item(p, say('Who pays for it')).waitFor();
  assert.deepEqual(await m.locator('.pending .group-head span[dir]').allInnerTexts(), [block.talks[0].title, block.talks[1].title]);
  await until(async () => /,/.test(await o.locator('.presence').innerText()));
  await item(m, say('Who pays for it')).locator('.item-text').click();
  await item(o, say('Who pays for it')).locator('.claim').waitFor();
  await shot(o, 'desk-claim-1440-light');
  assert.deepEqual(await axe(m), []);
  await m.locator('.filter button', { hasText: block.talks[1].title }).click();
  await item(m, say('What about children')).waitFor({ state: 'detached' });
  await m.keyboard.press('f');
  while ((await m.locator('.filter button[aria-pressed=true]').innerText()) !== (await m.locator('.filter button').first().innerText())) await m.keyboard.press('f');
  await item(m, say('What about children')).waitFor();
});

test('merged by m and m, separated again; both desks agree', async () => {
  await item(m, say('What about children')).locator('.item-text').click();
  await m.keyboard.press('m');
  await item(m, say('What about children')).locator('.claim.mine').waitFor();
  await item(m, say('Does it hold for children')).locator('.item-text').click();
  await m.keyboard.press('m');
  for (const p of [m, o]) await p.locator('.item', { hasText: say('Does it hold for children') }).locator('.item-merged', { hasText: say('What about children') }).waitFor();
  await shot(m, 'desk-merged-1440-light');
  await o.locator('.item-merged button').click();
  for (const p of [m, o]) {
    await p.locator('.item-merged').waitFor({ state: 'detached' });
    await p.locator('.pending .item-text', { hasText: say('What about children') }).waitFor();
  }
});

test('edited with the words as they were asked kept; moved to another talk, and taken back', async () => {
  await item(m, say('Who pays for it')).locator('.item-text').click();
  await m.keyboard.press('e');
  await m.locator('.item-form textarea').fill(say('Who will pay for the treatment'));
  await m.keyboard.press('Control+Enter');
  await item(o, say('Who will pay for the treatment')).locator('.item-was', { hasText: say('Who pays for it') }).waitFor();
  await m.locator('.item-form').waitFor({ state: 'detached' });
  await m.keyboard.press('v');
  await m.locator('.item-form.move button').first().waitFor();
  await m.keyboard.press('1');
  await until(async () => (await o.locator('.pending .group-head').count()) === 1);
  await m.locator('.undo').waitFor();
  await m.keyboard.press('u');
  await until(async () => (await o.locator('.pending .group-head').count()) === 2);
});

test('keyboard alone: approved, on stage, off it, held, dismissed for a reason and without a word, taken back', async () => {
  const text = say('Does it hold for children');
  await item(m, text).locator('.item-text').click();
  await m.keyboard.press('a');
  await m.locator('.approved .item', { hasText: text }).waitFor();
  await until(async () => {
    // The list before has its own selection: to the next one that has something.
    if (await m.locator('.approved .item.selected', { hasText: text }).count()) return true;
    await m.keyboard.press(']');
    return false;
  });
  await m.keyboard.press('s');
  for (const p of [m, o]) await p.locator('.staged', { hasText: text }).waitFor();
  await m.keyboard.press('x');
  await m.locator('.approved .item', { hasText: text }).locator('.tag', { hasText: 'Passed over' }).waitFor();
  await m.keyboard.press('h');
  await o.locator('.pending .item', { hasText: text }).waitFor();
  await item(m, text).locator('.item-text').click();
  await m.keyboard.press('d');
  // It is asked once the command before has been answered.
  await m.locator('.item-form.reasons').waitFor();
  await m.keyboard.press('0');
  await until(async () => m.locator('.reasons input').isChecked());
  await m.keyboard.press('4');
  await o.locator('.done .item', { hasText: text }).getByText(/Spam, without a word/).waitFor();
  await m.keyboard.press('u');
  await o.locator('.pending .item', { hasText: text }).waitFor();
});

test('asked aloud in the hall: noted, on stage at once; prepared: for moderators until it is staged', async () => {
  await m.keyboard.press('n');
  await m.locator('.composer textarea').fill(say('Spoken by somebody in row three'));
  await m.keyboard.press('Control+Enter');
  for (const p of [m, o]) await p.locator('.staged', { hasText: say('Spoken by somebody in row three') }).waitFor();
  await m.locator('.composer').waitFor({ state: 'detached' });
  await m.keyboard.press('p');
  await m.locator('.composer textarea').fill(say('Prepared to break the silence'));
  await m.keyboard.press('Control+Enter');
  await o.locator('.approved .item', { hasText: say('Prepared to break the silence') }).locator('.tag', { hasText: 'Prepared' }).waitFor();
  await m.locator('.composer').waitFor({ state: 'detached' });
});

test('an answer in writing, to the asker alone; who is on it keeps others from answering', async () => {
  const text = say('What about children');
  await item(m, text).locator('.item-text').click();
  await m.keyboard.press('a');
  await m.locator('.approved .item', { hasText: text }).locator('.item-text').click();
  const theirs = o.locator('.approved .item', { hasText: text });
  await theirs.locator('.claim').waitFor();
  await theirs.locator('.item-text').click();
  await o.keyboard.press('t');
  await o.locator('.item-form.answer .error').waitFor();
  await o.keyboard.press('Escape');
  await m.keyboard.press('t');
  await m.locator('.item-form.answer textarea').fill('From the age of twelve.');
  await m.locator('.item-form.answer input[type=radio]').nth(1).check();
  await m.locator('.item-form.answer button[type=submit]').click();
  await m.locator('.done .item', { hasText: text }).locator('.item-was', { hasText: 'From the age of twelve.' }).waitFor();
});

test('led, handed over with a note, accepted; a message behind the stage waits until it is read', async () => {
  await m.locator('.sides button', { hasText: 'Team' }).click();
  await m.getByRole('button', { name: 'Lead this desk' }).click();
  await m.locator('#lead-h').locator('xpath=..').locator('select').waitFor();
  await m.getByLabel('What they should know').fill('Two of them are spam');
  await m.getByRole('button', { name: 'Hand over', exact: true }).click();
  await o.locator('.call', { hasText: 'Two of them are spam' }).waitFor();
  await shot(o, 'desk-handover-1440-light');
  await o.keyboard.press('y');
  await until(async () => /Organiser.*\(leads\)/i.test(await m.locator('.presence').innerText()) || (await m.locator('.presence').innerText()) !== '' && (await m.locator('.people .tag.on').count()) === 1 && !(await m.getByRole('button', { name: 'Hand over', exact: true }).count()));
  await m.keyboard.press('b');
  await m.locator('section', { has: m.locator('#back-h') }).locator('select').selectOption('desk');
  await m.locator('#back-text').fill(say('Five minutes left'));
  await m.keyboard.press('Enter');
  await o.locator('.call', { hasText: say('Five minutes left') }).waitFor();
  await o.locator('h1').click();
  await o.keyboard.press('y');
  await m.locator('.messages .acked').first().waitFor();
  assert.deepEqual(await axe(m), []);
  await shot(m, 'desk-team-1440-light');
});

test('windows, pause and settings: attendees hear of each; whose question it is stays as promised', async () => {
  const reader = await client('attendees 1');
  await reader.subscribe([`talk:${block.talks[2].id}`]);
  await m.locator('.sides button', { hasText: 'Session' }).click();
  await m.getByRole('checkbox', { name: /^Pause/ }).check();
  await reader.waitEvent(`talk:${block.talks[2].id}`, 'window.changed', (d) => d.window.paused === true && d.window.ask === false);
  // The box shows what was pressed; the head, what was heard.
  const head = m.locator('.desk-head .window .tag');
  await becomes(() => head.innerText(), 'Paused');
  await m.getByRole('checkbox', { name: /^Pause/ }).uncheck();
  await reader.waitEvent(`talk:${block.talks[2].id}`, 'window.changed', (d) => d.window.paused === false && d.window.ask === true);
  await m.getByRole('group', { name: 'Voting' }).getByRole('button', { name: 'Closed' }).click();
  await reader.waitEvent(`talk:${block.talks[2].id}`, 'window.changed', (d) => d.window.vote === false);
  await m.getByRole('group', { name: 'Voting' }).getByRole('button', { name: 'By the clock' }).click();
  const identity = m.locator('[aria-describedby=identity-why]');
  assert.ok(await identity.isDisabled(), 'a question has been asked');
  const number = m.getByLabel('Reports that take a question back');
  await number.fill('5');
  await number.blur();
  await until(async () => sql(`select report_threshold from qa_settings where session = '${block.id}'`) === '5');
  await m.getByRole('checkbox', { name: 'A moderator reads each question first' }).uncheck();
  await until(async () => sql(`select report_threshold, moderated from qa_settings where session = '${block.id}'`) === '5|f');
  await m.getByRole('checkbox', { name: 'A moderator reads each question first' }).check();
  await until(async () => sql(`select moderated from qa_settings where session = '${block.id}'`) === 't');
  assert.deepEqual(await axe(m), []);
  await shot(m, 'desk-session-1440-light');
});

test('what was asked and done as files, from the desk, while it runs', async () => {
  const part = m.locator('section', { has: m.locator('#export-h') });
  const text = say('Spoken by somebody in row three');
  for (const [button, name, holds] of [['Questions (CSV)', 'questions.csv', text], ['What was done (CSV)', 'trail.csv', '"dismiss"'], ['Summary (CSV)', 'summary.csv', ''], ['Everything (NDJSON)', 'questions.ndjson', text]]) {
    const [file] = await Promise.all([m.waitForEvent('download'), part.getByRole('button', { name: button }).click()]);
    assert.equal(file.suggestedFilename(), name);
    const written = readFileSync(await file.path(), 'utf8');
    assert.ok(written.includes(holds) && written.length > 20, `${name}: ${written.slice(0, 200)}`);
  }
});

test('on a phone in the dark: the verdicts under the thumb, nothing to the side', async () => {
  const p = await deskPage(`#/session/${block.id}`, { token: tokens.moderator, width: 360, theme: 'dark', axe: true });
  await p.locator('.item.selected').waitFor();
  const verdicts = await box(p.locator('.item.selected .item-actions'));
  assert.ok(verdicts.y > 390 && verdicts.y + verdicts.height <= 781, JSON.stringify(verdicts));
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'desk-360-dark');
  await p.locator('.tabs.phone button', { hasText: 'Session' }).click();
  await p.locator('.window-row').first().waitFor();
  assert.equal(await p.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'desk-session-360-dark', true);
  await p.context().close();
  for (const x of [m, o]) await x.context().close();
});

test('what the organiser says for the whole conference holds where a session says nothing', async () => {
  const p = await page('/organise#/questions', { token: tokens.organiser, axe: true });
  const reports = p.getByLabel('Reports that take a question back');
  await reports.fill('7');
  await reports.blur();
  // Without waiting for the one before: each goes with the version that one left.
  await p.getByLabel('Who speaks next at the microphones').selectOption('fifo');
  await until(async () => sql('select report_threshold, mic_policy from qa_settings where session is null') === '7|fifo');
  assert.equal(await p.locator('.error:not(:empty)').count(), 0);
  const other = sql(`select s.session from talk s where not exists (select from qa_settings q where q.session = s.session) limit 1`);
  const { settings } = await mod.call('qa.settings_get', { session: other });
  assert.deepEqual([settings.report_threshold, settings.mic_policy], [7, 'fifo']);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'organise-questions-1440-light', true);
  await p.context().close();
});

test('a thousand questions: only what is near is drawn, and the last is reached', async () => {
  const talk = block.talks[3].id;
  sql(`insert into question (id, conference, talk, person, text, state, asked_at, first_visible_at)
    select gen_random_uuid(), t.conference, t.id, (select id from person where conference = t.conference order by id limit 1),
      'Question number ' || n || case when n % 50 = 0 then repeat(' and what follows from it', 19) else '' end, case when n % 2 = 0 then 'pending' else 'approved' end,
      plenum_now(t.conference) + n * interval '1 millisecond', plenum_now(t.conference) from talk t, generate_series(1, 1000) n where t.id = '${talk}'`);
  const p = await deskPage(`#/talk/${talk}`, { token: tokens.moderator, axe: true });
  await p.locator('.pending h2 .num', { hasText: '500' }).waitFor();
  assert.ok((await p.locator('.item').count()) < 150, `${await p.locator('.item').count()} are drawn`);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'desk-1000-1440-light');
  const last = p.locator('.pending .item', { hasText: /^.*Question number 1000 / });
  await until(async () => {
    await p.evaluate(() => scrollTo(0, document.querySelector('.pending').getBoundingClientRect().bottom + scrollY - innerHeight + 60));
    return (await last.count()) === 1;
  });
  await p.context().close();
  sql(`delete from question where talk = '${talk}'`);
});

test('nobody moderates: the alarm stands on every view with the session that needs somebody, until somebody acts', async () => {
  const talk = access.talk;
  const session = sql(`select session from talk where id = '${talk}'`);
  sql(`delete from question where talk = '${talk}' and state = 'pending'`);
  const question = await ask(talk, say('Is anybody there'));
  sql(`update question set created = created - interval '100 seconds' where id = '${question}'; update due set at = now() where kind = 'unattended' and subject = '${session}'`);
  const p = await page('/moderate', { token: tokens.moderator, axe: true });
  await p.locator('.picker').waitFor();
  await p.locator('.alarm').waitFor();
  await p.locator('.picks .pick-who.bad').first().waitFor();
  assert.deepEqual(await axe(p), []);
  await shot(p, 'desk-alarm-1440-light');
  await p.evaluate((id) => (location.hash = `#/session/${id}`), block.id);
  await p.locator('.columns').waitFor();
  await p.locator('.alarm a').waitFor();
  const q = (await mod.subscribe([`talk:${talk}:mod`]))[`talk:${talk}:mod`].snapshot.questions.find((x) => x.id === question);
  await mod.write('qa.approve', { question, expect_version: q.version });
  await p.locator('.alarm').waitFor({ state: 'detached' });
  await p.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints, []);
});
