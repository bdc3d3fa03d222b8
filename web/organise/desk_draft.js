// web/organise/desk_draft.js: the day desk's hold on the draft: the rows as they stand, a change with its way back, and its release
import { has } from '../ui/app.js';
import { schedule } from '../ui/schedule.js';
import { squeezed } from '../dayplan.js';
import { draft, roomName, titleOf } from './draft.js';

/** @typedef {import('../dayplan.js').Slot} Slot */
/** @typedef {{slots: Slot[], title: (session: string) => string, room: (id: string) => string}} Rows */
/** @typedef {{slot: string, undo: (conn: import('../protocol.js').Connection, version: number) => Promise<any>, version: number}} Done */

/** The draft for organisers; what is published for the desk. @returns {Rows | null} */
export function rowsOf() {
  const s = schedule.value;
  if (!has('organiser')) return s && { slots: s.slots, title: (id) => s.session.get(id)?.title || '', room: (id) => s.room.get(id)?.name || '' };
  return draft.value && { slots: [...draft.value.slot.values()], title: titleOf, room: roomName };
}

/** Moves rows of the draft one after the other; each knows its way back. @param {import('../protocol.js').Connection} conn @param {Slot[]} slots @param {import('../dayplan.js').Move[]} moves */
export async function move(conn, slots, moves) {
  /** @type {Done[]} */
  const done = [];
  try {
    for (const m of moves) {
      const was = slots.find((x) => x.id === m.slot);
      if (!was) continue;
      const { version } = await conn.write('slot.move', { slot: m.slot, start: m.start, end: m.end, expect_version: was.version });
      done.push({ slot: m.slot, version, undo: (c, v) => c.write('slot.move', { slot: was.id, room: was.room, start: was.start, end: was.end, expect_version: v }) });
    }
  } catch (e) {
    // Half of a change is none.
    await back(conn, done).catch(() => {});
    throw e;
  }
  return done;
}

/** @param {import('../protocol.js').Connection} conn @param {Slot[]} slots of the day @param {Slot} a @param {Slot} b @returns {Promise<Done[]>} */
export async function swap(conn, slots, a, b) {
  const reply = await conn.write('slot.swap', { first: a.id, second: b.id, expect_first: a.version, expect_second: b.version });
  const put = (/** @type {Slot} */ x) => (/** @type {import('../protocol.js').Connection} */ c, /** @type {number} */ v) => c.write('slot.move', { slot: x.id, room: x.room, start: x.start, end: x.end, expect_version: v });
  const done = [{ slot: a.id, version: reply.first.version, undo: put(a) }, { slot: b.id, version: reply.second.version, undo: put(b) }];
  const fit = squeezed(slots, a, b);
  const one = fit && done.find((d) => d.slot === fit.slot);
  if (fit && one) one.version = (await conn.write('slot.move', { ...fit, expect_version: one.version })).version;
  return done;
}

/** @param {import('../protocol.js').Connection} conn @param {Slot} x @param {'slot.cancel' | 'slot.restore'} method @returns {Promise<Done[]>} */
export async function turn(conn, x, method) {
  const { version } = await conn.write(method, { slot: x.id, expect_version: x.version });
  const other = method === 'slot.cancel' ? 'slot.restore' : 'slot.cancel';
  return [{ slot: x.id, version, undo: (c, v) => c.write(other, { slot: x.id, expect_version: v }) }];
}

/** A change made earlier and not yet released, with the way back to what people see. @param {Slot} x @param {Slot | undefined} published @returns {Done[]} */
export function earlier(x, published) {
  return [{ slot: x.id, version: x.version, undo: (c, v) => {
    if (!published || published.state === 'cancelled') return c.write('slot.cancel', { slot: x.id, expect_version: v });
    if (x.state === 'cancelled') return c.write('slot.restore', { slot: x.id, expect_version: v });
    return c.write('slot.move', { slot: x.id, room: published.room, start: published.start, end: published.end, expect_version: v });
  } }];
}

/** The last first. @param {import('../protocol.js').Connection} conn @param {Done[]} done */
export async function back(conn, done) {
  for (const d of [...done].reverse()) await d.undo(conn, d.version);
}
