// tests/web/run_browser.mjs: one thumb runs a room: start, more time, end; a press made without network arrives when it is back
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from '../support/client.mjs';
import { access, axe, box as boxOf, close, complaints, page, shot, still, until } from './kit.mjs';

const { tokens, room } = access;
const clients = [];
after(async () => {
  for (const c of clients) c.close();
  await close();
});

async function client(who) {
  const c = await connect(access, who);
  clients.push(c);
  return c;
}

test('a guest is asked to sign in, an attendee is refused, a choice of rooms without one', async () => {
  const p = await page('/run', { token: tokens.attendees[3], width: 360 });
  await p.locator('.refusal').waitFor();
  await p.context().close();
  const m = await page('/run', { token: tokens.moderator, width: 360, axe: true });
  await m.locator('.run-rooms a').first().waitFor();
  assert.deepEqual(await axe(m), []);
  await shot(m, 'run-rooms-360-dark');
  await m.context().close();
});

test('start, five minutes more, end: everybody hears of each', async () => {
  const reader = await client('attendees 1');
  await reader.subscribe([`room:${room}`, 'schedule']);
  const p = await page(`/run/${room}`, { token: tokens.moderator, width: 360, axe: true });
  await p.locator('.run-big').waitFor();
  await p.locator('.run-figure').waitFor();
  await shot(p, 'run-next-360-dark');
  assert.deepEqual(await axe(p), []);
  await p.locator('.run-big').click();
  await p.locator('.run-state .tag.on').waitFor();
  const started = await reader.waitEvent(`room:${room}`, 'slot.started', () => true);
  await p.getByRole('button', { name: '+5 min' }).click();
  const moved = await reader.waitEvent(`room:${room}`, 'expected.changed', (d) => d.slots.some((x) => x.slot === started.data.id && x.added === 300));
  assert.ok(moved.data.slots.length >= 1);
  await until(async () => !(await p.locator('.error').count()));
  await shot(p, 'run-on-360-dark');
  assert.deepEqual(await axe(p), []);
  // Everything under the thumb lies in the lower half, and nothing needs to be scrolled to.
  const box = await boxOf(p.locator('.run-big'));
  assert.ok(box.y > 390 && box.y + box.height <= 780 && box.height >= 80, JSON.stringify(box));
  await p.locator('.run-big', { hasText: 'End' }).click();
  await reader.waitEvent(`room:${room}`, 'slot.ended', (d) => d.id === started.data.id);
  await p.locator('.run-big', { hasText: 'Start' }).waitFor();
  await p.context().close();
});

test('without network: the press shows at once, is kept by the browser, and is sent with the time it was made', async () => {
  const reader = await client('attendees 2');
  await reader.subscribe([`room:${room}`]);
  const p = await page(`/run/${room}`, { token: tokens.moderator, width: 360 });
  await p.locator('.run-big', { hasText: 'Start' }).waitFor();
  await p.context().setOffline(true);
  await p.locator('.run-big').click();
  await p.locator('.run-state .tag.on').waitFor();
  await p.locator('.run-kept').waitFor();
  await shot(p, 'run-kept-360-dark');
  const kept = await p.evaluate(() => JSON.parse(localStorage.getItem('plenum-presses:') || '[]'));
  assert.equal(kept.length, 1);
  await new Promise((r) => setTimeout(r, 2500));
  await p.context().setOffline(false);
  const started = await reader.waitEvent(`room:${room}`, 'slot.started', () => true, 90000);
  assert.equal(Date.parse(started.data.started), Date.parse(kept[0].params.at), 'it began when it was pressed');
  await until(async () => (await p.evaluate(() => localStorage.getItem('plenum-presses:'))) === '[]', 90000);
  // And so is "we are on time": it shows at once, is kept, and says when it was meant.
  await p.context().setOffline(true);
  await p.getByRole('button', { name: '+5 min' }).click();
  await p.getByRole('button', { name: 'We are on time' }).click();
  await p.locator('.run-kept').waitFor();
  const [, late] = await p.evaluate(() => JSON.parse(localStorage.getItem('plenum-presses:') || '[]'));
  assert.deepEqual([late.method, late.params.room, Number.isFinite(Date.parse(late.params.at))], ['slot.on_time', room, true]);
  await p.context().setOffline(false);
  await until(async () => (await p.evaluate(() => localStorage.getItem('plenum-presses:'))) === '[]', 90000);
  await until(async () => !(await p.locator('.error').count()));
  await p.context().close();
});

test('a large screen, in the light, in Danish', async () => {
  const p = await page(`/run/${room}`, { token: tokens.organiser, lang: 'da-DK', axe: true });
  await p.locator('.run-big').waitFor();
  await p.locator('.switches .square').click();
  // Colours go over into each other: what is between two of them is not judged.
  await still(p);
  assert.deepEqual(await axe(p), []);
  await shot(p, 'run-1440-light');
  await p.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints.filter((c) => !/ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(c)), []);
});
