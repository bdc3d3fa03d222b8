// tests/web/organise_kit.mjs: what the tests of the organiser's table share: conferences of their own with an organiser, rooms and sessions
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { access, page } from './kit.mjs';

const run = promisify(execFile);
export const plenum = async (...args) => (await run(path.join(process.env.PLENUM_BIN, 'plenum'), [...args, '--dsn', access.app_dsn])).stdout.trim();

/** A conference of its own, empty, and an organiser of it. */
export async function conference(slug, more = []) {
  await plenum('conference', 'create', slug, '--title', `Conference ${slug}`, '--zone', 'Europe/Copenhagen', '--starts', '2021-05-02', '--ends', '2021-05-03', ...more);
  const out = await plenum('token', '--role', 'organiser', '--email', `${slug}@example.org`, '--name', `Organiser ${slug}`, '--into', slug, '--json');
  const token = JSON.parse(out).token;
  const call = async (method, params) => {
    const reply = await fetch(`${access.base}/rpc`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
    const json = await reply.json();
    if (json.error) throw Object.assign(new Error(json.error.data?.fault), { data: json.error.data });
    return json.result;
  };
  const write = (method, params) => call(method, { ...params, key: crypto.randomUUID() });
  const open = (at, o = {}) => page(`/e/${slug}/organise${at}`, { token, ...o });
  return { slug, token, call, write, open };
}

/** Two rooms and sessions A, B, C of an hour each from nine, one after the other in the first room. */
export async function small(slug) {
  const c = await conference(slug);
  const id = () => crypto.randomUUID();
  const [hall, lab] = [id(), id()];
  await c.write('room.save', { room: hall, name: 'Hall' });
  await c.write('room.save', { room: lab, name: 'Lab' });
  const speaker = id();
  await c.write('speaker.save', { speaker, name: 'Ida Ærø' });
  const sessions = {};
  const slots = {};
  for (const [i, title] of ['Alpha', 'Beta', 'Gamma'].entries()) {
    sessions[title] = id();
    await c.write('session.save', { session: sessions[title], title, talks: [{ title, speakers: i < 2 ? [speaker] : [] }] });
    slots[title] = (await c.write('slot.create', { session: sessions[title], room: hall, start: `2021-05-02T${String(9 + i).padStart(2, '0')}:00`, end: `2021-05-02T${10 + i}:00` })).slot;
  }
  const slot = async (title) => (await c.call('draft.get', {})).slots.find((s) => s.id === slots[title]);
  return { ...c, hall, lab, speaker, sessions, slots, slot };
}

export const block = (p, title) => p.locator('.block', { hasText: title }).locator('button');
export const saved = (p) => p.locator('.tt-said', { hasText: 'Saved' });

/**
 * Several steps by keyboard in one go: between two real keys a loaded machine may let so much time pass that they are two writes.
 * The first is a real key elsewhere. @param {import('playwright-core').Page} p @param {string[]} names `Shift+ArrowUp`
 */
export const steps = (p, ...names) => p.evaluate((all) => {
  for (const name of all) {
    const key = name.replace('Shift+', '');
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey: name !== key, bubbles: true, cancelable: true }));
  }
}, names);
/** @param {string} key @param {number} n */
export const times = (key, n) => Array.from({ length: n }, () => key);
