// tests/web/hall_kit.mjs: a hall of its own for a test: a room, a block of short talks with speakers, begun a moment ago; and what people do on its pages
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { access } from './kit.mjs';
import { post } from '../support/client.mjs';

const { tokens } = access;

export async function call(token, method, params = {}) {
  const { body } = await post(access, method, params, { token });
  if (body.error) throw Object.assign(new Error(`${method}: ${JSON.stringify(body.error)}`), { fault: body.error.data?.fault });
  return body.result;
}
export const write = (token, method, params) => call(token, method, { ...params, key: randomUUID() });
/** The fault of a call that must not work. */
export const refusal = (promise) => promise.then(() => 'none', (e) => e.fault || String(e));
export const clock = async () => Date.parse((await call(tokens.organiser, 'now.get')).time);
export const iso = (ms) => new Date(ms).toISOString();

/**
 * A block of `n` talks that began `ago` ms ago in a room of its own, the first talk running; `speaker`: the person who holds the first.
 * @param {{n?: number, title?: string, ago?: number, minutes?: number, speaker?: string, names?: string[]}} [o]
 */
export async function block({ n = 6, title = 'Six short talks', ago = 600000, minutes = 90, speaker, names = [] } = {}) {
  const me = tokens.organiser;
  const [room, session, first] = [randomUUID(), randomUUID(), randomUUID()];
  const name = `${title} hall ${room.slice(0, 4)}`;
  await write(me, 'room.save', { room, name });
  await write(me, 'speaker.save', { speaker: first, name: `Ada of ${room.slice(0, 4)}`, ...(speaker ? { person: speaker } : {}) });
  await write(me, 'session.save', { session, title, talks: Array.from({ length: n }, (_, i) => ({ title: names[i] || `Talk ${i + 1} of ${room.slice(0, 4)}`, speakers: i ? [] : [first] })) });
  const start = Math.floor((await clock()) / 1000) * 1000 - ago;
  const { slot } = await write(me, 'slot.create', { session, room, start: iso(start), end: iso(start + minutes * 60000) });
  await write(me, 'release.publish', { slots: [slot], quiet: true, note: title });
  await write(me, 'slot.start', { slot, at: iso(start) });
  const talks = (await call(me, 'schedule.get')).sessions.find((s) => s.id === session).talks;
  await write(me, 'talk.start', { talk: talks[0].id, at: iso(start + 1000) });
  return { room, session, slot, name, title, talks, start };
}

/** A question, asked and let through. */
export async function asked(asker, talk, text, more = {}) {
  const question = randomUUID();
  const reply = await call(asker, 'qa.ask', { question, talk, text, ...more });
  return { question, version: reply.version };
}
export async function approved(asker, talk, text, more) {
  const q = await asked(asker, talk, text, more);
  const reply = await write(tokens.moderator, 'qa.approve', { question: q.question, expect_version: q.version });
  return { question: q.question, version: reply.version };
}

/**
 * More approved questions than a few people may ask, straight into the database, with votes as they would have been counted.
 * @param {string} talk @param {number} n @param {string} [words]
 */
export async function crowd(talk, n, words = 'Question') {
  const text = `
    with made as (
      insert into question (id, conference, talk, person, text, state, asked_at, first_visible_at)
      select gen_random_uuid(), t.conference, t.id, p.id, '${words} ' || i || ' of many: what follows from it for those who were not asked?', 'approved', now(), now()
      from generate_series(1, ${n}) i, talk t, lateral (select x.id from person x where x.conference = t.conference order by x.id limit 1) p
      where t.id = '${talk}' returning id, conference, talk, text)
    insert into tally (channel, key, value)
    select c.id, m.id::text, 1 + abs(hashtext(m.text)) % 40 from made m join channel c on c.conference = m.conference and c.name = 'talk:' || m.talk`;
  await sql(text);
}

/** One statement by the owner of the demo's database. @param {string} text */
export const sql = (text) => promisify(execFile)('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', process.env.PLENUM_TEST_OWNER_DSN, '-c', text]);

/** Nobody has asked within the last minute. */
export const calm = () => sql(`update question set created = created - interval '50 seconds' where created > now() - interval '50 seconds'`);

/** A question in an attendee's list; one of their own; one at the desk. @param {import('playwright-core').Page | import('playwright-core').Locator} p @param {string} text */
export const row = (p, text) => p.locator('.question', { hasText: text });
export const own = (p, text) => p.locator('.own li', { hasText: text });
export const item = (p, where, text) => p.locator(`.${where} .item`, { hasText: text });

export async function say(p, text) {
  await p.locator('#ask-text').fill(text);
  await p.locator('.ask button[type=submit]').click();
}

/** On the desk, as a moderator's hands do it: choose the question, press its key. */
export async function press(p, where, text, key) {
  await item(p, where, text).locator('.item-text').click();
  await p.keyboard.press(key);
}
