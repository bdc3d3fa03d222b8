// web/organise/move.js: slots on their way: shown at their new place at once, written a moment later, taken back when refused
import { signal } from '../ui/dom.js';
import { whyOf } from '../ui/chrome.js';
import { t } from '../i18n/index.js';
import { clock } from '../ui/clock.js';
import { draft, titleOf, roomName } from './draft.js';

/** @typedef {{room: string, start: string, end: string, state: 'drag' | 'waiting' | 'sent', version: number, from?: {room: string, start: string, end: string}}} Move `from`: where it stood before the first step */

/** What is not the draft yet, by slot. */
export const moves = signal(/** @type {Map<string, Move>} */ (new Map()));
/** The last thing that happened to a slot: said aloud, and taken back with one press. */
export const last = signal(/** @type {{text: string, undo?: {slot: string, room: string, start: string, end: string}, bad?: boolean} | null} */ (null));
/** A slot somebody else moved while we did: its form shows both. */
export const clash = signal(/** @type {{slot: string, mine: Move, base: any, theirs: any} | null} */ (null));

/** @type {Map<string, ReturnType<typeof setTimeout>>} */
const timers = new Map();

/** @param {string} slot @param {Move | null} move */
function set(slot, move) {
  const next = new Map(moves.value);
  if (move) next.set(slot, move);
  else next.delete(slot);
  moves.value = next;
}

/** The slot where it is shown. @param {import('./plan.js').Slot} slot @returns {import('./plan.js').Slot & {moving?: string}} */
export function shown(slot) {
  const m = moves.value.get(slot.id);
  if (!m) return slot;
  if (m.state === 'sent' && slot.version > m.version) return slot;
  return { ...slot, room: m.room, start: m.start, end: m.end, moving: m.state };
}

/** @param {{session: string, room: string, start: string, end: string}} s */
export const where = (s) => `${titleOf(s.session)}: ${clock(s.start)}–${clock(s.end)}, ${roomName(s.room)}`;

/** While a finger is on it. @param {import('./plan.js').Slot} slot @param {{room: string, start: string, end: string} | null} to null: let go, nothing happens */
export function drag(slot, to) {
  set(slot.id, to ? { ...to, state: 'drag', version: slot.version } : null);
}

/** Writes under way, and the version each slot got by our own last one: the draft hears of it a moment later than we do. */
const busy = new Set();
/** @type {Map<string, number>} */
const own = new Map();
const versionOf = (/** @type {import('./plan.js').Slot} */ slot) => Math.max(slot.version, own.get(slot.id) || 0);

/**
 * To another place: several steps in a row are one write.
 * @param {import('../protocol.js').Connection} conn @param {import('./plan.js').Slot} slot as the draft has it @param {{room: string, start: string, end: string}} to
 */
export function move(conn, slot, to, wait = 0) {
  const before = moves.value.get(slot.id);
  // What somebody else does after the first step is their change and not ours: the version is that of the first.
  const from = before?.from || { room: slot.room, start: slot.start, end: slot.end };
  set(slot.id, { ...to, state: 'waiting', version: before?.state === 'waiting' ? before.version : versionOf(slot), from });
  last.value = { text: where({ ...slot, ...to }) };
  later(conn, slot.id, wait);
}

/** @param {import('../protocol.js').Connection} conn @param {string} id */
function later(conn, id, wait = 0) {
  clearTimeout(timers.get(id));
  timers.set(id, setTimeout(() => send(conn, id), wait));
}

/** @param {import('../protocol.js').Connection} conn @param {string} id */
async function send(conn, id) {
  const m = moves.value.get(id);
  const slot = draft.value?.slot.get(id);
  if (!m || m.state !== 'waiting') return;
  if (!slot || (slot.version >= m.version && slot.room === m.room && slot.start === m.start && slot.end === m.end)) return set(id, null);
  if (busy.has(id)) return later(conn, id, 80);
  const version = own.get(id) === m.version + 1 ? m.version + 1 : m.version;
  busy.add(id);
  set(id, { ...m, state: 'sent', version });
  try {
    const reply = await conn.write('slot.move', { slot: id, room: m.room, start: m.start, end: m.end, expect_version: version });
    own.set(id, reply.version);
    if (moves.value.get(id)?.state !== 'waiting') last.value = { text: t('timetable.moved', { what: where({ ...slot, ...m }) }), undo: { slot: id, ...(m.from || slot) } };
    settle(id, reply.version);
  } catch (e) {
    const x = /** @type {any} */ (e);
    if (x?.fault === 'conflict' && x.data?.current) clash.value = { slot: id, mine: m, base: slot, theirs: x.data.current };
    last.value = { text: `${titleOf(slot.session)}: ${whyOf(x)}`, bad: true };
    clearTimeout(timers.get(id));
    set(id, null);
  }
  busy.delete(id);
}

/** The event may be later than the reply: the slot stays where it was put until the draft says so itself. @param {string} id @param {number} version */
function settle(id, version, left = 60) {
  if (moves.value.get(id)?.state !== 'sent') return;
  const now = draft.value?.slot.get(id);
  if (!now || now.version >= version || !left) set(id, null);
  else setTimeout(() => settle(id, version, left - 1), 50);
}

/** @param {import('../protocol.js').Connection} conn */
export function undo(conn) {
  const u = last.value?.undo;
  const slot = u && draft.value?.slot.get(u.slot);
  if (u && slot) move(conn, slot, { room: u.room, start: u.start, end: u.end });
}
