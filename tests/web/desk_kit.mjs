// tests/web/desk_kit.mjs: what the tests of the desk and of the chair's phone share: a session of several talks, its questions, the database
import { execFileSync } from 'node:child_process';
import { connect, uuid } from '../support/client.mjs';
import { access, page } from './kit.mjs';

const clients = [];
export async function client(who) {
  const c = await connect(access, who);
  clients.push(c);
  return c;
}
export const hangUp = () => clients.forEach((c) => c.close());

/** A session with several talks, and one of a single talk that is about to begin. */
export async function sessions() {
  const m = await client('moderator');
  const s = await m.call('schedule.get', {});
  return { m, block: s.sessions.find((x) => x.talks.length > 2), single: s.sessions.find((x) => x.talks.some((t) => t.id === access.talk)) };
}

let nextAsker = 0;
/** A question of an attendee, each of another one: ten a talk is what one person may ask. */
export async function ask(talk, text) {
  const c = await client(`attendees ${(nextAsker++ % 12) + 4}`);
  const question = uuid();
  await c.persist('qa.ask', { question, talk, text });
  return question;
}

/** One statement by the owner of the demo's database; text without tabs comes back. */
export const sql = (text) => execFileSync('psql', ['-qtAX', '-v', 'ON_ERROR_STOP=1', '-d', access.dsn, '-c', text], { encoding: 'utf8' }).trim();

/** @param {string} hash @param {any} o */
export async function deskPage(hash, o) {
  const p = await page(`/moderate${hash}`, o);
  await p.locator('.columns').waitFor();
  return p;
}

export const item = (p, text) => p.locator('.item', { hasText: text }).first();
