// tests/web/journey_walk.mjs: the way through a conference as people walk it with a browser: each step on the page that is made for it, by what stands there
import assert from 'node:assert/strict';
import { snapshotKept } from './door_kit.mjs';
import { becomes, page, shot, still, until } from './kit.mjs';

/** @typedef {import('playwright-core').Page} Page */

/** Name and address, and the code that came by mail. @param {Page} p @param {{name: string, email: string}} who @param {(email: string) => Promise<string>} code */
async function signIn(p, { name, email }, code) {
  await p.getByLabel('Name', { exact: true }).fill(name);
  await p.getByLabel('E-mail', { exact: true }).fill(email);
  await p.getByRole('button', { name: 'Send the code' }).click();
  await p.locator('input.code').waitFor();
  await p.locator('input.code').fill(await code(email));
  await p.locator('main').getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Nothing reaches beyond a phone's edge. @param {Page} p */
const fits = async (p) => assert.equal(await p.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, p.url());

/** Whoever is signed in on a page, as a cookie for a socket. @param {Page} p */
const cookieOf = async (p) => (await p.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');

/**
 * Signs in at /apply and leaves a draft there, found again after a reload. Their phone stays theirs from now on.
 * @param {any} here @param {any} who @param {any} content @param {(email: string) => Promise<string>} code
 */
export async function applies(here, who, content, code) {
  const p = await page('/apply', { base: here.base, width: 360 });
  await signIn(p, who, code);
  await p.getByRole('button', { name: 'Write an abstract' }).click();
  await p.locator('#f-title').fill(content.title);
  const author = (/** @type {number} */ n) => p.locator(`[data-author="${n}"]`);
  assert.equal(await author(0).getByLabel('Name').inputValue(), who.name, 'whoever writes is the first author');
  await author(0).getByLabel('Affiliation').fill(who.affiliation);
  await author(0).getByLabel(/^E-mail/).fill(who.email);
  await p.getByRole('button', { name: 'Add an author' }).click();
  await author(1).getByLabel('Name').fill('A Colleague');
  await author(1).getByLabel('Affiliation').fill(who.affiliation);
  await p.getByLabel(content.topic, { exact: true }).check();
  await p.getByLabel('a short talk', { exact: true }).check();
  await p.locator('#f-body').fill(content.body);
  const kept = () => here.sql(`select d.content ->> 'body' from abstract_draft d join abstract a on a.id = d.abstract join person p on p.id = a.person where a.conference = $1 and p.email = '${who.email}'`);
  await becomes(async () => (await kept()).flat().map((x) => String(x).trim()), [content.body.trim()], 'what was typed is kept without a button');
  await p.reload();
  await p.locator('.mine-row', { hasText: content.title }).click();
  await becomes(() => author(1).getByLabel('Name').inputValue(), 'A Colleague');
  await still(p);
  await fits(p);
  await shot(p, 'journey-apply-360-light', true);
  return { phone: p, cookie: await cookieOf(p) };
}

/** Says yes to what is asked and hands in. @param {any} here @param {Page} p @returns {Promise<number>} the number it got */
export async function submits(here, p) {
  await p.goto(`${here.base}/apply`);
  await p.locator('.mine-row').click();
  await p.getByLabel(/^My abstract may be printed/).check();
  await p.getByRole('button', { name: 'Submit', exact: true }).click();
  const said = p.locator('.said', { hasText: /Abstract no\. \d+ is submitted/ });
  await said.waitFor();
  await shot(p, 'journey-submitted-360-light', true);
  return Number((await said.innerText()).match(/\d+/)?.[0]);
}

/** The first that waits for a reviewer, judged on their phone. @param {any} here @param {string} who */
export async function reviews(here, who) {
  const p = await page('/review', { base: here.base, token: here.token[who], width: 360 });
  await p.getByRole('link', { name: /^Next/ }).click();
  await p.locator('.rv-text h2').waitFor();
  assert.equal(await p.locator('.rv-authors').count(), 0, 'blind');
  for (const score of await p.locator('.rv-score').all()) await score.getByLabel('2', { exact: true }).check();
  await p.getByLabel('To the authors').fill('It reads well; say how many patients.');
  await still(p);
  await fits(p);
  await shot(p, 'journey-review-360-light', true);
  await p.getByRole('button', { name: /Finish review/ }).click();
  await p.locator('.rv-progress', { hasText: /^1 of \d+ finished/ }).waitFor();
  await p.context().close();
}

/**
 * The committee takes one more as a talk, declines the rest, looks at whom it writes to and applies all of it, with the programme.
 * @param {any} here @param {{number: number, name: string, email: string}} who @param {string} session @param {number} n decisions in all @param {() => Promise<any>} seen once the dialog shows what will be sent
 */
export async function decides(here, { number, name, email }, session, n, seen) {
  const p = await page('/organise#/selection', { base: here.base, token: here.token.organiser });
  const line = p.locator('.sel-line', { has: p.locator('.sel-n', { hasText: new RegExp(`^${number}$`) }) });
  await p.getByLabel('Number, title, name or institution').fill(name);
  await line.click();
  await p.getByLabel('Why (for the committee and the log)').fill('All of us want to hear this.');
  await p.locator('.sel-sessions button', { hasText: session }).click();
  await line.locator('.sel-marks', { hasText: `Meant: Talk · ${session}` }).waitFor();
  await still(p);
  await shot(p, 'journey-decide-1440-light');
  await p.getByRole('button', { name: /^Decline the other/ }).click();
  await p.getByRole('button', { name: 'Stage them' }).click();
  await p.getByText(`${n} decisions staged`).waitFor();
  await p.getByRole('button', { name: 'Look and apply' }).click();
  const dialog = p.getByRole('dialog');
  await dialog.getByText('Exactly these people get exactly these mails.').waitFor();
  const reader = dialog.locator('.sel-reader', { hasText: email });
  if (!(await reader.isVisible())) await dialog.locator('details', { has: p.locator('.sel-reader', { hasText: email }) }).locator('summary').click();
  await reader.click();
  await dialog.getByText(`The mail to ${name}`, { exact: true }).waitFor();
  await still(p);
  await shot(p, 'journey-preview-1440-light');
  await seen();
  await dialog.getByText('Also show the talks in the programme that people see').click();
  await dialog.getByRole('button', { name: `Apply and send ${n} mails` }).click();
  await dialog.getByText(`${n} decisions hold`).waitFor();
  await shot(p, 'journey-applied-1440-light');
  await p.context().close();
}

/** Follows the link of the mail and says yes, with the form. @param {Page} p @param {string} link @param {string} badge */
export async function answers(p, link, badge) {
  await p.goto(link);
  await p.getByRole('heading', { name: /^A short talk/ }).waitFor();
  await p.getByLabel(/^Name on the badge/).first().fill(badge);
  await p.getByRole('group', { name: 'Nights' }).getByRole('checkbox').nth(1).check();
  await still(p);
  await fits(p);
  await shot(p, 'journey-invited-360-light', true);
  await p.getByRole('button', { name: 'Yes, I take part' }).click();
  await p.getByText('Accepted', { exact: true }).waitFor();
  await p.getByRole('link', { name: 'Your entry code' }).waitFor();
  await p.locator('.facts').getByText('Saturday 1 May').waitFor();
  await shot(p, 'journey-accepted-360-light', true);
}

/** Somebody who has handed in nothing takes part from elsewhere. @param {any} here @param {any} who @param {(email: string) => Promise<string>} code */
export async function registers(here, who, code) {
  const p = await page('/register', { base: here.base, width: 360 });
  await p.getByText('Sunday 2 May 2021').waitFor();
  await signIn(p, who, code);
  await p.getByRole('radio', { name: /^online/ }).check();
  await p.getByLabel(/^Name on the badge/).fill(who.name);
  await still(p);
  await fits(p);
  await shot(p, 'journey-register-360-light', true);
  await p.getByRole('button', { name: 'Register', exact: true }).click();
  await p.getByRole('link', { name: 'To your page' }).click();
  await p.getByRole('heading', { name: who.name }).waitFor();
  await p.getByRole('button', { name: 'Come on site instead' }).waitFor();
  await shot(p, 'journey-online-360-light', true);
  await p.context().close();
}

/** Types the code of the mail at the kiosk. What the screen says is gone after a moment, so it is written down as it comes. @param {any} here @param {string} printed @param {{email: string}} who @returns {Promise<string>} */
export async function enters(here, printed, { email }) {
  const p = await page('/kiosk', { base: here.base, token: here.token.kiosk, width: 1280, height: 800 });
  await p.locator('.door').waitFor();
  // A server that takes longer than a door waits is not waited for: the kiosk says by itself who comes in, once it knows them.
  await snapshotKept(p, 'plenum-door:patient');
  await p.evaluate(() => {
    window['__said'] = [];
    new MutationObserver(() => {
      const v = /** @type {HTMLElement | null} */ (document.querySelector('.verdict'));
      if (v) window['__said'].push(`${v.className}: ${v.innerText.replace(/\s+/g, ' ')}`);
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  const said = async () => (await p.evaluate(() => window['__said'])).find((/** @type {string} */ x) => /\b(tick|bar|cross|question)\b/.test(x));
  await p.getByRole('button', { name: 'Type the code' }).click();
  await p.locator('.code-field').fill(printed);
  await shot(p, 'journey-kiosk-typed-1280-light');
  await p.getByRole('button', { name: /^Check in/ }).click();
  await until(async () => !!(await said()));
  await shot(p, 'journey-kiosk-1280-light');
  const verdict = await said();
  await becomes(() => here.count(`select count(*) from admission a join person p on p.id = a.person where a.conference = $1 and p.email = '${email}'`), 1, 'the server has heard of it');
  await p.context().close();
  return verdict;
}

/** A session of short talks from first to last, by the chair's thumb. @param {any} here @param {string} code of the invitation @param {string[]} names who is to speak, in their order */
export async function chairs(here, code, names) {
  const p = await page(`/chair#${code}`, { base: here.base, width: 360 });
  const big = p.locator('.tb-big');
  for (const [i, name] of names.entries()) {
    const whole = new RegExp(`${name}\\b`);
    await big.filter({ hasText: whole }).click();
    await p.locator('.tb-one.on', { hasText: whole }).waitFor();
    if (i) continue;
    await p.getByRole('button', { name: '+1 min' }).click();
    await p.locator('.tb-one.on', { hasText: '1 min added' }).waitFor();
    await still(p);
    await fits(p);
    await shot(p, 'journey-chair-360-dark', true);
  }
  await big.filter({ hasText: 'End the last talk' }).click();
  await becomes(() => p.locator('.tb-row.done').count(), names.length);
  await until(async () => (await p.evaluate(() => Object.entries(localStorage).filter(([name]) => name.startsWith('plenum-chair-presses')).every(([, kept]) => kept === '[]'))));
  await shot(p, 'journey-chair-done-360-dark', true);
  await p.context().close();
}
