// tests/web/hall_browser.mjs: a hall with everybody in it at once: a phone, somebody who watches from behind, two moderators, the chair and the stage, on one block of six talks
import test, { after, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { access, axe, becomes, close, complaints, lookAfter, moved, page, shift, shot, still, until } from './kit.mjs';
import { approved, asked, block, call, calm, clock, crowd, iso, item, own, press, refusal, row, say, write } from './hall_kit.mjs';

const { tokens } = access;
const [phoneToken, remoteToken, speakerToken] = tokens.attendees.slice(5);
/** The rest of the audience: nobody of them asks twice within the seconds that one person must wait. */
const others = tokens.attendees.slice(9);
let turn = 0;
const somebody = () => others[turn++ % others.length];
const unique = Date.now().toString(36);
const LONG = `${'Donaudampfschifffahrtsgesellschaftskapitänsmützenbeauftragter '.repeat(9)}`.slice(0, 499).trim().padEnd(499, '.').concat('?');
/** The most that is believed, and longer than a busy machine takes from the change of talks to the question. */
const BEHIND_MS = 120000;
/** The house whose player is embedded: only its staff know how far behind it is. */
const elsewhere = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>x</title><p>A picture from the hall, a while ago</p>'));

/** @type {Awaited<ReturnType<typeof block>>} */
let hall;
/** @type {Record<'phone' | 'remote' | 'ada' | 'ben' | 'stage' | 'chair', import('playwright-core').Page>} */
const at = /** @type {any} */ ({});
const talk = (/** @type {number} */ n) => hall.talks[n].id;
const list = async (token = phoneToken, id = talk(0)) => (await call(token, 'qa.list', { talk: id })).questions;
const find = async (text, token = phoneToken, id = talk(0)) => (await list(token, id)).find((q) => q.text === text);

before(async () => {
  await new Promise((done) => elsewhere.listen(0, '127.0.0.1', () => done(null)));
  const { person } = await call(speakerToken, 'people.get');
  hall = await block({ speaker: person.id });
  const host = `127.0.0.1:${elsewhere.address().port}`;
  await write(tokens.organiser, 'stream.hosts', { embed: [host] });
  await write(tokens.organiser, 'stream.set', { stream: randomUUID(), room: hall.room, kind: 'embed', url: `http://${host}/`, label: 'The hall', latency_ms: BEHIND_MS });
  await until(async () => /frame-src[^;]*/.exec((await fetch(`${access.base}/attend`)).headers.get('content-security-policy') || '')?.[0].includes(host) || false, 30000);
  const { code } = await write(tokens.moderator, 'chair.invite', { session: hall.session, name: 'The chair' });
  const open = async (name, path, o) => (at[name] = await page(path, o));
  await open('phone', `/attend#/talk/${talk(0)}`, { token: phoneToken, width: 360, axe: true });
  await open('ada', `/moderate#/talk/${talk(0)}`, { token: tokens.moderator });
  await open('ben', `/moderate#/talk/${talk(0)}`, { token: tokens.organiser, theme: 'dark' });
  await open('stage', `/stage/${hall.room}`, { token: tokens.moderator, width: 1920, height: 1080 });
  await open('chair', `/chair#${code}`, { width: 360 });
  await open('remote', `/attend#/talk/${talk(0)}`, { token: remoteToken });
  // The room that somebody chose to follow is kept.
  await at.remote.evaluate((room) => localStorage.setItem('plenum-room', room), hall.room);
  await at.remote.reload();
  for (const p of [at.phone, at.remote]) await p.locator('.qa-group').first().waitFor();
  for (const p of [at.ada, at.ben]) await p.locator('.columns').waitFor();
  await at.stage.locator('.stage').waitFor();
  // A session of several talks is run from its board; its questions are beside it.
  await at.chair.locator('.tb-views button').nth(1).click();
  await at.chair.locator('.chair-next').waitFor();
});
after(async () => {
  await close();
  elsewhere.close();
});

// A person may ask three times within 45 s: a test begins with nobody near it.
beforeEach(calm);
lookAfter(() => at);

test('asked on a phone, approved, voted for from afar, on stage, answered, and the next one: all pages agree', async () => {
  const [first, second] = [`What becomes of the harbour? ${unique}`, `And who pays for it? ${unique}`];
  await at.phone.locator('#ask-text').click();
  await at.phone.getByText('The moderators see your name, the audience does not.').waitFor();
  await say(at.phone, first);
  await own(at.phone, first).getByText(/waiting for a moderator/).waitFor();
  await own(at.phone, first).getByText(/yours is next|ahead/).waitFor();
  await item(at.ada, 'pending', first).waitFor();
  await item(at.ben, 'pending', first).waitFor();
  assert.equal(await row(at.remote, first).count(), 0, 'nobody else sees what waits');
  await press(at.ada, 'pending', first, 'a');
  await row(at.remote, first).waitFor();
  await row(at.phone, first).waitFor();
  await row(at.remote, first).locator('.vote').click();
  for (const p of [at.phone, at.remote]) await row(p, first).locator('.vote .num', { hasText: /^1$/ }).waitFor();
  await say(at.remote, second);
  await press(at.ben, 'pending', second, 'a');
  await row(at.phone, second).waitFor();
  await at.stage.locator('.stage-next-q', { hasText: first }).waitFor();
  await press(at.ben, 'approved', first, 's');
  await at.stage.locator('.stage-q', { hasText: first }).waitFor();
  await at.stage.locator('.stage-votes .num', { hasText: /^1$/ }).waitFor();
  await at.stage.locator('.stage-next-q', { hasText: second }).waitFor();
  for (const p of [at.phone, at.remote]) await row(p, first).getByText('On stage').waitFor();
  await at.ada.locator('.staged', { hasText: first }).waitFor();
  const size = await at.stage.locator('.fit p').evaluate((el) => parseFloat(getComputedStyle(el).fontSize) / innerHeight);
  assert.ok(size >= 0.05, `letters are ${size} of the height`);
  await at.stage.locator('.stage-timer').waitFor();
  await shot(at.stage, 'hall-stage-question-1920');
  await at.chair.locator('.chair-current', { hasText: first }).waitFor();
  await shot(at.chair, 'hall-chair-360');
  await at.chair.getByRole('button', { name: 'Answered' }).click();
  await at.stage.locator('.stage-q').waitFor({ state: 'detached' });
  await at.phone.locator('.answered summary', { hasText: '1 answered' }).waitFor();
  await at.chair.locator('.chair-big').click();
  await at.stage.locator('.stage-q', { hasText: second }).waitFor();
  await row(at.phone, second).getByText('On stage').waitFor();
  await at.ben.locator('.staged').getByRole('button', { name: 'Answered' }).click();
  await at.stage.locator('.stage-q').waitFor({ state: 'detached' });
  for (const text of [first, second]) assert.equal((await list()).filter((q) => q.text === text).length, 1, 'once each');
});

test('a poll stands on every page while it runs, and its result after it', async () => {
  const poll = randomUUID();
  const { version } = await write(tokens.moderator, 'poll.create', { poll, talk: talk(0), question: `Which harbour first? ${unique}`, options: ['North', 'South'], results: 'always' });
  assert.equal(await at.phone.locator('.poll').count(), 0, 'a draft is nobody\'s');
  const opened = await write(tokens.moderator, 'poll.open', { poll, expect_version: version });
  for (const p of [at.phone, at.remote]) await p.locator('.poll', { hasText: unique }).waitFor();
  await at.stage.locator('.wall-poll', { hasText: unique }).waitFor();
  await at.phone.locator('.poll').getByLabel('North').check();
  await at.phone.locator('.poll').getByRole('button', { name: 'Vote', exact: true }).click();
  await at.remote.locator('.poll').getByLabel('North').check();
  await at.remote.locator('.poll').getByRole('button', { name: 'Vote', exact: true }).click();
  await at.stage.locator('.wall-poll', { hasText: '2' }).getByText('100 %').waitFor();
  // Who comes late finds it.
  const late = await page(`/attend#/talk/${talk(0)}`, { token: somebody(), width: 360, axe: true });
  await late.locator('.poll', { hasText: unique }).scrollIntoViewIfNeeded();
  await shot(late, 'hall-poll-360-light');
  assert.deepEqual(await axe(late), []);
  await late.context().close();
  await shot(at.stage, 'hall-stage-poll-1920');
  const closed = await write(tokens.moderator, 'poll.close', { poll, expect_version: opened.version });
  await at.phone.locator('.poll.closed', { hasText: '100 %' }).waitFor();
  await write(tokens.moderator, 'poll.stage', { poll, expect_version: closed.version, value: false });
  await at.stage.locator('.wall-poll').waitFor({ state: 'detached' });
});

test('a place at the microphones: taken from afar, called, and the hall\'s link is for the one called alone', async () => {
  const link = `https://meet.example.org/${unique}`;
  await write(tokens.organiser, 'bridge.set', { room: hall.room, url: link });
  const mic = at.remote.locator('.mic');
  await at.remote.locator('.mic-fold summary').click();
  await mic.waitFor();
  await mic.getByLabel('Elsewhere').check();
  await mic.getByRole('button', { name: 'Queue for the microphone' }).click();
  await mic.getByText('Your place', { exact: true }).waitFor();
  assert.equal(await mic.getByRole('link', { name: 'Join the hall' }).count(), 0, 'not before the call');
  const { entry } = await call(remoteToken, 'mic.mine', { session: hall.session });
  await write(tokens.moderator, 'mic.call', { entry: entry.entry, expect_version: entry.version });
  const join = mic.getByRole('link', { name: 'Join the hall' });
  await join.waitFor();
  assert.equal(await join.getAttribute('href'), link);
  assert.equal(await at.phone.locator(`a[href="${link}"]`).count(), 0);
  await shot(at.remote, 'hall-mic-called-1440-light');
  const now = (await call(remoteToken, 'mic.mine', { session: hall.session })).entry;
  await write(tokens.moderator, 'mic.heard', { entry: now.entry, expect_version: now.version });
  const after_ = (await call(remoteToken, 'mic.mine', { session: hall.session })).entry;
  await write(tokens.moderator, 'mic.done', { entry: after_.entry, expect_version: after_.version });
  await mic.getByText('Thank you. You have been heard.').waitFor();
});

test('a merge is told on the phone that asked and voted: the words it went into, the vote carried over; taken apart, it comes back', async () => {
  const [mine, head] = [`Is it dear? ${unique}`, `What will it cost? ${unique}`];
  await say(at.phone, mine);
  await press(at.ada, 'pending', mine, 'a');
  await row(at.phone, mine).waitFor();
  await approved(somebody(), talk(0), head);
  await row(at.phone, head).waitFor();
  await row(at.remote, mine).locator('.vote').click();
  // Who voted sees it at once; who did not, once it is counted: what is merged is a question that has this vote.
  for (const p of [at.remote, at.phone]) await row(p, mine).locator('.vote .num', { hasText: /^1$/ }).waitFor();
  const [a, b] = [await find(mine), await find(head)];
  await write(tokens.moderator, 'qa.merge', { question: a.id, expect_version: a.version, into: b.id });
  await own(at.phone, mine).getByText('Merged with a question that asks the same').waitFor();
  await own(at.phone, mine).getByText(head).waitFor();
  await row(at.remote, mine).waitFor({ state: 'detached' });
  await row(at.remote, head).getByText('Your vote counts here').waitFor();
  await row(at.remote, head).locator('.vote.on .num', { hasText: /^1$/ }).waitFor();
  await shot(at.phone, 'hall-merged-360-light');
  // A vote on the one that is gone lands on the one that stands.
  await call(somebody(), 'qa.vote', { question: a.id, value: 1, seq: 1000000 });
  await row(at.remote, head).locator('.vote .num', { hasText: /^2$/ }).waitFor();
  assert.equal((await find(head)).id, b.id);
  const own_ = (await call(phoneToken, 'qa.mine')).questions.find((q) => q.id === a.id);
  await write(tokens.moderator, 'qa.unmerge', { question: a.id, expect_version: own_.version });
  await row(at.remote, mine).waitFor();
  await row(at.remote, mine).locator('.vote.on').waitFor();
  await own(at.phone, mine).getByText('Merged with').waitFor({ state: 'detached' });
});

test('paused and closed are said plainly, and what is written stays', async () => {
  await at.phone.locator('#ask-text').fill('Written while it is paused');
  try {
    await write(tokens.moderator, 'qa.window', { session: hall.session, paused: true });
    await at.phone.locator('.ask-state', { hasText: 'Questions are paused for a moment' }).waitFor();
    await becomes(() => at.phone.locator('.ask button[type=submit]').isDisabled(), true);
    assert.equal(await refusal(call(phoneToken, 'qa.ask', { question: randomUUID(), talk: talk(0), text: 'Past the page' })), 'qa.paused');
    await shot(at.phone, 'hall-paused-360-light');
    await write(tokens.moderator, 'qa.window', { session: hall.session, paused: false });
    await until(async () => !(await at.phone.locator('.ask button[type=submit]').isDisabled()));
    assert.equal(await at.phone.locator('#ask-text').inputValue(), 'Written while it is paused');
    await write(tokens.moderator, 'qa.window', { session: hall.session, ask: 'closed', vote: 'closed' });
    await at.phone.locator('#ask-text[placeholder*="closed"]').waitFor();
    await at.phone.getByText('Voting is closed.').first().waitFor();
    await write(tokens.moderator, 'qa.window', { session: hall.session, show: 'closed' });
    await at.phone.getByText('The questions are not shown just now.').first().waitFor();
    await becomes(() => at.phone.locator('.question').count(), 0);
  } finally {
    // What comes after finds the hall open, whatever was found here.
    await write(tokens.moderator, 'qa.window', { session: hall.session, paused: false, ask: 'auto', vote: 'auto', show: 'auto' });
  }
  await at.phone.locator('.question').first().waitFor();
  await at.phone.locator('#ask-text').fill('');
});

test('one\'s own question is changed while it waits, withdrawn when it is no use, and a refusal has its reason; the counts are everybody\'s', async () => {
  const [early, late, gone] = [`First words ${unique}`, `Better words ${unique}`, `No use ${unique}`];
  await say(at.phone, early);
  await own(at.phone, early).getByRole('button', { name: 'Change' }).click();
  await at.phone.locator('.own textarea').fill(late);
  await at.phone.getByRole('button', { name: 'Save' }).click();
  await own(at.phone, late).waitFor();
  await item(at.ada, 'pending', late).waitFor();
  await at.remote.getByText('1 waits for a moderator.').waitFor();
  await press(at.ada, 'pending', late, 'd');
  await at.ada.keyboard.press('1');
  await own(at.phone, late).getByText('Not taken up: Off topic').waitFor();
  await at.remote.getByText('1 not shown: 1 off topic.').waitFor();
  await say(at.phone, gone);
  await own(at.phone, gone).getByRole('button', { name: 'Withdraw' }).click();
  await own(at.phone, gone).getByRole('button', { name: 'Yes, withdraw it' }).click();
  await own(at.phone, gone).waitFor({ state: 'detached' });
  await until(async () => (await item(at.ada, 'pending', gone).count()) === 0);
});

test('a question can be for all speakers of the session, and a list of another talk stands beside this one\'s', async () => {
  const [all, other] = [`To everybody on the stage ${unique}`, `For the third talk ${unique}`];
  await at.phone.locator('#ask-text').click();
  await at.phone.getByLabel('All speakers of the session').check();
  await say(at.phone, all);
  await press(at.ada, 'pending', all, 'a');
  await row(at.remote, all).getByText('To all speakers').waitFor();
  await approved(somebody(), talk(2), other);
  const group = at.remote.locator('.qa-group', { hasText: hall.talks[2].title });
  await group.locator('summary .num', { hasText: '1' }).waitFor();
  await group.locator('summary').click();
  await row(group, other).waitFor();
  assert.equal(await at.remote.locator('.qa-group').count(), 6);
});

test('a word that holds, a report that takes back, an asker who is silenced, and clean ones let through while nobody acts', async () => {
  const [held, rude, clean] = [`Is it snake oil? ${unique}`, `Rude at once ${unique}`, `Nobody need read this ${unique}`];
  const settings = async (change) => write(tokens.moderator, 'qa.settings', { session: hall.session, ...change, expect_version: (await call(tokens.moderator, 'qa.settings_get', { session: hall.session })).settings.version });
  await write(tokens.organiser, 'qa.words', { language: 'en', words: ['snake oil'] });
  await settings({ moderated: false, report_threshold: 1 });
  try {
    await at.phone.locator('#ask-text').click();
    await at.phone.locator('.ask-quote select').selectOption('with_name');
    await say(at.phone, held);
    await item(at.ada, 'pending', held).getByText('Held for: snake oil').waitFor();
    await item(at.ada, 'pending', held).getByText('may be quoted with the name').waitFor();
    const asker = somebody();
    await asked(asker, talk(0), rude);
    await row(at.phone, rude).locator('.report-open').click();
    await row(at.phone, rude).getByRole('button', { name: 'Rude' }).click();
    await row(at.remote, rude).waitFor({ state: 'detached' });
    await press(at.ada, 'pending', rude, 'o');
    await at.ada.keyboard.press('1');
    let n = 0;
    await until(async () => (await refusal(asked(asker, talk(0), `Once more ${n++} ${unique}`))) === 'qa.muted');
    await settings({ moderated: true, auto_approve_s: 1 });
    await asked(somebody(), talk(0), clean);
    await row(at.remote, clean).waitFor();
    assert.equal(await row(at.remote, held).count(), 0, 'what is held is let through by nobody but a moderator');
  } finally {
    await settings({ moderated: true, auto_approve_s: 0, report_threshold: 3 });
  }
});

test('while somebody points at the list its order stands, and it says how much has moved', async () => {
  const rows = at.remote.locator('.own-talk .ranked .question');
  const ids = () => rows.evaluateAll((all) => all.map((el) => el.getAttribute('data-question')));
  await rows.nth(1).waitFor();
  await rows.first().hover();
  const before_ = await ids();
  const last = /** @type {string} */ (before_.at(-1));
  for (const token of others.slice(-6)) await call(token, 'qa.vote', { question: last, value: 1, seq: 2000000 });
  await at.remote.locator('button.moved').waitFor();
  assert.deepEqual(await ids(), before_);
  await at.remote.locator('button.moved').click();
  await until(async () => (await ids())[0] === last);
});

test('who watches from behind asks what they watch: the question lands on the talk before, and the page says so', async () => {
  const text = `About what I am seeing ${unique}`;
  const now = await clock();
  await write(tokens.moderator, 'talk.end', { talk: talk(0), at: iso(now - 5000) });
  await write(tokens.moderator, 'talk.start', { talk: talk(1), at: iso(now - 4000) });
  const p = at.remote;
  await p.goto(`${access.base}/attend#/`);
  await p.locator('.feature-title', { hasText: hall.talks[1].title }).waitFor();
  await p.getByRole('button', { name: 'Watch the stream' }).click();
  await p.getByText('You are about 2 min behind the hall.').waitFor();
  await say(p, text);
  await p.locator('.ask-landed', { hasText: hall.talks[0].title }).waitFor();
  await item(at.ada, 'pending', text).waitFor();
  assert.equal((await call(remoteToken, 'qa.mine')).questions.find((q) => q.text === text).talk, talk(0));
  await shot(p, 'hall-behind-1440-light');
  await p.getByRole('button', { name: 'Stop' }).click();
  await p.goto(`${access.base}/attend#/talk/${talk(0)}`);
  await row(p, unique).first().waitFor();
});

test('a connection that was cut comes back with everything once, and the stage says as of when', async () => {
  const [before_, meanwhile, kept] = [`Before the cut ${unique}`, `While it was gone ${unique}`, `Written without network ${unique}`];
  await approved(somebody(), talk(0), before_);
  await row(at.phone, before_).waitFor();
  await row(at.remote, before_).waitFor();
  for (const p of [at.phone, at.stage]) await p.context().setOffline(true);
  await until(async () => (await at.phone.locator('.line.shown').count()) > 0);
  await row(at.phone, before_).locator('.vote').click();
  await row(at.phone, before_).getByText('Your vote is kept until there is a network').waitFor();
  await say(at.phone, kept);
  await at.phone.locator('.ask-state', { hasText: 'Waiting for the network' }).waitFor();
  await at.stage.locator('.stage-asof').waitFor();
  const left = await at.stage.locator('.stage-timer .num').innerText();
  await until(async () => (await at.stage.locator('.stage-timer .num').innerText()) !== left);
  await shot(at.stage, 'hall-stage-offline-1920');
  const q = await approved(somebody(), talk(0), meanwhile);
  await write(tokens.moderator, 'qa.stage', { question: q.question, expect_version: q.version });
  for (const p of [at.phone, at.stage]) await p.context().setOffline(false);
  await at.stage.locator('.stage-q', { hasText: meanwhile }).waitFor();
  await row(at.phone, meanwhile).waitFor();
  await own(at.phone, kept).getByText(/waiting for a moderator/).waitFor();
  await item(at.ada, 'pending', kept).waitFor();
  await row(at.remote, before_).locator('.vote .num', { hasText: /^1$/ }).waitFor();
  const texts = await at.phone.locator('.question .question-body > p[dir]:first-of-type').allTextContents();
  assert.equal(new Set(texts).size, texts.length, 'nothing stands twice');
  await becomes(async () => (await list()).find((x) => x.text === before_)?.votes, 1);
});

test('a report reaches the moderators; an answer in writing reaches who asked, and everybody when it is public', async () => {
  const [rude, open, quiet] = [`Somebody is rude ${unique}`, `For everybody in writing ${unique}`, `For one in writing ${unique}`];
  await approved(somebody(), talk(0), rude);
  await row(at.phone, rude).locator('.report-open').click();
  await row(at.phone, rude).getByRole('button', { name: 'Rude' }).click();
  await row(at.phone, rude).getByText('Reported. A moderator looks at it.').waitFor();
  await item(at.ada, 'approved', rude).getByText('1 report').waitFor();
  const [a, b] = [await approved(phoneToken, talk(0), open), await approved(phoneToken, talk(0), quiet)];
  const s = at.speaker = await page('/attend#/speaker', { token: speakerToken, width: 360, axe: true });
  const one = (text) => s.locator('.unanswered', { hasText: text });
  // A word to who speaks: the desk says that the hall sees it; it goes when it has been read.
  const hurry = `Five minutes ${unique}`;
  await at.ada.keyboard.press('b');
  const backstage = at.ada.locator('section', { has: at.ada.locator('#back-h') });
  await backstage.locator('select').selectOption('speaker');
  await backstage.getByText('the whole hall sees it').waitFor();
  await at.ada.locator('#back-text').fill(hurry);
  await at.ada.keyboard.press('Enter');
  await at.stage.locator('.stage-words', { hasText: hurry }).waitFor();
  await shot(at.stage, 'hall-stage-words-1920');
  await shot(s, 'hall-speaker-words-360-light');
  await s.locator('.words li', { hasText: hurry }).getByRole('button', { name: 'I have read it' }).click();
  await at.stage.locator('.stage-words', { hasText: hurry }).waitFor({ state: 'detached' });
  await at.ada.locator('.messages .acked').first().waitFor();
  await at.ada.locator('h1').click();
  await one(open).locator('textarea').fill('It is in the minutes.');
  await shot(s, 'hall-speaker-360-light');
  assert.deepEqual(await axe(s), []);
  await one(open).getByRole('button', { name: 'Send the answer' }).click();
  await one(open).waitFor({ state: 'detached' });
  await one(quiet).locator('textarea').fill('Write to me.');
  await one(quiet).getByLabel('Only the one who asked').check();
  await one(quiet).getByRole('button', { name: 'Send the answer' }).click();
  await one(quiet).waitFor({ state: 'detached' });
  await at.remote.locator('.answered summary').click();
  await row(at.remote, open).getByText('It is in the minutes.').waitFor();
  assert.equal(await at.remote.getByText('Write to me.').count(), 0, 'a private answer is nobody else\'s');
  await at.phone.locator('.own-shown summary').click();
  await own(at.phone, quiet).getByText('Write to me.').waitFor();
  assert.ok(a.question !== b.question);
  await s.context().close();
});

test('a thousand questions, five hundred letters, no question at all: readable, whole and without a violation', async () => {
  await approved(somebody(), talk(3), LONG);
  await crowd(talk(4), 1000);
  const p = await page('/attend#/', { token: phoneToken, axe: true });
  for (const [width, theme] of /** @type {const} */ ([[360, 'light'], [360, 'dark'], [1440, 'dark'], [1440, 'light']])) {
    await p.setViewportSize({ width, height: width === 360 ? 780 : 900 });
    await p.emulateMedia({ colorScheme: theme });
    for (const [name, n] of /** @type {const} */ ([['none', 5], ['long', 3], ['many', 4]])) {
      // Each list small and large, and each of both in one of the themes.
      if ((name === 'none' && theme === 'dark') || (name === 'long' && width === 1440 && theme === 'dark') || (name === 'many' && (width === 360) !== (theme === 'dark'))) continue;
      await p.evaluate(() => (location.hash = '#/'));
      await p.locator('.feature').waitFor();
      await still(p);
      await p.evaluate((id) => {
        window['__shift'] = 0;
        window['__moved'] = [];
        location.hash = `#/talk/${id}`;
      }, talk(n));
      const here = p.locator('.qa-group.own-talk');
      if (name === 'many') await here.locator('.long-list').waitFor();
      else await here.getByText(name === 'none' ? /No questions yet/ : /Donaudampf/).first().waitFor();
      await still(p);
      await shot(p, `hall-${name}-${width}-${theme}`);
      // A list that is heard of late goes between the headings of the others; the browsers' own measure calls 0.1 good.
      assert.ok((await shift(p)) <= 0.05, `${name} ${width}: layout shift ${await shift(p)} ${await moved(p)}`);
      assert.deepEqual(await axe(p), [], `${name} ${width} ${theme}`);
      assert.ok((await p.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} ${width}: too wide`);
      if (name !== 'many') continue;
      assert.ok((await p.locator('.question').count()) < 200, 'only what is near the screen is drawn');
      await here.locator('.long-list').evaluate((el) => el.scrollIntoView());
      await here.getByText(/of many/).first().waitFor();
    }
  }
  await p.context().close();
});

test('Danish is spoken here too', async () => {
  const p = await page(`/attend#/talk/${talk(0)}`, { token: phoneToken, width: 360, lang: 'da-DK' });
  await p.getByText('Moderatorerne ser dit navn, publikum gør ikke.').waitFor();
  await p.context().close();
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED|ERR_NETWORK|WebSocket connection/.test(c)), []));
