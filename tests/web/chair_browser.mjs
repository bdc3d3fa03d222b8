// tests/web/chair_browser.mjs: a chair's phone joins by the code that staff show, sees one session, presses on without a network
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, box, close, complaints, lookAfter, page, shot, until } from './kit.mjs';
import { ask, deskPage, hangUp, sessions } from './desk_kit.mjs';

const { tokens } = access;
const unique = Date.now().toString(36);
const say = (what) => `${what} ${unique}?`;
let single;
let mod;
let m;
let c;
let link;

before(async () => {
  ({ single, m: mod } = await sessions());
});
after(async () => {
  hangUp();
  await close();
});

lookAfter(() => ({ m, c }));

async function approved(text) {
  const talk = single.talks[0].id;
  const question = await ask(talk, text);
  await mod.write('qa.approve', { question, expect_version: 1 });
  return question;
}

test('without a code the page says how to get one', async () => {
  const p = await page('/chair', { width: 360, axe: true });
  await p.locator('.refusal').waitFor();
  assert.deepEqual(await axe(p), []);
  await shot(p, 'chair-out-360-dark');
  await p.context().close();
});

test('joins by the link in the code, which leaves the address at once', async () => {
  m = await deskPage(`#/session/${single.id}`, { token: tokens.moderator, axe: true });
  await m.locator('.sides button', { hasText: 'Team' }).click();
  await m.getByLabel('Name of the chair').fill('Kirsten Holm');
  await m.getByRole('button', { name: 'Show a code' }).click();
  await m.locator('.chair-qr .qr').waitFor();
  await shot(m, 'desk-invite-1440-light', true);
  link = (await m.locator('.chair-link').innerText()).trim();
  assert.match(link, /\/chair#.+/);
  c = await page(link.slice(access.base.length), { width: 360, axe: true });
  await c.locator('.chair-now').waitFor();
  assert.ok(!c.url().includes('#'), c.url());
  await m.locator('.people', { hasText: 'Kirsten Holm' }).waitFor();
  await c.locator('.chair-current .empty-line').waitFor();
  await shot(c, 'chair-empty-360-dark');
  assert.deepEqual(await axe(c), []);
});

test('a code works once', async () => {
  const p = await page(link.slice(access.base.length), { width: 360 });
  await p.locator('.refusal .error').waitFor();
  await p.context().close();
});

test('the next question goes on stage by one press, and the desk sees it', async () => {
  await approved(say('Which patients first'));
  await approved(say(`What does it cost, ${'and who pays, '.repeat(28)}in the end`).slice(0, 500));
  // Both are there, so which one is next does not change any more.
  await c.locator('.chair-after li').first().waitFor();
  const next = await c.locator('.chair-next .chair-text').innerText();
  await c.locator('.chair-big').click();
  await c.locator('.chair-current .chair-text', { hasText: next.slice(0, 60) }).waitFor();
  await m.locator('.staged', { hasText: next.slice(0, 60) }).waitFor();
  await shot(c, 'chair-360-dark');
  assert.deepEqual(await axe(c), []);
  assert.equal(await c.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
  const big = await box(c.locator('.chair-big'));
  assert.ok(big.y > 390 && big.y + big.height <= 780, JSON.stringify(big));
});

test('a message from the desk stands until the chair has read it', async () => {
  await m.locator('#back-text').fill(say('One more question'));
  await m.locator('section', { has: m.locator('#back-h') }).getByRole('button', { name: 'Send' }).click();
  await c.locator('.chair-message', { hasText: say('One more question') }).waitFor();
  await shot(c, 'chair-message-360-dark');
  await c.locator('.chair-message button').click();
  await c.locator('.chair-message').waitFor({ state: 'detached' });
  await m.locator('.messages .acked', { hasText: 'Kirsten Holm' }).waitFor();
});

test('without network: the clock and the last state stay, presses show at once, are kept, and arrive in their order', async () => {
  const current = await c.locator('.chair-current .chair-text').innerText();
  const next = await c.locator('.chair-next .chair-text').innerText();
  await c.context().setOffline(true);
  // Only now the page has heard of it: a press before that would still go out.
  await c.locator('.chair-asof').waitFor();
  await c.getByRole('button', { name: 'Answered' }).click();
  await c.locator('.chair-current .empty-line').waitFor();
  await c.locator('.chair-big').click();
  await c.locator('.chair-current .chair-text', { hasText: next.slice(0, 60) }).waitFor();
  await c.locator('.chair-kept').waitFor();
  await shot(c, 'chair-kept-360-dark');
  const kept = await c.evaluate(() => JSON.parse(localStorage.getItem('plenum-chair-presses:') || '[]'));
  assert.deepEqual(kept.map((p) => p.method), ['qa.answer', 'qa.stage']);
  assert.ok(kept.every((p) => p.key && p.params.at), JSON.stringify(kept));
  assert.equal(await m.locator('.staged', { hasText: current.slice(0, 60) }).count(), 1, 'the desk still has what was there');
  await c.context().setOffline(false);
  await m.locator('.staged', { hasText: next.slice(0, 60) }).waitFor();
  await until(async () => (await c.evaluate(() => localStorage.getItem('plenum-chair-presses:'))) === '[]');
  assert.equal(await c.locator('.chair-hand .error').count(), 0);
  assert.ok((await c.locator('.chair-current .chair-text').innerText()).startsWith(next.slice(0, 60)));
});

test('a reload keeps the phone the chair\'s; taken away by the desk, it is nobody\'s', async () => {
  await c.reload();
  await c.locator('.chair-current .chair-text').waitFor();
  await c.locator('.switches .square').click();
  assert.deepEqual(await axe(c), []);
  await shot(c, 'chair-360-light');
  await m.locator('.people li', { hasText: 'Kirsten Holm' }).getByRole('button', { name: 'Remove' }).click();
  await c.locator('.refusal').waitFor();
  await c.context().close();
  await m.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints.filter((x) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection|status of (400|404|410)/.test(x)), []);
});
