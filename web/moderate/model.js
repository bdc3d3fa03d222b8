// web/moderate/model.js: what the desk knows and is doing: its signals, what it follows, its commands, and taking them back
import { signal } from '../ui/dom.js';
import { t, tn } from '../i18n/index.js';
import { announce, announceMany } from '../ui/live.js';
import { whyOf } from '../ui/chrome.js';
import { session } from '../ui/app.js';
import { effect } from '../ui/dom.js';
import { apply, applySession, emptyDesk, hear, refuse, remember, sessionFrom, settle, tick, undoable } from './state.js';

/** @typedef {import('./state.js').Row} Row @typedef {import('../protocol.js').Connection} Connection */

export const desk = signal(emptyDesk([]));
/** The session's own channel: who is here, settings, messages, chairs. */
export const room = signal(/** @type {import('./state.js').SessionDesk | null} */ (null));
export const selected = signal('');
/** The one that `m` was pressed on first. */
export const marked = signal('');
/** What is being asked about which question: its reason, its new words … */
export const form = signal(/** @type {{kind: string, id: string} | null} */ (null));
export const own = signal(/** @type {import('./state.js').Own[]} */ ([]));
export const conflict = signal(/** @type {{id: string, wanted: string, current: any} | null} */ (null));
export const busy = signal(/** @type {Set<string>} */ (new Set()));
export const error = signal('');

// Leases and messages go by the machine's time, which need not be the conference's.
let real = { at: 0, mark: 0 };
effect(() => {
  const at = Date.parse(session.value?.now || '');
  if (!Number.isNaN(at)) real = { at, mark: performance.now() };
});
export const realTime = () => real.at && real.at + (performance.now() - real.mark);

/** Follows these talks and their session; the desk begins anew. @param {Connection} conn @param {string[]} talks @param {string} of @returns {() => void} */
export function follow(conn, talks, of) {
  desk.value = emptyDesk(talks);
  room.value = null;
  own.value = [];
  conflict.value = form.value = null;
  selected.value = marked.value = error.value = '';
  const stops = talks.flatMap((id) => [
    conn.subscribe(`talk:${id}:mod`, {
      snapshot: (doc) => (desk.value = hear(desk.value, id, doc)),
      event: (type, data) => {
        if (type === 'question.added' && !desk.value.questions.has(data.id)) announceMany('desk-new', (n) => tn('moderate.spoken', n));
        desk.value = apply(desk.value, id, type, data);
      },
      tick: (counts) => (desk.value = tick(desk.value, id, counts)),
      fault: (f) => (desk.value = refuse(desk.value, id, f)),
    }),
    conn.subscribe(`talk:${id}`, {
      event: (type, data) => (type === 'window.changed' || type === 'settings.changed') && (desk.value = apply(desk.value, id, type, data)),
      tick: (counts) => (desk.value = tick(desk.value, id, counts)),
    }),
  ]);
  if (of) {
    stops.push(conn.subscribe(`desk:${of}`, {
      snapshot: (doc) => (room.value = sessionFrom(doc)),
      event: (type, data) => {
        if (!room.value) return;
        if (type === 'backstage.sent') announce(t('desk.message_came'));
        const next = applySession(room.value, type, data);
        if (next) room.value = next;
        else conn.resnapshot(`desk:${of}`);
      },
    }));
  }
  return () => stops.forEach((stop) => stop());
}

/** @param {string} id @param {boolean} on */
function working(id, on) {
  const next = new Set(busy.value);
  if (on) next.add(id);
  else next.delete(id);
  busy.value = next;
}

/** What was pressed on a question while its command before was on its way: the last press. @type {Map<string, () => void>} */
const waits = new Map();

/** Now, or as soon as the command before has been answered; not if that was refused, which must be read first. @param {string} id @param {() => void} then */
export function soon(id, then) {
  if (busy.value.has(id)) waits.set(id, then);
  else then();
}

/** @param {string} id @param {boolean} went */
function answered(id, went) {
  working(id, false);
  const then = waits.get(id);
  waits.delete(id);
  if (went) then?.();
}

/**
 * One command on one question. Null: it was refused, and the desk says why.
 * @param {Connection} conn @param {string} method @param {Row} q @param {any} [more]
 */
async function send(conn, method, q, more = {}) {
  working(q.id, true);
  error.value = '';
  let went = false;
  try {
    const reply = await conn.write(method, { question: q.id, expect_version: q.version, ...more });
    /** @type {any} */
    const change = {};
    for (const name of ['state', 'version']) if (reply[name] !== undefined) change[name] = reply[name];
    if (method === 'qa.edit') change.text = more.text;
    if (method === 'qa.move') change.talk = more.talk;
    if (method === 'qa.merge') change.merged_into = more.into;
    desk.value = settle(desk.value, q.id, change);
    went = true;
    return reply;
  } catch (e) {
    const f = /** @type {any} */ (e);
    if (f.fault === 'conflict' && f.data.current) {
      conflict.value = { id: q.id, wanted: method, current: f.data.current };
      desk.value = settle(desk.value, q.id, f.data.current);
      announce(t('moderate.conflict'));
    } else {
      error.value = whyOf(e);
      announce(error.value);
    }
    return null;
  } finally {
    // After whoever waits for this has taken note of it: what is taken back next must be this.
    setTimeout(() => answered(q.id, went));
  }
}

/** What was done, in a word. @param {string} method */
export const doneWord = (method) => t(`did.${method.replace('.', '_')}`);

/** A command that can be taken back. @param {Connection} conn @param {string} method @param {Row} q @param {any} [more] */
export async function act(conn, method, q, more) {
  const reply = await send(conn, method, q, more);
  if (!reply) return false;
  conflict.value = null;
  if (!reply.noop && method !== 'person.mute') own.value = remember(own.value, { question: q.id, method, at: performance.now() });
  announce(doneWord(method));
  return true;
}

/** @param {Connection} conn @returns {Promise<void>} */
export async function undo(conn) {
  // What is still on its way is the last.
  const under = [...busy.value].at(-1);
  if (under) return soon(under, () => undo(conn));
  const last = undoable(own.value, performance.now());
  const q = last && desk.value.questions.get(last.question);
  if (!last || !q) return;
  own.value = own.value.slice(0, -1);
  if (!(await send(conn, 'qa.undo', q))) return;
  selected.value = q.id;
  announce(t('moderate.undone'));
}

/** A write that is not about a question's state. @param {Connection} conn @param {string} method @param {any} params @returns {Promise<any>} null when refused */
export async function write(conn, method, params) {
  error.value = '';
  try {
    return await conn.write(method, params);
  } catch (e) {
    error.value = whyOf(e);
    announce(error.value);
    return null;
  }
}
