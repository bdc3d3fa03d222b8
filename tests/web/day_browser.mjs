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
  await p.getByLabel('In English').waitFor();
  const other = await client('organiser');
  await other.write('notice.edit', { notice: data.id, expect_version: 1, text: { en: 'Lunch at one' } });
  await p.getByLabel('In English').fill('Lunch is at 13:00');
  await p.getByRole('button', { name: 'Save' }).click();
  await p.locator('.said', { hasText: 'Lunch at one' }).waitFor();
  await shot(p, 'notices-conflict-360-light', true);
  assert.equal(await p.getByLabel('In English').inputValue(), 'Lunch is at 13:00', 'what was typed is not lost');
  await p.getByRole('button', { name: 'Save' }).click();
  await reader.waitEvent('notice:all', 'notice.edited', (n) => n.text.en === 'Lunch is at 13:00' && n.version === 3);
  await p.locator('.notice-row', { hasText: 'Lunch is at 13:00' }).waitFor();
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

const row = (p, text) => p.locator('.day-slot', { hasText: text });

test('later, in three taps: whom it will reach, the release of just that, and Stop', async () => {
  const reader = await client('attendees 2');
  await reader.subscribe(['schedule']);
  const before = await reader.call('schedule.get');
  const slot = before.slots.find((x) => x.state === 'planned' && before.sessions.find(({ id }) => id === x.session).title.startsWith('Panel'));
  // Another change waits in the draft: it must stay there.
  const organiser = await client('organiser');
  const other = before.slots.filter((x) => x.start < slot.start && x.state === 'planned').at(-1);
  await organiser.write('slot.move', { slot: other.id, end: new Date(Date.parse(other.end) - 60000).toISOString(), expect_version: other.version });
  const p = await page('/organise#/day', { token: tokens.organiser, width: 360, axe: true });
  await row(p, 'Panel').locator('.day-line').click();
  await shot(p, 'day-slot-360-light', true);
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: '+10 min' }).click();
  await p.locator('.day-confirm').getByText(/will be told/).waitFor();
  await shot(p, 'day-confirm-360-light', true);
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: 'Release just this' }).click();
  await p.locator('.said').getByText(/Released as version/).waitFor();
  await reader.waitEvent('schedule', 'release.published', () => true);
  const now = await reader.call('schedule.get');
  assert.equal(Date.parse(now.slots.find((x) => x.id === slot.id).start) - Date.parse(slot.start), 600000);
  assert.equal(now.slots.find((x) => x.id === other.id).end, other.end, 'what else waits in the draft stays there');
  await p.locator('.hold .second').click();
  await p.locator('.hold [role=status]').waitFor();
  assert.match(await p.locator('.hold').innerText(), /\d/);
  await shot(p, 'day-stopped-360-light');
  await p.context().close();
});

test('a swap is taken back, a cancellation released; large and dark', async () => {
  const p = await page('/organise#/day', { token: tokens.organiser, theme: 'dark', axe: true });
  const organiser = await client('organiser');
  const draft = () => organiser.call('draft.get');
  const places = ({ slots }) => slots.map(({ id, room, start, state }) => `${id} ${room} ${start} ${state}`).sort();
  const before = places(await draft());
  await row(p, 'Panel').locator('.day-line').click();
  await p.getByRole('button', { name: /^Swap with/ }).click();
  await p.locator('.day-confirm').waitFor();
  await p.locator('.day-changes li').nth(1).waitFor();
  assert.equal(await p.locator('.day-confirm .error', { hasText: 'clashes' }).count(), 0, 'two of different lengths fit where they were');
  assert.notDeepEqual(places(await draft()), before);
  await shot(p, 'day-swap-1440-dark', true);
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: 'Take it back' }).click();
  await p.locator('.day-confirm').waitFor({ state: 'detached' });
  assert.deepEqual(places(await draft()), before);
  await row(p, 'Closing').locator('.day-line').click();
  await p.getByRole('button', { name: 'Cancel it' }).click();
  await p.getByRole('button', { name: 'Release just this' }).click();
  await p.locator('.said').waitFor();
  const { slots, sessions } = await organiser.call('schedule.get');
  assert.equal(slots.find((x) => sessions.find(({ id }) => id === x.session).title === 'Closing').state, 'cancelled');
  await row(p, 'Closing').locator('.tag.off').waitFor();
  await p.context().close();
});

test('a room that runs late: one press makes it the plan', async () => {
  const organiser = await client('organiser');
  await organiser.subscribe(['schedule']);
  const { slots, sessions } = await organiser.call('schedule.get');
  const [first, next] = slots.filter((x) => x.room === access.room && x.state === 'planned');
  await organiser.write('slot.start', { slot: first.id });
  await organiser.write('slot.add_time', { slot: first.id, seconds: 1800 });
  const p = await page('/organise#/day', { token: tokens.organiser, width: 360, axe: true });
  await p.locator('.day-late').waitFor();
  await shot(p, 'day-late-360-light');
  assert.deepEqual(await axe(p), []);
  await p.getByRole('button', { name: 'Make that the plan' }).click();
  await p.locator('.said').waitFor();
  const now = (await organiser.call('schedule.get')).slots.find((x) => x.id === next.id);
  assert.ok(Date.parse(now.start) > Date.parse(next.start), sessions.find(({ id }) => id === next.session).title);
  await p.locator('.day-late').waitFor({ state: 'detached' });
  await p.context().close();
});

test('the desk sees the day, announces and runs, and changes no plan', async () => {
  const p = await page('/organise#/day', { token: tokens.desk, width: 360, lang: 'da-DK' });
  await row(p, 'Panel').locator('.day-line').click();
  assert.equal(await p.getByRole('button', { name: 'Aflys', exact: true }).count(), 0);
  await p.getByRole('button', { name: 'Meddel', exact: true }).click();
  await p.getByLabel('På engelsk').waitFor();
  assert.ok(await p.locator('select').inputValue());
  await p.context().close();
});

test('the pages had nothing to complain about', () => {
  assert.deepEqual(complaints, []);
});
