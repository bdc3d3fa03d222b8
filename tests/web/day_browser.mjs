// tests/web/day_browser.mjs: the organiser's day on a phone: announcing, and mending what was announced
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from '../support/client.mjs';
import { access, axe, close, complaints, page, shot, until } from './kit.mjs';

const { tokens } = access;
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

test('an announcement: three taps and the words; it is read, mended, withdrawn', async () => {
  const reader = await client('attendees 1');
  await reader.subscribe(['notice:all']);
  const p = await page('/organise#/notices', { token: tokens.organiser, width: 360, axe: true });
  await p.getByRole('button', { name: 'New announcement' }).click();
  await p.getByLabel('In English').fill('Lunch is <b>late</b>');
  await p.getByLabel('In Danish').fill('Frokosten er forsinket');
  await p.getByText('Important', { exact: true }).click();
  await p.getByText('30 min', { exact: true }).click();
  await shot(p, 'notices-new-360-light', true);
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: 'Announce', exact: true }).click();
  await p.locator('.said', { hasText: 'Announced to' }).waitFor();
  const { data } = await reader.waitEvent('notice:all', 'notice.published', (n) => n.text.en.includes('late'));
  assert.equal(data.urgency, 'important');
  assert.ok(data.until && data.text.da);
  await p.locator('.notice-row', { hasText: 'Lunch is <b>late</b>' }).waitFor();
  await reader.call('notice.read', { notice: data.id });
  await p.locator('.notice-row', { hasText: /Read by 1 of/ }).waitFor();
  // Somebody else changes it while we have it open: our save says so, and goes on from theirs.
  await p.getByRole('button', { name: 'Edit' }).click();
  const other = await client('organiser');
  await other.write('notice.edit', { notice: data.id, expect_version: 1, text: { en: 'Lunch at one' } });
  await p.getByLabel('In English').fill('Lunch is at 13:00');
  await p.getByRole('button', { name: 'Save' }).click();
  await p.locator('.said', { hasText: 'Lunch at one' }).waitFor();
  await shot(p, 'notices-conflict-360-light', true);
  assert.equal(await p.getByLabel('In English').inputValue(), 'Lunch is at 13:00', 'what was typed is not lost');
  await p.getByRole('button', { name: 'Save' }).click();
  await reader.waitEvent('notice:all', 'notice.edited', (n) => n.text.en === 'Lunch is at 13:00' && n.version === 3);
  await shot(p, 'notices-360-light', true);
  await p.getByRole('button', { name: 'Withdraw' }).click();
  await p.getByRole('button', { name: 'Take it back everywhere' }).click();
  await reader.waitEvent('notice:all', 'notice.withdrawn', (n) => n.id === data.id);
  await p.locator('.notice-row.gone').waitFor();
  assert.deepEqual(await axe(p), []);
  await p.context().close();
});

test('the desk announces to one room; large and dark', async () => {
  const p = await page('/organise#/notices/new', { token: tokens.desk, theme: 'dark', axe: true });
  await p.getByText('One room', { exact: true }).click();
  await p.locator('select').selectOption(access.room);
  await p.getByLabel('In English').fill('Please move to the front');
  await p.getByRole('button', { name: 'Announce', exact: true }).click();
  await p.locator('.notice-row', { hasText: 'Please move' }).waitFor();
  assert.deepEqual(await axe(p), []);
  await shot(p, 'notices-1440-dark');
  await p.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints, []);
});
