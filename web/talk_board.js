// web/talk_board.js: the board of a session's talks as those who run it and those who speak see it: times, what is on and next, who is missing, presses not yet sent (pure; tested in Node)

/**
 * @typedef {{start: string, end: string}} Span
 * @typedef {{id: string, ord: number, title: string, abstract?: string | null, speaker: {person: string | null, name: string | null}, mode: string,
 *   state: 'waiting' | 'ready' | 'on' | 'paused' | 'done' | 'no_show', planned: Span | null, actual: Span | null, expected: Span | null,
 *   allotted_s: number | null, own_time?: boolean, added_s: number, paused_s: number, paused_at?: string | null, stands_for?: string | null, stood_for?: string | null,
 *   in_building?: boolean, online?: boolean, check?: any, slides?: any[]}} Talk
 * @typedef {{abstract: string, title: string, name: string, person: string | null, rank: number | null, own?: boolean, mode?: string, in_building?: boolean, online?: boolean}} Standby
 * @typedef {{session: string, title: string, slot: any, talks: Talk[], standby?: Standby[], alarm_at?: string | null}} Board
 * @typedef {{method: string, params: any}} Press
 */

/** An event of `board:<session>` or `board:<session>:mod`. Null: it must be read again. @param {Board} b @param {string} type @param {any} data @returns {Board | null} */
export function applyBoard(b, type, data) {
  if (type === 'board.changed') return data.refetch ? null : data;
  if (type === 'board.presence' || type === 'board.switched') {
    const { session, person, ...rest } = data;
    const talks = b.talks.map((x) => (x.speaker.person === person ? { ...x, ...rest } : x));
    return { ...b, talks, standby: b.standby?.map((x) => (x.person === person ? { ...x, ...rest } : x)) };
  }
  return b;
}

/** The board once the kept presses have arrived. @param {Board} b @param {Press[]} presses @returns {Board} */
export function pressedBoard(b, presses) {
  let talks = b.talks;
  const change = (/** @type {string} */ id, /** @type {(x: Talk) => Talk} */ f) => (talks = talks.map((x) => (x.id === id ? f(x) : x)));
  for (const { method, params: p } of presses) {
    const held = talks.find((x) => x.id === p.talk);
    if (method === 'talk.order') {
      const order = new Map(/** @type {string[]} */ (p.talks).map((id, i) => [id, i]));
      const waits = talks.filter((x) => order.has(x.id)).sort((x, y) => (order.get(x.id) || 0) - (order.get(y.id) || 0));
      talks = talks.map((x) => (order.has(x.id) ? /** @type {Talk} */ (waits.shift()) : x));
    } else if (!held) continue;
    else if (method === 'talk.start' && !held.actual) {
      talks = talks.map((x) => (x.state === 'on' || x.state === 'paused' ? halted({ ...x, state: 'done', actual: { start: x.actual?.start || p.at, end: p.at } }, p.at) : x));
      change(p.talk, (x) => ({ ...x, state: 'on', actual: { start: p.at, end: '' } }));
    } else if (method === 'talk.end' && isOn(held)) change(p.talk, (x) => halted({ ...x, state: 'done', actual: { start: x.actual?.start || p.at, end: p.at } }, p.at));
    else if (method === 'talk.pause' && held.state === 'on') change(p.talk, (x) => ({ ...x, state: 'paused', paused_at: p.at }));
    else if (method === 'talk.resume' && held.state === 'paused') change(p.talk, (x) => halted({ ...x, state: 'on' }, p.at));
    else if (method === 'talk.add_time' && p.expect_added === held.added_s) change(p.talk, (x) => ({ ...x, added_s: x.added_s + p.seconds }));
    else if (method === 'talk.ready' && waits(held)) change(p.talk, (x) => ({ ...x, state: p.value ? 'ready' : 'waiting' }));
    else if (method === 'talk.no_show' && !held.actual) change(p.talk, (x) => ({ ...x, state: p.value ? 'no_show' : 'waiting' }));
  }
  return talks === b.talks ? b : { ...b, talks };
}

/** @param {Talk} x @param {string} at @returns {Talk} */
const halted = (x, at) => (x.paused_at ? { ...x, paused_s: x.paused_s + Math.max(0, Math.floor((Date.parse(at) - Date.parse(x.paused_at)) / 1000)), paused_at: null } : x);

/** @param {Talk} x */
export const isOn = (x) => x.state === 'on' || x.state === 'paused';
/** @param {Talk} x */
export const waits = (x) => x.state === 'waiting' || x.state === 'ready';

/** How long a talk has in all: milliseconds. @param {Talk} x */
const length = (x) => Math.max(0, (x.allotted_s || 0) + x.added_s) * 1000;

/** What interposed questions have taken so far. @param {Talk} x @param {number} now */
const pause = (x, now) => x.paused_s * 1000 + (x.paused_at ? Math.max(0, now - Date.parse(x.paused_at)) : 0);

/** As the server reckons them, at this very moment. @param {Board} b @param {number} now @returns {Map<string, {start: number, end: number}>} */
export function timesOf(b, now) {
  const times = new Map();
  if (!b.slot) return times;
  const begun = b.talks.some((x) => x.actual);
  let free = Date.parse(b.slot.started || b.slot.expected_start || b.slot.start);
  for (const x of b.talks) {
    if (x.state === 'no_show') continue;
    const start = x.actual ? Date.parse(x.actual.start) : begun && !b.slot.ended ? Math.max(free, now) : free;
    const end = x.actual?.end ? Date.parse(x.actual.end) : x.actual ? Math.max(now, start + length(x) + pause(x, now)) : start + length(x);
    times.set(x.id, { start, end });
    free = Math.max(free, end);
  }
  return times;
}

/** How a talk that is on stands: what is left of its time, and whether its speaker should be told so: in the last fifth, at most two minutes and at least half of one. @param {Talk} x @param {number} now @returns {{left: number, state: 'on' | 'warn' | 'over' | 'paused'}} */
export function standing(x, now) {
  const left = Date.parse(x.actual?.start || '') + length(x) + pause(x, now) - now;
  if (x.state === 'paused') return { left, state: 'paused' };
  return { left, state: left < 0 ? 'over' : left < Math.min(120000, Math.max(30000, length(x) / 5)) ? 'warn' : 'on' };
}

/** @param {Board} b */
export function boardView(b) {
  const waiting = b.talks.filter(waits);
  return { current: b.talks.find(isOn) || null, next: waiting[0] || null, waiting, run: b.talks.length > 1 || !!b.standby?.length };
}

/** Who is to speak, has a person here, and is neither in the building nor online; from when it is asked. @param {Board} b @param {number} now @returns {Talk[]} */
export function missing(b, now) {
  if (!b.alarm_at || Date.parse(b.alarm_at) > now || b.slot?.ended) return [];
  return b.talks.filter((x) => x.state === 'waiting' && x.speaker.person && !x.stood_for && !x.in_building && !x.online);
}

/** The one who waits a place earlier, or later: what `talk.order` is called with. @param {Board} b @param {string} talk @param {number} step @returns {{talks: string[], was: string[]} | null} */
export function moved(b, talk, step) {
  const was = b.talks.filter(waits).map((x) => x.id);
  const from = was.indexOf(talk);
  if (from < 0 || from + step < 0 || from + step >= was.length) return null;
  const talks = was.filter((id) => id !== talk);
  talks.splice(from + step, 0, talk);
  return { talks, was };
}

/** Whoever stands by and is there before those who are not, else by rank: first in this list is whom one tap puts in. @param {Board} b */
export const offered = (b) => [...(b.standby || [])].sort((x, y) => Number(!(x.in_building || x.online)) - Number(!(y.in_building || y.online)));
