// web/personal.js: one person's programme: what clashes in it; and which notices are worth showing (pure; tested in Node)
import { begins, ends } from './store.js';
import { isLong } from './zone.js';

/** @typedef {import('./store.js').Slot} Slot */
/** @typedef {{id: string, audience: string, room?: string, urgency: 'info' | 'important' | 'urgent', until?: string | null, text: Record<string, string>, version: number, at: string}} Notice */

/**
 * Which starred slots are at the same time in different places, by slot. What runs for days clashes with nothing.
 * @param {Slot[]} slots @param {ReadonlySet<string>} stars sessions @returns {Map<string, Slot[]>}
 */
export function conflicts(slots, stars) {
  /** @type {Map<string, Slot[]>} */
  const out = new Map();
  const own = slots.filter((x) => stars.has(x.session) && x.state !== 'cancelled' && x.state !== 'ended' && !isLong(x))
    .map((slot) => ({ slot, from: Date.parse(begins(slot)), to: Date.parse(ends(slot)) }))
    .sort((a, b) => a.from - b.from);
  own.forEach((a, i) => {
    for (let j = i + 1; j < own.length && own[j].from < a.to; j++) {
      const b = own[j];
      if (a.slot.room === b.slot.room || a.slot.session === b.slot.session) continue;
      out.set(a.slot.id, [...(out.get(a.slot.id) || []), b.slot]);
      out.set(b.slot.id, [...(out.get(b.slot.id) || []), a.slot]);
    }
  });
  return out;
}

const RANK = { urgent: 0, important: 1, info: 2 };

/** A notice's name with its version: an edited one is worth reading again. @param {Notice} n */
export const noticeKey = (n) => `${n.id}:${n.version}`;

/**
 * The notices to show now: the most urgent first, then the newest.
 * @param {Iterable<Notice>} notices @param {number} now the conference's clock @param {ReadonlySet<string>} read
 */
export const currentNotices = (notices, now, read) =>
  [...notices].filter((n) => !(n.until && Date.parse(n.until) <= now) && !read.has(noticeKey(n))).sort((a, b) => RANK[a.urgency] - RANK[b.urgency] || (a.at < b.at ? 1 : -1));

/**
 * The notices of one channel, by id. @param {ReadonlyMap<string, Notice>} all @param {string} type @param {any} data @returns {ReadonlyMap<string, Notice>}
 */
export function applyNotice(all, type, data) {
  const next = new Map(all);
  if (type === 'notice.withdrawn') next.delete(data.id || data.notice);
  else if (type === 'notice.published' || type === 'notice.edited') {
    const old = all.get(data.id);
    if (old && data.version < old.version) return all;
    next.set(data.id, data);
  } else return all;
  return next;
}
