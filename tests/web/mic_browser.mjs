// tests/web: one queue at the microphones: somebody elsewhere is called, gets the link and is heard; somebody in the hall is entered by code; it is seen to be fair
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { access, axe, becomes, close, complaints, page, PATIENCE, shot, until } from './kit.mjs';
import { block, call, write } from './hall_kit.mjs';

const { tokens, codes } = access;
const LINK = 'https://meet.example.org/j/8123?pwd=s3cr3t';
after(close);

const shown = (p, selector) => p.locator(selector).first().waitFor({ timeout: PATIENCE });

test('from elsewhere: joins, is called, sees the link, is heard, is done; in the hall by code; the meter shows both', async () => {
  const hall = await block({ n: 2, title: 'Voices of the hall' });
  const remote = await page(`/attend#/talk/${hall.talks[0].id}`, { token: tokens.attendees[5], width: 360, axe: true });
  await remote.locator('.mic-fold > summary').click();
  await remote.locator('.mic input[value=remote]').check();
  await remote.getByRole('button', { name: 'Queue for the microphone' }).click();
  await shown(remote, '.mic-place');
  assert.match(await remote.locator('.mic-place').innerText(), /1 of 1/);

  const desk = await page(`/moderate#/talk/${hall.talks[0].id}`, { token: tokens.moderator, axe: true });
  await desk.getByText('Microphones', { exact: true }).click();
  await shown(desk, '.mic-list .mic-row');

  // The link is set, and shown to nobody but the one who is called.
  await desk.getByLabel('Meeting link (https)').fill('http://meet.example.org/no');
  await desk.getByRole('button', { name: 'Use this link' }).click();
  await shown(desk, '.mic-desk > .error');
  await desk.getByLabel('Meeting link (https)').fill(LINK);
  await desk.getByRole('button', { name: 'Use this link' }).click();
  await desk.getByText('A link at meet.example.org is ready').waitFor({ timeout: PATIENCE });

  // A badge is scanned at the hall's microphone, and somebody is known by a name alone.
  await desk.getByLabel('Entry code or name').fill(codes[7]);
  await desk.keyboard.press('Enter');
  await desk.locator('.mic-list .mic-row').nth(1).waitFor({ timeout: PATIENCE });
  // The row may come before the answer does: until then the button is grey, and Enter does nothing.
  await becomes(() => desk.getByLabel('Entry code or name').inputValue(), '');
  const long = 'Professor Wilhelmina-Charlotte van der Bellenschmidt-Østergaard of Nowhere in Particular';
  await desk.getByLabel('Entry code or name').fill(long.slice(0, 80));
  await desk.keyboard.press('Enter');
  await desk.locator('.mic-list .mic-row').nth(2).waitFor({ timeout: PATIENCE });
  await shot(desk, 'mic-desk-waiting-1440', true);

  assert.equal(await remote.locator('.mic a[href^="https://meet"]').count(), 0);
  await desk.locator('.mic-next').click();
  await shown(desk, '.mic-on .mic-row');
  await remote.locator(`.mic a[href="${LINK}"]`).waitFor({ timeout: PATIENCE });
  await shot(remote, 'mic-called-360', true);
  await remote.getByRole('button', { name: 'I’m connecting' }).click();
  await shown(desk, '.mic-row.connecting');
  await desk.locator('.mic-on').getByRole('button', { name: /^We hear them/ }).click();
  await remote.getByText('The hall hears you').waitFor({ timeout: PATIENCE });
  await desk.locator('.mic-on').getByRole('button', { name: /^Done/ }).click();
  await remote.getByText('You have been heard.').waitFor({ timeout: PATIENCE });
  assert.equal(await remote.locator('.mic a[href^="https://meet"]').count(), 0);

  // The hall's turn, and the meter.
  await desk.locator('.mic-next').click();
  await desk.locator('.mic-on').getByRole('button', { name: /^We hear them/ }).click();
  await desk.locator('.mic-on').getByRole('button', { name: /^Done/ }).click();
  await desk.locator('.mic-fair tbody tr').first().locator('td').nth(1).filter({ hasText: '50 %' }).waitFor({ timeout: PATIENCE });
  await shot(desk, 'mic-desk-fair-1440', true);
  assert.deepEqual(await axe(desk), []);
  assert.deepEqual(await axe(remote), []);
});

test('read out instead; passed over and put back; by hand with the keyboard; a lost link keeps the place', async () => {
  const hall = await block({ n: 1, title: 'More voices' });
  const talk = hall.talks[0].id;
  for (const token of tokens.attendees.slice(8, 11)) await call(token, 'mic.join', { talk, origin: 'room' });
  const shy = await page(`/attend#/talk/${talk}`, { token: tokens.attendees[12], width: 360, theme: 'dark' });
  await shy.locator('.mic-fold > summary').click();
  await shy.locator('.mic input[value=remote]').check();
  await shy.getByRole('button', { name: 'Queue for the microphone' }).click();
  await shy.getByRole('button', { name: 'Read it out for me' }).click();
  await shy.getByLabel('What a moderator reads out').fill('Does it hold for children?');
  await shy.getByRole('button', { name: 'Ask to have it read out' }).click();
  await shy.getByText('A moderator reads it out for you').waitFor({ timeout: PATIENCE });
  await shot(shy, 'mic-read-360-dark', true);

  const desk = await page(`/moderate#/talk/${talk}`, { token: tokens.moderator, width: 360 });
  await desk.getByText('Microphones', { exact: true }).click();
  const rows = desk.locator('.mic-list .mic-row');
  await rows.nth(3).waitFor({ timeout: PATIENCE });
  const names = () => rows.locator('strong').allInnerTexts();
  await desk.getByText('Does it hold for children?').first().waitFor({ timeout: PATIENCE });

  const [first] = await names();
  await rows.first().getByRole('button', { name: /^Pass over/ }).click();
  await desk.locator('.mic-over').getByRole('button', { name: /^Back to the queue/ }).click();
  await rows.nth(3).waitFor({ timeout: PATIENCE });
  assert.equal((await names())[0], first);

  await desk.locator('.mic-policy select').selectOption('fifo');
  const policy = desk.locator('.mic-policy select');
  await until(async () => (await policy.isEnabled()) && (await policy.inputValue()) === 'fifo' && (await call(tokens.moderator, 'mic.list', { session: hall.session })).policy === 'fifo');
  await until(() => policy.isEnabled());
  const before = await names();
  await rows.nth(1).locator('.mic-call').focus();
  await desk.keyboard.press('Alt+ArrowUp');
  await rows.first().filter({ hasText: before[1] }).waitFor({ timeout: PATIENCE });
  await becomes(names, [before[1], before[0], ...before.slice(2)]);
  await becomes(() => policy.inputValue(), 'manual');
  await shot(desk, 'mic-desk-360', true);

  // Read: it goes on stage, and the place is served.
  await rows.filter({ hasText: 'Does it hold for children?' }).getByRole('button', { name: 'Put on stage and read' }).click();
  await shy.getByText('You have been heard.').waitFor({ timeout: PATIENCE });
  const queue = await call(tokens.moderator, 'mic.list', { session: hall.session });
  assert.equal(queue.entries.length, 3);

  // The network goes and comes: the place is where it was.
  await shy.getByRole('button', { name: 'Queue for the microphone' }).click();
  await shown(shy, '.mic-place');
  await shy.context().setOffline(true);
  await shy.getByText('Waiting for the network. Your place is kept.').waitFor({ timeout: PATIENCE });
  await shy.context().setOffline(false);
  await shy.getByText('Your place is kept if the connection drops.').waitFor({ timeout: PATIENCE });
  await shy.reload();
  await shown(shy, '.mic-place');
  await write(tokens.organiser, 'bridge.set', { room: hall.room, url: null });
  // Where the link was cut on purpose the browser says so.
  assert.deepEqual(complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED')), []);
});
