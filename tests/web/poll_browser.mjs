// tests/web/poll_browser.mjs: a poll with everybody there: a moderator writes, opens and ends it by keyboard, two people vote on phones, a paired stage screen shows it
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, becomes, close, complaints, open, page, shot, still } from './kit.mjs';
import { block, call, write } from './hall_kit.mjs';

const { tokens } = access;
/** @type {Awaited<ReturnType<typeof block>>} */
let hall;
/** @type {Record<'desk' | 'phone' | 'laptop' | 'stage', import('playwright-core').Page>} */
const at = /** @type {any} */ ({});
/** Every frame that the laptop, which does not vote, was sent. */
const heard = /** @type {string[]} */ ([]);

before(async () => {
  hall = await block({ n: 2, title: 'Votes and doubts' });
  const talk = hall.talks[0].id;
  // One browser for all of them.
  await open();
  [at.phone, at.stage] = await Promise.all([
    page(`/attend#/talk/${talk}`, { token: tokens.attendees[0], width: 360 }),
    page(`/stage/${hall.room}`, { width: 1920, height: 1080 }),
  ]);
  at.laptop = await page('/attend', { token: tokens.attendees[1], width: 1440, theme: 'dark', lang: 'da-DK' });
  at.laptop.on('websocket', (ws) => ws.on('framereceived', ({ payload }) => heard.push(String(payload))));
  await at.laptop.goto(`${access.base}/attend#/talk/${talk}`);
  await at.laptop.reload();
  at.desk = await page(`/moderate#/talk/${talk}`, { token: tokens.moderator });
  await at.desk.locator('.sides button', { hasText: 'Polls' }).click();
  await at.desk.locator('.poll-panel').waitFor();
});
after(close);

const poll = (/** @type {import('playwright-core').Page} */ p) => p.locator('.poll');
const card = () => at.desk.locator('.poll-card').first();
const shares = (/** @type {import('playwright-core').Locator} */ where, /** @type {string} */ what) => where.locator(what).allInnerTexts().then((all) => all.map((x) => x.replace(/\s/g, '')));
/** What the one who does not vote was sent since, of counts. */
const leaked = () => heard.filter((frame) => /"counts"|"voters"|"channel":"poll:/.test(frame));

test('a screen is paired to its room and shows it', { timeout: 120000 }, async () => {
  const code = at.stage.locator('.pair-code');
  await becomes(async () => /[A-Z0-9]{4}/.test(await code.innerText()), true);
  await write(tokens.desk, 'device.confirm', { user_code: (await code.innerText()).trim(), name: 'Wall', room: hall.room });
  await at.stage.locator('.stage').waitFor();
  await at.stage.locator('.stage-timer').waitFor();
});

test('written and opened by keyboard; both see it at once, and so does one who comes later', { timeout: 120000 }, async () => {
  const d = at.desk;
  await d.getByRole('button', { name: 'New poll' }).focus();
  await d.keyboard.press('Enter');
  // The fields take the focus a frame after they come: a letter before that would go elsewhere.
  await d.locator('.poll-form textarea:focus').waitFor();
  await d.keyboard.type('Should raw data be open to everybody?');
  await d.locator('[data-option="0"]').focus();
  await d.keyboard.type('Yes, at once');
  await d.keyboard.press('Enter');
  await d.locator('[data-option="1"]:focus').waitFor();
  await d.keyboard.type('Yes, <b>after</b> a year');
  await d.keyboard.press('Enter');
  await d.locator('[data-option="2"]:focus').waitFor();
  await d.keyboard.type('No');
  await shot(d, 'poll-form-1440');
  await d.keyboard.press('Control+Enter');
  await card().filter({ hasText: 'Draft' }).waitFor();
  // Nobody else knows of a draft.
  assert.equal(await poll(at.phone).count(), 0);
  await becomes(() => d.evaluate(() => document.activeElement?.className.includes('poll-card')), true);
  await d.keyboard.press('o');
  await card().filter({ hasText: 'Running' }).waitFor();
  for (const p of [at.phone, at.laptop]) await poll(p).getByText('Should raw data be open').waitFor();
  await at.stage.locator('.wall-poll', { hasText: 'Vote on your phone' }).waitFor();
  assert.equal(await at.stage.locator('.wall-poll .poll-line').count(), 0, 'no bars on the wall before everybody may know');
  await at.phone.reload();
  await poll(at.phone).getByText('after').waitFor();
  assert.equal(await poll(at.phone).locator('b').count(), 0);
});

test('who has voted sees the results, who has not does not; a changed mind counts once', { timeout: 120000 }, async () => {
  const p = at.phone;
  await shot(p, 'poll-phone-before-360');
  await poll(p).getByText('Yes, at once').click();
  await poll(p).getByRole('button', { name: 'Vote' }).click();
  await becomes(() => shares(poll(p), '.poll-figures strong'), ['100%', '0%', '0%']);
  await poll(p).locator('.poll-option', { hasText: 'No' }).click();
  await poll(p).getByRole('button', { name: 'Change my vote' }).click();
  await becomes(() => shares(poll(p), '.poll-figures strong'), ['0%', '0%', '100%']);
  await becomes(() => shares(card(), '.poll-figures strong'), ['0%', '0%', '100%']);
  const other = (await call(tokens.moderator, 'poll.list', { talk: hall.talks[0].id })).polls[0];
  await call(tokens.attendees[2], 'poll.vote', { poll: other.id, options: [other.options[0].id], seq: 1 });
  await becomes(() => shares(poll(p), '.poll-figures strong'), ['50%', '0%', '50%']);
  await becomes(() => shares(card(), '.poll-figures strong'), ['50%', '0%', '50%']);
  assert.equal(await at.desk.locator('.poll-card').getByRole('button', { name: 'Edit' }).count(), 0, 'fixed since the first vote');
  // What the phone has seen for a while, the laptop and the wall have not.
  assert.equal(await poll(at.laptop).locator('.poll-line').count(), 0);
  assert.equal(await at.stage.locator('.wall-poll .poll-line').count(), 0);
  assert.deepEqual(leaked(), []);
  // A reload knows what one chose.
  await p.reload();
  await poll(p).getByText('your vote', { exact: true }).waitFor();
  await still(p);
  await shot(p, 'poll-phone-voted-360', true);
  await shot(at.laptop, 'poll-laptop-1440-dark-da');
  await shot(at.stage, 'poll-stage-running-1920');
});

test('what one presses without network is kept and counted when it is back', { timeout: 120000 }, async () => {
  const p = at.phone;
  await p.context().setOffline(true);
  await poll(p).locator('.poll-option', { hasText: 'after' }).click();
  await poll(p).getByRole('button', { name: 'Change my vote' }).click();
  // Another thought meanwhile: it stays chosen, and is not sent until it is pressed.
  await poll(p).locator('.poll-option', { hasText: 'No' }).click();
  await p.context().setOffline(false);
  await becomes(() => shares(card(), '.poll-figures strong'), ['50%', '50%', '0%']);
  await becomes(() => shares(poll(p), '.poll-figures strong'), ['50%', '50%', '0%']);
  await poll(p).locator('.poll-foot .primary:not([disabled])').waitFor();
  assert.ok(await poll(p).locator('.poll-option', { hasText: 'No' }).locator('input').isChecked());
});

test('ended by keyboard: everybody has the results, also the wall, which a reload does not change', { timeout: 120000 }, async () => {
  await card().focus();
  await at.desk.keyboard.press('c');
  await card().filter({ hasText: 'Ended' }).waitFor();
  for (const p of [at.phone, at.laptop]) await becomes(() => shares(poll(p), '.poll-figures strong'), ['50%', '50%', '0%']);
  assert.ok(leaked().length > 0, 'the same look finds the counts once they are told');
  await becomes(() => shares(at.stage.locator('.wall-poll'), '.wall-poll-share'), ['50%', '50%', '0%']);
  await at.stage.reload();
  await becomes(() => shares(at.stage.locator('.wall-poll'), '.wall-poll-share'), ['50%', '50%', '0%']);
  const letters = await at.stage.locator('.wall-poll-words').first().evaluate((el) => parseFloat(getComputedStyle(el).fontSize) / innerHeight);
  assert.ok(letters >= 0.04, `letters of ${letters} of the screen`);
  await still(at.stage);
  await shot(at.stage, 'poll-stage-result-1920');
  await shot(at.desk, 'poll-desk-1440', true);
  await card().focus();
  await at.desk.keyboard.press('g');
  await at.stage.locator('.wall-poll').waitFor({ state: 'detached' });
});

test('ten long answers fit the wall and a phone; only moderators know what nobody is to see', { timeout: 120000 }, async () => {
  const talk = hall.talks[0].id;
  const id = crypto.randomUUID();
  const long = (/** @type {number} */ n) => `${n}. ${'A long answer that says more than it must about the matter at hand, and then some. '.repeat(3)}`.slice(0, 190);
  await write(tokens.moderator, 'poll.create', { poll: id, talk, question: 'Which of these ten describes best what your own laboratory does with consent?', options: Array.from({ length: 10 }, (_, i) => long(i + 1)), kind: 'multiple', results: 'never' });
  await write(tokens.moderator, 'poll.open', { poll: id, expect_version: 1 });
  await at.stage.locator('.wall-poll li').nth(9).waitFor();
  await poll(at.phone).locator('.poll-option').nth(9).waitFor();
  await poll(at.phone).locator('.poll-option').nth(1).click();
  await poll(at.phone).locator('.poll-option').nth(3).click();
  await poll(at.phone).getByRole('button', { name: 'Vote' }).click();
  await poll(at.phone).getByText('Your vote is counted').waitFor();
  await becomes(() => at.desk.locator(`.poll-card[data-poll="${id}"] .poll-figures strong`).allInnerTexts().then((x) => x.filter((s) => s.startsWith('100')).length), 2);
  assert.equal(await poll(at.phone).locator('.poll-line').count(), 0);
  await still(at.stage);
  const over = await at.stage.evaluate(() => {
    const last = document.querySelector('.wall-poll li:last-child')?.getBoundingClientRect();
    const foot = document.querySelector('.stage-foot')?.getBoundingClientRect();
    return last && foot ? last.bottom - foot.top : 1;
  });
  assert.ok(over <= 0, `the last answer ends above the foot (${over})`);
  for (const p of [at.phone, at.desk]) assert.ok(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
  await shot(at.stage, 'poll-stage-ten-1920');
  await shot(at.phone, 'poll-phone-ten-360', true);
  await shot(at.desk, 'poll-desk-ten-1440', true);
  await write(tokens.moderator, 'poll.close', { poll: id, expect_version: 2 });
  await poll(at.phone).getByText('This poll has ended').waitFor();
  await at.stage.locator('.wall-poll').waitFor({ state: 'detached' });
  assert.equal(await poll(at.phone).locator('.poll-line').count(), 0);
});

test('a screen that was revoked shows nothing any more', { timeout: 120000 }, async () => {
  const stations = await call(tokens.desk, 'device.list');
  const mine = stations.stations.find((/** @type {any} */ s) => s.name === 'Wall' && (s.room?.id || s.room) === hall.room);
  await write(tokens.desk, 'device.revoke', { station: mine.id || mine.station });
  await at.stage.locator('.pair-code').waitFor();
});

test('nothing stands in the way of anybody, and no page complained', { timeout: 120000 }, async () => {
  const talk = hall.talks[0].id;
  const id = crypto.randomUUID();
  await write(tokens.moderator, 'poll.create', { poll: id, talk, question: 'Again?', options: ['Yes', 'No'], results: 'always' });
  await write(tokens.moderator, 'poll.open', { poll: id, expect_version: 1 });
  for (const [path, token, what] of /** @type {const} */ ([[`/attend#/talk/${talk}`, tokens.attendees[0], '.poll-bars'], [`/moderate#/talk/${talk}`, tokens.moderator, '.poll-card.running']])) {
    const p = await page(path, { token, axe: true, width: 360 });
    if (what === '.poll-card.running') await p.locator('.tabs.phone button', { hasText: 'Polls' }).click();
    await p.locator(what).waitFor();
    await still(p);
    assert.deepEqual(await axe(p), [], path);
    await p.context().close();
  }
  assert.deepEqual(complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED|WebSocket/.test(c)), []);
});
