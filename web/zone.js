// web/zone.js: wall-clock times from the offsets the server gives (pure; the browser's own zone data is never asked)

/**
 * @typedef {{from: string, seconds: number, name: string}} Offset an offset and from when on it is in force
 * @typedef {{at: number, seconds: number, name: string}[]} Zone ready for looking things up, oldest first
 */

const HOUR = 3600000;
export const DAY = 24 * HOUR;
/** A conference's day ends when the last people leave the bar. */
const DAY_BEGINS = 4 * HOUR;

/** @param {Offset[] | null | undefined} offsets @returns {Zone} */
export const zoneFrom = (offsets) =>
  (offsets || []).map((o) => ({ at: Date.parse(o.from), seconds: o.seconds, name: o.name })).filter((o) => !Number.isNaN(o.at)).sort((a, b) => a.at - b.at);

/** What a newer answer says replaces the older one's for the same span; what lies outside stays. @param {Zone} old @param {Zone} fresh @returns {Zone} */
export function mergeZone(old, fresh) {
  if (!fresh.length) return old;
  const [first, last] = [fresh[0].at, fresh[fresh.length - 1].at];
  return [...old.filter((o) => o.at < first || o.at > last), ...fresh].sort((a, b) => a.at - b.at);
}

/** The offset in force; before the first known one, the first. @param {Zone} zone @param {number} ms */
export function offsetAt(zone, ms) {
  let found = zone[0];
  for (const o of zone) if (o.at <= ms) found = o;
  return found;
}

/** What the clock on the wall shows, as milliseconds to be read in UTC; NaN where the zone is not known. @param {Zone} zone @param {number} ms */
export const wall = (zone, ms) => (zone.length ? ms + offsetAt(zone, ms).seconds * 1000 : NaN);

/** 09:30. @param {number} at as `wall` gives it */
export const wallClock = (at) => (Number.isNaN(at) ? '' : new Date(at).toISOString().slice(11, 16));
/** 2021-05-02: the calendar's date. @param {number} at */
export const wallDate = (at) => (Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10));
/** The programme's day: what begins at 01:30 belongs to the evening before. @param {number} at */
export const wallDay = (at) => wallDate(at - DAY_BEGINS);

/** Something that runs over days: a hackathon, a call. It is said, but fills no day. @param {{start: string, end: string}} slot */
export const isLong = (slot) => Date.parse(slot.end) - Date.parse(slot.start) >= DAY;

/** Another zone's distance in words a person uses: +6 h, −3:30 h, or '' when the clocks agree. @param {number} seconds theirs minus ours */
export function distance(seconds) {
  if (!seconds) return '';
  const m = Math.round(Math.abs(seconds) / 60);
  return `${seconds < 0 ? '−' : '+'}${Math.floor(m / 60)}${m % 60 ? `:${String(m % 60).padStart(2, '0')}` : ''} h`;
}
