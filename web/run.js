// web/run.js: what whoever runs a room sees and presses: what is on, what follows, and the presses not yet sent (pure; tested in Node)
import { begins, ends } from './store.js';

/**
 * @typedef {import('./store.js').Slot & {anchor?: boolean, min_s?: number, added?: number}} Slot
 * @typedef {{key: string, method: 'slot.start' | 'slot.end' | 'slot.add_time' | 'slot.on_time', params: {slot?: string, room?: string, at?: string, seconds?: number}, person: string, made?: number, why?: string, sent?: boolean}} Press
 * @typedef {{room: {id: string, name: string}, slots: Slot[], alarm: {slot: string, deficit_s: number} | null}} Room
 */

/** The snapshot of `room:<id>`. @param {any} doc @returns {Room} */
export const roomFrom = (doc) => ({ room: doc.room, slots: doc.slots || [], alarm: doc.alarm || null });

/** An event of that channel. @param {Room} r @param {string} type @param {any} data @returns {Room} */
export function applyRoom(r, type, data) {
  if (type === 'slot.started' || type === 'slot.ended' || type === 'slot.changed') {
    const known = r.slots.some((x) => x.id === data.id);
    return { ...r, slots: known ? r.slots.map((x) => (x.id === data.id ? data : x)) : [...r.slots, data] };
  }
  if (type === 'expected.changed') {
    const fresh = new Map((data.slots || []).map((/** @type {any} */ x) => [x.slot, x]));
    const slots = r.slots.map((slot) => {
      const e = fresh.get(slot.id);
      if (!e) return slot;
      const { expected_start, expected_end, assumed, unconfirmed, added, ...plan } = slot;
      const { slot: _id, ...rest } = e;
      return { ...plan, ...rest };
    });
    return { ...r, slots, ...('alarm' in data ? { alarm: data.alarm } : {}) };
  }
  if (type === 'schedule.alarm') return { ...r, alarm: data.alarm };
  return r;
}

const at = (/** @type {string} */ instant) => Date.parse(instant);

/** What the plan says at that moment. @param {Slot} slot @param {number} clock @returns {Slot} */
function onPlan(slot, clock) {
  if (slot.state === 'cancelled' || [slot.started, slot.ended].some((x) => x && at(x) > clock)) return slot;
  const { expected_start, expected_end, assumed, unconfirmed, added, ...plan } = slot;
  if (at(slot.end) <= clock) return slot.started ? { ...plan, state: 'ended', ended: slot.ended || slot.end } : plan;
  if (at(slot.start) > clock || slot.ended) return slot.ended ? slot : { ...plan, state: 'planned', started: undefined };
  return { ...plan, state: 'running', started: slot.start };
}

/** The room as it is once the kept presses have arrived. @param {Slot[]} slots @param {Press[]} presses @returns {Slot[]} */
export function pressed(slots, presses) {
  return presses.filter((p) => !p.why).reduce((rows, { method, params }) => rows.map((slot) => {
    if (method === 'slot.on_time') return onPlan(slot, at(params.at || ''));
    if (method === 'slot.start' && slot.id !== params.slot) return slot.state === 'running' ? { ...slot, state: 'ended', ended: params.at } : slot;
    if (slot.id !== params.slot) return slot;
    if (method === 'slot.start') {
      const { assumed, ...rest } = slot;
      const length = at(ends(slot)) - at(begins(slot));
      return { ...rest, state: 'running', started: params.at, expected_start: params.at, expected_end: new Date(at(params.at || '') + length).toISOString() };
    }
    if (method === 'slot.end') return { ...slot, state: 'ended', ended: params.at };
    return { ...slot, expected_end: new Date(at(ends(slot)) + (params.seconds || 0) * 1000).toISOString() };
  }), slots);
}

/** How long before its time a slot may be offered as the next press. */
const SOON = 2 * 60000;

/**
 * What is on, what follows, and what the one big button does. Where nobody pressed, the clock says what is on.
 * @param {Slot[]} slots @param {number} now
 * @returns {{current: Slot | null, following: Slot[], action: 'start' | 'end' | 'next' | 'none'}}
 */
export function runOf(slots, now) {
  const live = slots.filter((x) => x.state !== 'cancelled').sort((a, b) => at(begins(a)) - at(begins(b)));
  const running = live.filter((x) => x.state === 'running');
  const assumed = live.filter((x) => x.state === 'planned' && (x.assumed || at(begins(x)) + 3 * 60000 <= now) && at(ends(x)) > now);
  const current = running[running.length - 1] || assumed[assumed.length - 1] || null;
  const following = live.filter((x) => x.state === 'planned' && x !== current && at(ends(x)) > now && (!current || at(begins(x)) >= at(begins(current))));
  const next = following[0];
  if (!current) return { current, following, action: next ? 'start' : 'none' };
  return { current, following, action: next && at(begins(next)) - SOON <= now ? 'next' : 'end' };
}

/** 12:05, or 1:02:05 for long ones; what is over has its own sign. @param {number} ms */
export function countdown(ms) {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return `${h ? `${h}:${two(Math.floor(s / 60) % 60)}` : Math.floor(s / 60)}:${two(s % 60)}`;
}
