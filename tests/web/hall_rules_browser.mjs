// tests/web/hall_rules_browser.mjs: what a hall agrees on before and beside its questions: whose name is seen, words that hold, talks that stay open together, who is called when nobody moderates
import test, { after, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE, access, axe, becomes, close, complaints, keeping, lookAfter, page, shot, until } from './kit.mjs';
import { approved, asked, block, call, calm, clock, iso, item, own, press, refusal, row, say, sql, write } from './hall_kit.mjs';
import { childrenOf } from '../../deploy/lib/instance.mjs';

const { tokens } = access;
const [phoneToken, remoteToken] = tokens.attendees.slice(2);
const others = tokens.attendees.slice(4);
let turn = 0;
const somebody = () => others[turn++ % others.length];
const unique = Date.now().toString(36);

/** @type {Record<string, import('playwright-core').Page>} */
const at = {};
const toTalk = async (p, hall) => {
  await p.evaluate((talk) => (location.hash = `#/talk/${talk}`), hall.talks[0].id);
  await p.getByText(hall.name).first().waitFor();
  await p.locator('#ask-text').waitFor();
};
const toDesk = async (p, hall) => {
  await p.evaluate((session) => (location.hash = `#/session/${session}`), hall.session);
  await p.locator('.columns').waitFor();
  await p.getByRole('heading', { level: 1, name: hall.title }).waitFor();
};

/** Again while the servers' workers are coming back. @template T @param {() => Promise<T>} go @returns {Promise<T>} */
async function persist(go) {
  for (let left = 100; ; left--) {
    try {
      return await go();
    } catch (e) {
      if (!left || (e.fault && e.fault !== 'busy')) throw e;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}

before(async () => {
  at.phone = await page('/attend#/', { token: phoneToken, width: 360, axe: true });
  at.remote = await page('/attend#/', { token: remoteToken });
  at.ada = await page('/moderate', { token: tokens.moderator, theme: 'dark', axe: true });
  for (const p of [at.phone, at.remote]) await p.locator('.feature').first().waitFor();
  await at.ada.locator('.picker').waitFor();
});
after(close);
beforeEach(calm);
lookAfter(() => at);

test('whose name is seen is chosen at the desk before the first question, said before one asks, and kept', async () => {
  const name = (await call(phoneToken, 'people.get')).person.name;
  for (const [identity, words, sees] of /** @type {const} */ ([
    ['named', 'Everybody sees your name with it.', true],
    ['choice', 'The audience sees it only if you tick it.', true],
    ['anonymous', 'Nobody sees your name, not even the moderators.', false],
  ])) {
    await calm();
    const hall = await block({ n: 1, title: `Names ${identity} ${unique}` });
    await toDesk(at.ada, hall);
    if (identity === 'named') {
      await at.ada.locator('.pending .empty-line, .pending .empty').first().waitFor();
      assert.deepEqual(await axe(at.ada), []);
      await shot(at.ada, 'desk-none-1440-dark');
    }
    await at.ada.locator('.sides button', { hasText: 'Session' }).click();
    const select = at.ada.locator('[aria-describedby=identity-why]');
    await select.selectOption(identity);
    for (const p of [at.phone, at.remote]) {
      await toTalk(p, hall);
      await p.locator('.ask-who', { hasText: words }).waitFor();
    }
    const [text, plain] = [`Asked as ${identity} ${unique}`, `Asked without a name ${unique}`];
    await at.phone.locator('#ask-text').click();
    if (identity === 'choice') await at.phone.getByLabel('With my name', { exact: true }).check();
    if (identity === 'anonymous') assert.equal(await at.phone.locator('.ask-quote option[value=with_name]').count(), 0);
    await shot(at.phone, `hall-names-${identity}-360-light`);
    assert.deepEqual(await axe(at.phone), []);
    await say(at.phone, text);
    await press(at.ada, 'pending', text, 'a');
    await row(at.remote, text).waitFor();
    await item(at.ada, 'approved', text).waitFor();
    assert.equal(await row(at.remote, text).getByText(name, { exact: true }).count(), sees ? 1 : 0, `${identity}: the audience`);
    assert.equal(await item(at.ada, 'approved', text).getByText(name, { exact: true }).count(), sees ? 1 : 0, `${identity}: the moderators`);
    if (identity === 'choice') {
      await say(at.phone, plain);
      await press(at.ada, 'pending', plain, 'a');
      await row(at.remote, plain).waitFor();
      await item(at.ada, 'approved', plain).waitFor();
      assert.equal(await row(at.remote, plain).getByText(name, { exact: true }).count(), 0);
      assert.equal(await item(at.ada, 'approved', plain).getByText(name, { exact: true }).count(), 1, 'the moderators see it');
    }
    await until(async () => select.isDisabled());
    const { settings } = await call(tokens.moderator, 'qa.settings_get', { session: hall.session });
    assert.equal(await refusal(write(tokens.moderator, 'qa.settings', { session: hall.session, identity: 'masked', expect_version: settings.version })), 'qa.identity');
    assert.equal(await at.ada.locator('.error:not(:empty)').count(), 0);
  }
});

test('a talk that ended long ago takes questions again while all talks are discussed together', async () => {
  const hall = await block({ n: 3, title: `Joint ${unique}`, ago: 3600000 });
  const [first, second] = hall.talks;
  const now = await clock();
  await write(tokens.moderator, 'talk.end', { talk: first.id, at: iso(now - 20 * 60000) });
  await write(tokens.moderator, 'talk.start', { talk: second.id, at: iso(now - 19 * 60000) });
  await toTalk(at.phone, hall);
  await at.phone.locator('#ask-text[placeholder*="closed"]').waitFor();
  await toDesk(at.ada, hall);
  await at.ada.locator('.sides button', { hasText: 'Session' }).click();
  const joint = at.ada.getByRole('checkbox', { name: /^Joint discussion/ });
  await joint.check();
  await until(async () => !(await at.phone.locator('#ask-text').isDisabled()));
  const text = `To the first, at the end ${unique}`;
  await say(at.phone, text);
  await item(at.ada, 'pending', text).waitFor();
  assert.equal((await call(phoneToken, 'qa.mine')).questions.find((q) => q.text === text).talk, first.id);
  await shot(at.ada, 'desk-joint-1440-dark');
  await joint.uncheck();
  await at.phone.locator('#ask-text[placeholder*="closed"]').waitFor();
});

test('words that hold are written by the organiser in a form, for each language', async () => {
  const hall = await block({ n: 1, title: `Words ${unique}` });
  const { settings } = await call(tokens.moderator, 'qa.settings_get', { session: hall.session });
  await write(tokens.moderator, 'qa.settings', { session: hall.session, moderated: false, expect_version: settings.version });
  const p = await page('/organise#/questions', { token: tokens.organiser, axe: true, width: 360, theme: 'dark' });
  const form = p.locator('.words-form', { has: p.locator('textarea[lang=da]') });
  await form.locator('textarea').fill('kviksølv\nsnake oil\n\nsnake oil');
  await form.getByRole('button', { name: 'Save the words' }).click();
  await becomes(async () => (await call(tokens.organiser, 'qa.words_get')).words.da, ['kviksølv', 'snake oil']);
  await form.getByText('2 words kept').waitFor();
  await p.locator('.words-add input').fill('sv');
  await p.locator('.words-add button').click();
  await p.locator('textarea[lang=sv]').waitFor();
  assert.deepEqual(await axe(p), []);
  await form.scrollIntoViewIfNeeded();
  await shot(p, 'organise-words-360-dark');
  await toTalk(at.phone, hall);
  await toDesk(at.ada, hall);
  const [held, free] = [`Is there KVIKSØLV in it? ${unique}`, `What is in it? ${unique}`];
  await say(at.phone, held);
  await item(at.ada, 'pending', held).getByText('Held for: kviksølv').waitFor();
  await own(at.phone, held).getByText(/waiting for a moderator/).waitFor();
  await say(at.phone, free);
  await row(at.phone, free).waitFor();
  await form.locator('textarea').fill('');
  await form.getByRole('button', { name: 'Save the words' }).click();
  await becomes(async () => (await call(tokens.organiser, 'qa.words_get')).words.da ?? [], []);
  const again = `And KVIKSØLV now? ${unique}`;
  await say(at.phone, again);
  await row(at.phone, again).waitFor();
  await p.context().close();
});

test('nobody moderates: those of the session are told first, then all moderators, then the organisers; and all that it is over', async () => {
  const hall = await block({ n: 1, title: `Nobody here ${unique}` });
  const text = `Is anybody there? ${unique}`;
  await at.ada.evaluate(() => (location.hash = '#/'));
  await at.ada.locator('.picker').waitFor();
  const o = (at.organiser = await page('/moderate', { token: tokens.organiser, width: 360, axe: true }));
  await o.locator('.picker').waitFor();
  const { question } = await asked(phoneToken, hall.talks[0].id, text);
  /** As long as that has it waited. @param {number} s */
  const waited = (s) => sql(`update question set created = now() - interval '${s} seconds' where id = '${question}'; update due set at = now() where kind = 'unattended' and subject = '${hall.session}'`);
  const alarm = (p) => p.locator('.alarm p', { hasText: hall.title });
  await waited(95);
  await alarm(at.ada).getByText('its moderators have been told').waitFor();
  assert.equal(await alarm(o).count(), 0, 'not yet the organisers');
  await waited(155);
  await alarm(at.ada).getByText('all moderators have been told').waitFor();
  assert.equal(await alarm(o).count(), 0, 'not yet the organisers');
  await waited(215);
  await alarm(at.ada).getByText('the organisers have been told').waitFor();
  await alarm(o).getByText('the organisers have been told').waitFor();
  assert.deepEqual(await axe(o), []);
  await shot(o, 'desk-alarm-360-light');
  await alarm(o).getByRole('link').click();
  await o.locator('.columns').waitFor();
  await press(o, 'pending', text, 'a');
  await alarm(at.ada).waitFor({ state: 'detached' });
  await o.context().close();
});

test('who asked changes an approved question: the old words stand until a moderator has read the new ones', async () => {
  const hall = await block({ n: 1, title: `Words again ${unique}` });
  const talk = hall.talks[0].id;
  const [early, late] = [`Is it save? ${unique}`, `Is it safe? ${unique}`];
  await approved(phoneToken, talk, early);
  for (const p of [at.phone, at.remote]) await toTalk(p, hall);
  await toDesk(at.ada, hall);
  await row(at.remote, early).locator('.vote').click();
  await row(at.phone, early).locator('.vote .num', { hasText: /^1$/ }).waitFor();
  await at.phone.locator('.own-shown summary').click();
  await own(at.phone, early).getByRole('button', { name: 'Change' }).click();
  await at.phone.getByText('The old words stay until a moderator has read the new ones.').waitFor();
  await at.phone.locator('.own textarea').fill(late);
  await shot(at.phone, 'hall-revise-360-light');
  await at.phone.getByRole('button', { name: 'Save' }).click();
  await item(at.ada, 'approved', early).getByText(late).waitFor();
  assert.equal(await row(at.remote, late).count(), 0, 'nobody sees words that nobody has read');
  await shot(at.ada, 'desk-revision-1440-dark');
  await press(at.ada, 'approved', early, 'i');
  await row(at.remote, late).waitFor();
  await row(at.remote, late).locator('.vote.on .num', { hasText: /^1$/ }).waitFor();
  await row(at.remote, early).waitFor({ state: 'detached' });
});

test('the chair passes over a question: it leaves the stage and stands behind the others', async () => {
  const hall = await block({ n: 1, title: `Passed over ${unique}` });
  const talk = hall.talks[0].id;
  const [first, second] = [`Too long a speech ${unique}`, `A short one ${unique}`];
  const q = await approved(somebody(), talk, first);
  for (const token of others.slice(0, 2)) await call(token, 'qa.vote', { question: q.question, value: 1, seq: 1 });
  await approved(somebody(), talk, second);
  for (const p of [at.phone, at.remote]) await toTalk(p, hall);
  const { code } = await write(tokens.moderator, 'chair.invite', { session: hall.session, name: 'The chair' });
  const stage = (at.stage = await page(`/stage/${hall.room}`, { token: tokens.moderator, width: 1920, height: 1080 }));
  const chair = (at.chair = await page(`/chair#${code}`, { width: 360, axe: true }));
  await chair.locator('.chair-next', { hasText: first }).waitFor();
  await chair.locator('.chair-big').click();
  await stage.locator('.stage-q', { hasText: first }).waitFor();
  await chair.locator('.chair-current', { hasText: first }).waitFor();
  await chair.getByRole('button', { name: 'Pass over' }).click();
  await stage.locator('.stage-q').waitFor({ state: 'detached' });
  await chair.locator('.chair-next', { hasText: second }).waitFor();
  await row(at.remote, first).getByText('Passed over for now').waitFor();
  await becomes(() => at.phone.locator('.ranked .question-body > p[dir]:first-of-type').allInnerTexts(), [second, first]);
  assert.deepEqual(await axe(chair), []);
  await shot(chair, 'chair-skipped-360-dark');
  await chair.locator('.chair-big').click();
  await stage.locator('.stage-q', { hasText: second }).waitFor();
  for (const p of [stage, chair]) await p.context().close();
});

test('a paired stage comes back by itself: after its browser ended, and after the servers\' workers were killed; revoked, it shows nothing', async () => {
  const hall = await block({ n: 1, title: `Restarted ${unique}` });
  const text = `What stands there afterwards? ${unique}`;
  const q = await approved(somebody(), hall.talks[0].id, text);
  await write(tokens.moderator, 'qa.stage', { question: q.question, expect_version: q.version });
  const dir = mkdtempSync(join(tmpdir(), 'plenum-screen-'));
  const turnOn = async () => {
    const context = await keeping(dir, { viewport: { width: 1920, height: 1080 } });
    const [p] = context.pages();
    p.setDefaultTimeout(PATIENCE);
    await p.goto(`${access.base}/stage`);
    return p;
  };
  const old = await turnOn();
  const code = old.locator('.pair-code');
  await becomes(async () => /[A-Z0-9]{4}/.test(await code.innerText()), true);
  const { station } = await write(tokens.desk, 'device.confirm', { user_code: (await code.innerText()).trim(), name: `Wall ${unique}`, room: hall.room });
  await old.locator('.stage-q', { hasText: text }).waitFor();
  await old.context().close();
  const wall = (at.wall = await turnOn());
  await wall.locator('.stage-q', { hasText: text }).waitFor();
  const next = `And after the workers ended? ${unique}`;
  for (const pid of childrenOf(access.pid)) process.kill(pid, 'SIGKILL');
  const another = await persist(() => approved(somebody(), hall.talks[0].id, next));
  await persist(() => write(tokens.moderator, 'qa.stage', { question: another.question, expect_version: another.version }));
  await wall.locator('.stage-q', { hasText: next }).waitFor();
  await write(tokens.organiser, 'device.revoke', { station });
  await wall.locator('.stage-q').waitFor({ state: 'detached' });
  await wall.context().close();
  rmSync(dir, { recursive: true, force: true });
});

test('a screen reader hears of many changes in one sentence, five seconds apart', async () => {
  const hall = await block({ n: 1, title: `Heard ${unique}` });
  const talk = hall.talks[0].id;
  const p = (at.heard = await page(`/attend#/talk/${talk}`, { token: remoteToken }));
  await p.locator('#ask-text').waitFor();
  await p.evaluate(() => {
    const heard = (window['__heard'] = []);
    new MutationObserver(() => heard.push([performance.now(), document.querySelector('[role=status][aria-live=polite].out-of-sight')?.textContent]))
      .observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  const seen = async () => (await p.evaluate(() => window['__heard'])).filter(([, text], i, all) => text && text !== all[i - 1]?.[1]);
  const enough = (all) => all.length >= 3 && all.some(([, text]) => /\b([2-9]|1\d) new questions/.test(text));
  let heard = [];
  // One after the other until three sentences were said, however late the first is.
  for (let n = 0, end = Date.now() + 2 * PATIENCE; n < 12 || !enough(heard); heard = await seen()) {
    assert.ok(Date.now() < end, JSON.stringify(heard));
    if (await approved(somebody(), talk, `One of many ${n} ${unique}`).then(() => true, () => false)) n++;
    await new Promise((done) => setTimeout(done, 300));
  }
  for (let i = 1; i < heard.length; i++) assert.ok(heard[i][0] - heard[i - 1][0] >= 4900, JSON.stringify(heard));
  await p.context().close();
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints.filter((c) => !/ERR_CONNECTION|WebSocket connection|ERR_EMPTY/.test(c)), []));
