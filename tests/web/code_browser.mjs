// tests/web/code_browser.mjs: one's own entry code: large and readable, on paper, without a network, and gone when it was taken back
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from '../support/client.mjs';
import { access, axe, close, complaints, page, shot, until } from './kit.mjs';

const { tokens, codes } = access;
const desk = await connect(access, 'desk');
after(async () => {
  desk.close();
  await close();
});

const grouped = (code) => code.match(/.{5}/g).join(' ');
const shown = (p) => p.locator('.ticket-code').innerText().then((text) => text.replace(/\s+/g, ' ').trim());

test('from the programme to the code: 21 modules, four groups, words for the telephone', async () => {
  const p = await page('/attend', { token: tokens.attendees[0], width: 360, axe: true });
  await p.getByRole('link', { name: 'My entry code' }).click();
  await p.locator('.ticket-qr').waitFor();
  assert.equal(await shown(p), grouped(codes[0]));
  assert.equal(await p.locator('.ticket-qr').getAttribute('viewBox'), '0 0 29 29', '21 modules and the quiet zone');
  assert.equal(await p.locator('.ticket-name').innerText(), 'Attendee 1');
  const words = await p.locator('.ticket-say li span').allInnerTexts();
  assert.equal(words.length, 4);
  for (const [i, row] of words.entries()) assert.deepEqual(row.split(' · ').map((w) => ({ two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7' })[w] || w[0].toUpperCase()).join(''), codes[0].slice(5 * i, 5 * i + 5));
  assert.deepEqual(await axe(p), []);
  await shot(p, 'code-360-light', true);
  assert.ok(await p.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone');
  // What is scanned is what is written.
  const path = await p.locator('.ticket-qr path').getAttribute('d');
  assert.ok(path.startsWith('M4 4h7v1'), 'the corner of a QR code, without a step aside');
  // On paper: one page, in black.
  const pdf = (await p.pdf({ format: 'A4' })).toString('latin1');
  assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g).length, 1);
  await p.emulateMedia({ media: 'print' });
  await shot(p, 'code-print', true);
  assert.ok(!(await p.getByRole('button', { name: 'Print it' }).isVisible()));
  await p.emulateMedia({ media: 'screen' });
  // A new one from the desk is here without a reload; taken back, it is gone.
  const { person } = (await desk.call('people.find', { text: 'Attendee 1' })).people.filter(({ name }) => name === 'Attendee 1').map(({ id }) => ({ person: id }))[0];
  const issued = await desk.write('entry_code.issue', { person });
  await until(async () => (await shown(p)) === grouped(issued.code));
  await desk.write('entry_code.revoke', { person });
  await p.getByText('This code was taken back').waitFor();
  await shot(p, 'code-revoked-360', true);
  assert.equal(await p.locator('.ticket-qr').count(), 0);
  await p.context().close();
});

test('seen once, it is there without a network; in Danish, in the dark, with a long name', async () => {
  const me = (await desk.call('people.find', { text: 'Attendee 8' })).people.find(({ name }) => name === 'Attendee 8').id;
  const organiser = await connect(access, 'organiser');
  await organiser.write('people.import', { rows: [{ email: 'attendee8@example.org', name: 'Wolfeschlegelsteinhausenbergerdorff-Ærøskøbing-Sørensen, Margrethe Alexandrine Ingeborg' }] });
  organiser.close();
  assert.ok(me);
  const p = await page('/attend#/code', { token: tokens.attendees[7], width: 360, lang: 'da-DK', theme: 'dark', axe: true });
  await p.getByRole('heading', { name: 'Min adgangskode' }).waitFor();
  await p.locator('.ticket-qr').waitFor();
  assert.equal(await shown(p), grouped(codes[7]));
  assert.deepEqual(await axe(p), []);
  await shot(p, 'code-360-dark-da', true);
  await p.setViewportSize({ width: 1440, height: 900 });
  await shot(p, 'code-1440-dark-da', true);
  // The worker has the page's files by then.
  await until(() => p.evaluate(async () => {
    const names = await caches.keys();
    const kept = (await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length))).reduce((a, b) => a + b, 0);
    return !!navigator.serviceWorker.controller && kept > 5;
  }).catch(() => false));
  await p.context().setOffline(true);
  await p.reload();
  await p.locator('.ticket-qr').waitFor();
  assert.equal(await shown(p), grouped(codes[7]));
  await p.context().close();
});

test('a guest is asked to sign in', async () => {
  const p = await page('/attend#/code', { width: 360 });
  await p.getByRole('main').getByText('Sign in to see your entry code.').waitFor();
  await shot(p, 'code-guest-360');
  await p.context().close();
  // What a page without a network says of its socket is no complaint.
  assert.deepEqual(complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED/.test(text)), []);
});
