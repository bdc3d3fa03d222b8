// web/dayplan.js: what a press at the day desk does to the draft: a delay pushes what it runs into, a swap changes places (pure; tested in Node)

/** @typedef {{id: string, session: string, room: string, start: string, end: string, state: string, anchor?: boolean, min_s?: number | null, version: number}} Slot */
/** @typedef {{slot: string, start: string, end: string}} Move */

const ms = (/** @type {string} */ at) => Date.parse(at);
const iso = (/** @type {number} */ at) => new Date(at).toISOString();

/**
 * The slot later by so many minutes, and what it runs into in its room pushed along: a break gives way down to its least, an anchor stays.
 * What it cannot push it will overlap, and the preview says so.
 * @param {Slot[]} slots the day's, of any room @param {string} id @param {number} minutes @returns {Move[]}
 */
export function delayed(slots, id, minutes) {
  const first = slots.find((x) => x.id === id);
  if (!first) return [];
  const shift = minutes * 60000;
  /** @type {Move[]} */
  const moves = [{ slot: id, start: iso(ms(first.start) + shift), end: iso(ms(first.end) + shift) }];
  let end = ms(first.end) + shift;
  const after = slots.filter((x) => x.id !== id && x.room === first.room && x.state === 'planned' && ms(x.start) >= ms(first.end)).sort((a, b) => ms(a.start) - ms(b.start));
  for (const x of after) {
    if (ms(x.start) >= end || x.anchor) break;
    const length = ms(x.end) - ms(x.start);
    const least = x.min_s ? Math.min(length, x.min_s * 1000) : length;
    const until = Math.max(ms(x.end), end + least);
    moves.push({ slot: x.id, start: iso(end), end: iso(x.min_s ? until : end + length) });
    end = ms(moves[moves.length - 1].end);
  }
  return moves;
}

/**
 * Two slots that follow each other in one room and are not of one length: where the earlier one begins after the swap, so that both still
 * fit between the same walls. Null: they simply change places.
 * @param {Slot[]} slots @param {Slot} a @param {Slot} b @returns {Move | null}
 */
export function squeezed(slots, a, b) {
  const [first, second] = ms(a.start) < ms(b.start) ? [a, b] : [b, a];
  const length = ms(first.end) - ms(first.start);
  const between = slots.some((x) => x.room === a.room && x.state === 'planned' && ms(x.start) > ms(first.start) && ms(x.start) < ms(second.start));
  if (a.room !== b.room || between || ms(first.end) > ms(second.start) || length === ms(second.end) - ms(second.start)) return null;
  return { slot: first.id, start: iso(ms(second.end) - length), end: second.end };
}

/** What a slot may change places with at a press: the next in its room, else the one before. @param {Slot[]} slots @param {Slot} slot */
export function neighbour(slots, slot) {
  const room = slots.filter((x) => x.room === slot.room && x.id !== slot.id && x.state === 'planned').sort((a, b) => ms(a.start) - ms(b.start));
  return room.find((x) => ms(x.start) > ms(slot.start)) || room[room.length - 1] || null;
}

/** The days that have something, and the one to begin with. @param {{start: string}[]} slots @param {(at: string | number) => string} dayKey @param {number} now */
export function daysOf(slots, dayKey, now) {
  const days = [...new Set(slots.map((x) => dayKey(x.start)))].sort();
  const today = dayKey(now);
  return { days, today: days.find((d) => d >= today) || days[days.length - 1] || today };
}
