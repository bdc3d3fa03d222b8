// web/attend/kept.js: what this phone keeps: the programme and the person for a page without network, and what was written, until it is sent
import { openDB } from 'idb';
import { signal, effect, computed } from '../ui/dom.js';
import { slug, session, status, known, mine, mineRead, person, lastHeard } from '../ui/app.js';
import { schedule, scheduleRead, showKept } from '../ui/schedule.js';
import { conferenceTime, setClock } from '../ui/clock.js';
import { scheduleDoc, personDoc, personFrom } from '../store.js';
import { withEntry, sendable, verdict, starsWith } from '../outbox.js';

/** @typedef {import('../outbox.js').Kept} Kept */

/** Null in a browser that keeps nothing: then things last as long as the page. */
const base = openDB('plenum-attend', 1, {
  upgrade(db) {
    db.createObjectStore('outbox', { keyPath: 'id' });
    db.createObjectStore('doc');
  },
}).catch(() => null);

/** Taken off a moment ago, where that would take the line away from under the finger: until when it stays, by session. */
export const takenOff = signal(/** @type {Map<string, number>} */ (new Map()));
const STAYS = 10000;

/** @param {string} session @param {boolean} stays false: starred again, or the reader went elsewhere */
export function lingers(session, stays) {
  const next = new Map(takenOff.value);
  if (stays) next.set(session, performance.now() + STAYS);
  else next.delete(session);
  takenOff.value = next;
  if (stays) setTimeout(() => leave(session), STAYS);
}

/** Not while somebody is on it, by finger or by keyboard: then a little later. @param {string} session */
function leave(session) {
  const until = takenOff.value.get(session);
  if (until === undefined) return;
  const left = until - performance.now();
  const busy = [...document.querySelectorAll('[data-taken-off]')].some((el) => el.getAttribute('data-taken-off') === session && el.matches(':hover, :focus-within'));
  if (left > 20 || busy) setTimeout(() => leave(session), Math.max(left, 1000));
  else lingers(session, false);
}

/** What is on its way, of everybody who used this browser. */
export const entries = signal(/** @type {Kept[]} */ ([]));
/** What this person wrote here and nobody has acknowledged. */
export const own = computed(() => entries.value.filter((e) => e.slug === slug && e.person === person.value?.id));
/** The stars as the reader set them, safe or not. */
export const stars = computed(() => starsWith(mine.value.stars, own.value));

/** @type {Map<string, {resolve: (v: any) => void, reject: (e: any) => void}>} */
const waiting = new Map();
/** @type {import('../protocol.js').Connection | null} */
let line = null;
let order = 0;
let sending = false;

/** Real time, which the programme never uses: how far the conference's clock is from it survives the page. */
const realTime = () => performance.timeOrigin + performance.now();

/**
 * Written down first, then sent as soon as there is a connection; the promise is the server's answer, whenever it comes.
 * @param {{id: string, target: string, method: Kept['method'], params: any, talk?: string}} what @returns {Promise<any>}
 */
export async function keep(what) {
  const entry = /** @type {Kept} */ ({ ...what, person: person.value?.id || '', slug, order: (order = Math.max(order + 1, realTime())) });
  const replaced = entries.value.filter((e) => e.target === entry.target && e.id !== entry.id);
  const answer = new Promise((resolve, reject) => waiting.set(entry.id, { resolve, reject }));
  entries.value = withEntry(entries.value, entry);
  const db = await base;
  if (db) {
    const tx = db.transaction('outbox', 'readwrite', { durability: 'strict' });
    for (const e of replaced) tx.store.delete(e.id);
    tx.store.put(entry);
    await tx.done.catch(() => {});
  }
  send();
  return answer;
}

/** @param {Kept} entry */
export async function forget(entry) {
  // One that took its place in the meantime under the same id stays.
  const now = entries.value.find((e) => e.id === entry.id);
  if (now && now.order !== entry.order) return;
  entries.value = entries.value.filter((e) => e.id !== entry.id);
  await (await base)?.delete('outbox', entry.id).catch(() => {});
}

/** @param {Kept} entry @param {string} why */
async function refuse(entry, why) {
  // A question is somebody's words: it stays to be read and copied. A star or a vote falls back.
  if (entry.method !== 'qa.ask') return forget(entry);
  const refused = { ...entry, why };
  entries.value = entries.value.map((e) => (e.id === entry.id ? refused : e));
  await (await base)?.put('outbox', refused).catch(() => {});
}

/** One after the other, so that the last word on a thing is also the last to arrive. */
async function send() {
  if (sending || !line) return;
  sending = true;
  try {
    for (;;) {
      const who = session.value?.person?.id;
      const [entry] = who && status.value.state === 'open' ? sendable(entries.value, who, slug) : [];
      if (!entry) return;
      const end = waiting.get(entry.id);
      try {
        const reply = await line.call(entry.method, entry.params);
        // The page may show it before the entry goes, never neither.
        end?.resolve(reply);
        await Promise.resolve();
        await forget(entry);
      } catch (e) {
        const fault = /** @type {any} */ (e);
        if (verdict(fault.fault, fault.data) === 'again') {
          setTimeout(send, fault.data?.retry_after_ms || 5000);
          return;
        }
        await refuse(entry, fault.fault);
        end?.reject(e);
      }
      if (waiting.get(entry.id) === end) waiting.delete(entry.id);
    }
  } finally {
    sending = false;
  }
}

/** @param {string} key @param {any} value */
const put = async (key, value) => (await base)?.put('doc', value, `${key}:${slug}`).catch(() => {});
/** @param {string} key @returns {Promise<any>} */
const get = async (key) => (await base)?.get('doc', `${key}:${slug}`).catch(() => null);

/** One's own entry code: on this phone, for its owner, until they sign out. @param {string} id the person */
export const keptCode = async (id) => {
  const kept = await get('code');
  return kept?.person === id ? kept.doc : null;
};
/** @param {string} id @param {any} doc */
export const keepCode = (id, doc) => put('code', { person: id, doc });

/** What was kept, where the server has not answered yet. */
async function restore() {
  const db = await base;
  const [left, programme, me] = await Promise.all([db?.getAll('outbox').catch(() => []), get('programme'), get('person')]);
  if (left?.length) entries.value = [...left.filter((/** @type {Kept} */ e) => !entries.value.some((x) => x.target === e.target)), ...entries.value];
  if (!session.value && me) {
    known.value = me.who;
    mine.value = personFrom(me.doc);
  }
  if (!schedule.value && programme) {
    // The clock runs on without anybody: people look at a phone to know what is on now.
    if (!session.value) setClock(new Date(realTime() + programme.ahead).toISOString());
    if (status.value.state !== 'open') lastHeard.value = programme.at;
    showKept(programme.doc);
  }
  send();
}

/** Writes a document down a moment after it last changed. @param {string} key @param {() => any} make null: nothing to keep now */
function keepDoc(key, make) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  effect(() => {
    const value = make();
    if (!value) return;
    clearTimeout(timer);
    timer = setTimeout(() => put(key, value()), 600);
  });
}

/** @param {import('../protocol.js').Connection} conn */
export function startKeeping(conn) {
  line = conn;
  const read = restore();
  effect(() => {
    if (status.value.state === 'open' && session.value) read.then(send);
  });
  keepDoc('programme', () => {
    const s = schedule.value;
    if (!s || !scheduleRead.value || status.value.state !== 'open') return null;
    return () => ({ doc: scheduleDoc(s), at: conferenceTime(), ahead: conferenceTime() - realTime() });
  });
  keepDoc('person', () => {
    const me = session.value?.person;
    const doc = mine.value;
    if (!me || !mineRead.value) return null;
    return () => ({ who: { id: me.id, name: me.name }, doc: personDoc(doc) });
  });
  effect(() => {
    if (!session.value) return;
    known.value = session.value.person;
    // Signed out: the next reader of this phone is nobody's.
    if (!session.value.person) base.then((db) => ['person', 'code'].forEach((key) => db?.delete('doc', `${key}:${slug}`).catch(() => {})));
  });
}
