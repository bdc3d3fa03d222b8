// tests/web/signin_browser.mjs: signing in as people do: a code by mail into the page, the cookie outlives a reload, signing out ends it; each conference has its own
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { close, complaints, mailedCode, page, shot, until } from './kit.mjs';

after(close);

test('a code by mail signs in; a reload keeps it; signing out ends it', async () => {
  const address = 'attendee30@example.org';
  const p = await page('/attend', { width: 360 });
  const since = Date.now();
  await p.locator('.bar').getByText('Sign in').click();
  await p.locator('dialog[open] input[type=email]').fill(address);
  await p.locator('dialog[open] button[type=submit]').click();
  await p.locator('dialog[open] input.code').waitFor();
  await p.locator('dialog[open] input.code').fill(await mailedCode(address, since));
  await shot(p, 'signin-code-360-light');
  await p.locator('dialog[open] button[type=submit]').click();
  await p.locator('.bar').getByText('Sign out').waitFor();
  const cookies = await p.context().cookies();
  const cookie = cookies.find((c) => c.name === '__Host-plenum-favrholm');
  assert.ok(cookie, JSON.stringify(cookies));
  assert.ok(cookie.httpOnly && cookie.secure && cookie.sameSite === 'Lax');
  await p.reload();
  await p.locator('.bar').getByText('Sign out').waitFor();
  await p.locator('.bar').getByText('Sign out').click();
  await p.locator('.bar').getByText('Sign in').waitFor();
  await until(async () => !(await p.context().cookies()).some((c) => c.name === '__Host-plenum-favrholm'));
  await p.reload();
  await p.locator('.bar').getByText('Sign in').waitFor();
  await p.context().close();
});

test('a wrong code is refused in words', async () => {
  const p = await page('/attend', { width: 360 });
  await p.locator('.bar').getByText('Sign in').click();
  await p.locator('dialog[open] input[type=email]').fill('attendee31@example.org');
  await p.locator('dialog[open] button[type=submit]').click();
  await p.locator('dialog[open] input.code').fill('000000');
  await p.locator('dialog[open] button[type=submit]').click();
  await until(async () => (await p.locator('dialog[open] .error').innerText()).length > 5);
  await p.context().close();
});

test('the pages had nothing to complain about', () => {
  // The refused code is a 400 by design.
  assert.deepEqual(complaints.filter((c) => !/status of 400/.test(c)), []);
});
