// tests/web/apply_browser.mjs: somebody nobody knows applies: code by mail, a draft as typed, two tabs, handed in, after the deadline; and the organiser's view of it
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PATIENCE, access, axe, becomes, close, complaints, lookAfter, mailedCode, page, shot, still, until } from './kit.mjs';

after(close);
const plenum = (/** @type {string[]} */ ...args) => promisify(execFile)(path.join(process.env.PLENUM_BIN || '', 'plenum'), [...args, '--dsn', access.app_dsn]).then(({ stdout }) => stdout);
const call = (/** @type {string} */ method, /** @type {any} */ params = {}) => plenum('call', method, JSON.stringify(params), '--into', 'abstracts').then((out) => JSON.parse(out));
const deadline = (/** @type {string} */ text) => ({ text, label: 'CET', zone: 'Europe/Copenhagen' });
const save = (/** @type {string} */ closes, /** @type {number} */ version) => call('call.save', {
  opens: deadline('2020-12-16 09:00'), closes: deadline(closes), grace_s: 60, limit: 300, intro: 'Tell us what you found.', answers: 'mid March 2021', expect_version: version,
  consents: [{ kind: 'data', text: 'My name and abstract may be kept for this conference.', text_da: 'Mit navn og mit abstract må gemmes til denne konference.', required: true }, { kind: 'book', text: 'They may be printed in the abstract book.', required: false }],
});

/** @type {import('playwright-core').Page} */
let p;
/** @type {import('playwright-core').Page} */
let second;
lookAfter(() => ({ p, second }));

test('somebody new signs in, writes, and finds it again after a reload', async () => {
  await plenum('conference', 'create', 'abstracts', '--title', 'Abstracts only', '--zone', 'Europe/Copenhagen', '--starts', '2021-05-02', '--ends', '2021-05-02');
  await plenum('conference', 'clock', 'abstracts', '--at', '2021-03-01T12:00:00+01:00');
  for (const [i, name] of ['Genomics', 'Imaging'].entries()) await call('track.save', { track: `00000000-0000-4000-8000-00000000000${i}`, name, ord: i });
  p = await page('/e/abstracts/apply', { width: 360, axe: true });
  await p.getByText('There is no call for abstracts.').waitFor();
  await save('2021-03-02 14:00', 0);
  await p.reload();
  await p.getByText(/Tuesday,? 2 March 2021, 14:00 CET/).waitFor();
  await still(p);
  await shot(p, 'apply-enter-360-light', true);
  assert.deepEqual(await axe(p), []);
  const since = Date.now();
  await p.locator('input[name=name]').fill('Nina Ny');
  await p.locator('input[name=email]').fill('nina@example.org');
  await p.locator('.enter button[type=submit]').click();
  await p.locator('input.code').fill(await mailedCode('nina@example.org', since));
  await p.locator('.enter button[type=submit]').click();
  await p.getByText('Write an abstract').click();
  await p.locator('#f-title').fill('What the gut knows');
  await p.getByText(/^Saved/).waitFor();
  await p.reload();
  await p.locator('.mine-row', { hasText: 'What the gut knows' }).click();
  assert.equal(await p.locator('#f-title').inputValue(), 'What the gut knows');
  assert.equal(await p.locator('.author input').first().inputValue(), 'Nina Ny');
  // A connection that comes back finds the form as it was left. The second frame answers what is asked once the first was read.
  let frames = 0;
  p.once('websocket', (ws) => ws.on('framereceived', () => frames++));
  await p.evaluate(() => dispatchEvent(new Event('offline')));
  await until(async () => frames > 1);
  assert.equal(await p.locator('#f-title').count(), 1, 'what is being written stays open');
});

test('what is missing is said where it is missing; then it is handed in', async () => {
  const submit = () => p.locator('.abstract-end .primary').click();
  await p.locator('#f-body').fill('x'.repeat(310));
  await p.getByText('10 characters too many (at most 300)').waitFor();
  await submit();
  await p.getByText('The abstract is empty or too long.').waitFor();
  await p.locator('#f-body').fill('We looked, and found something.');
  await p.getByText('Add an author').click();
  await submit();
  await p.getByText('Each author needs a name').waitFor();
  await p.locator('[data-author="1"] input').first().fill('Bo Berg');
  await submit();
  await p.getByText('Choose at least one topic.').waitFor();
  await p.getByLabel('Imaging').check();
  await submit();
  await p.getByText('Without this consent').waitFor();
  await p.getByLabel(/My name and abstract/).check();
  await still(p);
  await shot(p, 'apply-form-360-light', true);
  assert.deepEqual(await axe(p), []);
  await submit();
  await p.locator('.said').getByText('Abstract no. 1 is submitted.').waitFor();
  await shot(p, 'apply-submitted-360-light', true);
  const { abstracts } = await call('abstract.list');
  assert.deepEqual(abstracts.map((a) => [a.number, a.state, a.authors.map((u) => u.name)]), [[1, 'submitted', ['Nina Ny', 'Bo Berg']]]);
});

test('two tabs: the second is told, and decides', async () => {
  second = await p.context().newPage();
  second.setDefaultTimeout(PATIENCE);
  await second.setViewportSize({ width: 1440, height: 900 });
  await second.goto(`${access.base}/e/abstracts/apply`);
  await second.locator('.mine-row').click();
  await p.locator('#f-title').fill('From the first tab');
  await p.getByText('Saved').first().waitFor();
  await until(async () => (await call('abstract.list')).abstracts[0].unsent === true);
  await second.locator('#f-title').fill('From the second tab');
  await second.getByText('This abstract was changed on another page').waitFor();
  await second.getByText('From the first tab').waitFor();
  await still(second);
  await shot(second, 'apply-two-tabs-1440-light', true);
  assert.deepEqual(await axe(second), []);
  await second.getByText('Keep what is here').click();
  await second.getByText(/^Saved/).waitFor();
  await second.locator('.abstract-end .primary').click();
  await second.locator('.said').getByText('Abstract no. 1 is submitted.').waitFor();
  await becomes(async () => (await call('abstract.list')).abstracts[0].title, 'From the second tab');
  await second.close();
});

test('a deadline that moves shuts the page and opens it again; nothing that was typed is lost', async () => {
  await save('2021-02-28 14:00', 1);
  await p.reload();
  await p.getByText('Closed since').waitFor();
  await p.locator('.mine-row').click();
  await p.getByText('The call is closed: nothing can be changed now.').waitFor();
  await shot(p, 'apply-closed-360-light', true);
  await save('2021-03-03 14:00', 2);
  await p.reload();
  await p.getByText(/Wednesday,? 3 March 2021, 14:00 CET/).waitFor();
  await p.locator('.mine-row').click();
  await p.getByText('Withdraw it').click();
  await p.getByRole('button', { name: 'Withdraw', exact: true }).click();
  await p.getByText('The abstract is withdrawn.').waitFor();
  await becomes(async () => (await call('abstract.list')).abstracts[0].state, 'withdrawn');
});

test('the pages had nothing to complain about', () => assert.deepEqual(complaints, []));
