// web/organise/zone.js: days and hours of the conference's zone for drawing (pure; tested in Node). What people type is resolved by the server, never here

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();
/** @type {Map<string, string>} */
const known = new Map();

/** What the clocks of a zone show, as 2021-05-02T09:30. @param {number | string} instant @param {string} zone */
export function wall(instant, zone) {
  const ms = typeof instant === 'number' ? instant : Date.parse(instant);
  const key = `${zone} ${ms}`;
  let text = known.get(key);
  if (text !== undefined) return text;
  let f = formats.get(zone);
  if (!f) {
    f = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
    formats.set(zone, f);
  }
  const p = Object.fromEntries(f.formatToParts(ms).map((x) => [x.type, x.value]));
  text = `${p.year.padStart(4, '0')}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
  if (known.size > 20000) known.clear();
  known.set(key, text);
  return text;
}

/** @param {number | string} instant @param {string} zone */
export const dayOf = (instant, zone) => wall(instant, zone).slice(0, 10);

/** @param {string} day @param {number} n */
export const addDays = (day, n) => new Date(Date.parse(`${day}T12:00:00Z`) + n * 864e5).toISOString().slice(0, 10);

/** @type {Map<string, number>} */
const starts = new Map();

/** The first instant of a day: not always midnight, and found by asking the zone, not by counting. @param {string} day @param {string} zone */
export function dayStart(day, zone) {
  const key = `${zone} ${day}`;
  let found = starts.get(key);
  if (found !== undefined) return found;
  let before = Date.parse(`${day}T00:00:00Z`) - 16 * 36e5;
  let after = before + 32 * 36e5;
  // Between an instant surely before and one surely within or after the day, to the minute.
  while (after - before > 60000) {
    const mid = Math.floor((before + after) / 120000) * 60000;
    if (dayOf(mid, zone) < day) before = mid;
    else after = mid;
  }
  found = after;
  starts.set(key, found);
  return found;
}

/** The hour's own name where a day has it twice. @param {number} instant @param {string} zone */
export const hour = (instant, zone) => wall(instant, zone).slice(11);

/** Something people can have typed as a time: 9:5, 0905, 9 → 09:05, 09:05, 09:00; else ''. @param {string} text */
export function tidyTime(text) {
  const m = /^\s*(\d{1,2})(?:\s*[:.h]\s*(\d{1,2}))?\s*$/.exec(text) || /^\s*(\d{1,2})(\d{2})\s*$/.exec(text);
  if (!m || Number(m[1]) > 23 || Number(m[2] || 0) > 59) return '';
  return `${m[1].padStart(2, '0')}:${(m[2] || '0').padStart(2, '0')}`;
}

/** A day and what was typed as its time: 2021-05-02T9 → 2021-05-02T09:00. @param {string} text */
const tidy = (text) => `${text.slice(0, 10)}T${tidyTime(text.slice(11))}`;

/**
 * Another start takes the end along, by the figures on the clock.
 * @param {{start: string, end: string}} mine wall times @param {string} start
 */
export function withStart(mine, start) {
  if (![mine.start, mine.end, start].every((x) => tidyTime(x.slice(11)))) return { start };
  const figures = (/** @type {string} */ x) => Date.parse(`${tidy(x)}:00Z`);
  return { start, end: new Date(figures(mine.end) + figures(start) - figures(mine.start)).toISOString().slice(0, 16) };
}

/**
 * Both ends as a call names them: what was not touched stays the instant it is, what was typed goes as typed and the server resolves it; of two
 * instants with one name, the one that was chosen.
 * @param {{start: string, end: string}} mine @param {{start?: string, end?: string, from?: string, to?: string}} base @param {Record<string, string>} [chosen]
 */
export function timesOf(mine, base, chosen = {}) {
  const one = (/** @type {string} */ text, /** @type {string | undefined} */ was, /** @type {string | undefined} */ exact) => (exact && text === was ? exact : chosen[tidy(text)] || tidy(text));
  return { start: one(mine.start, base.start, base.from), end: one(mine.end, base.end, base.to) };
}
