// web/ui/clock.js: the conference's own clock and how its times are written, by the offsets the server gave
import { signal, computed } from './dom.js';
import { lang, t } from '../i18n/index.js';
import { zoneFrom, mergeZone, offsetAt, wall, wallClock, wallDate, wallDay, distance } from '../zone.js';

let base = 0;
let at = 0;

/** Milliseconds of conference time; moves every second. */
export const now = signal(0);
/** The start of the current conference minute: what most of a page depends on. */
export const minute = computed(() => Math.floor(now.value / 60000) * 60000);
export const zone = signal('Europe/Copenhagen');

/** The time at this very moment. */
export const conferenceTime = () => (base ? base + (performance.now() - at) : 0);

/** @param {string} time an instant of the conference's clock, just received */
export function setClock(time) {
  base = Date.parse(time);
  at = performance.now();
  now.value = base;
}

setInterval(() => {
  if (base) now.value = conferenceTime();
}, 1000);

/** The reader's zone by name: its offsets come from the server like all others. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const KEPT = 'plenum-zones';
/** @type {import('../zone.js').Zone} */
const nothing = [];

/** @returns {Map<string, import('../zone.js').Zone>} */
function kept() {
  try {
    return new Map(JSON.parse(localStorage.getItem(KEPT) || '[]'));
  } catch {
    return new Map();
  }
}

const zones = signal(kept());

/** Known zones are kept, so that a page without network still writes times. @param {string} name @param {import('../zone.js').Offset[] | undefined} offsets */
export function learnZone(name, offsets) {
  if (!offsets?.length) return;
  const all = new Map(zones.value).set(name, mergeZone(zones.value.get(name) || nothing, zoneFrom(offsets)));
  written.clear();
  zones.value = all;
  try {
    localStorage.setItem(KEPT, JSON.stringify([...all].filter(([n]) => n === name || n === ownZone || n === zone.value).slice(-6)));
  } catch {
    // Asked again next time.
  }
}

const table = (z = zone.value) => zones.value.get(z) || nothing;
/** Whether times can be written at all yet. */
export const zoneKnown = computed(() => table().length > 0);

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** Names of days and months only: the time is already the wall's, to be read in UTC. @param {Intl.DateTimeFormatOptions} options @param {number} wallTime */
function words(options, wallTime) {
  if (Number.isNaN(wallTime)) return '';
  const locale = lang.value === 'da' ? 'da-DK' : 'en-GB';
  const key = locale + JSON.stringify(options);
  let f = formats.get(key);
  if (!f) formats.set(key, (f = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })));
  return f.format(wallTime);
}

/** @type {Map<string, string>} */
const written = new Map();

/** A programme writes the same few hundred instants over and over. @param {string} key @param {() => string} make */
function once(key, make) {
  let text = zones.value && written.get(key);
  if (text === undefined) {
    if (written.size > 8000) written.clear();
    written.set(key, (text = make()));
  }
  return text;
}

const ms = (/** @type {string | number} */ x) => (typeof x === 'number' ? x : Date.parse(x));
const local = (/** @type {string | number} */ x, z = zone.value) => wall(table(z), ms(x));

/** 09:30, in the conference's zone. @param {string | number} x */
export const clock = (x, z = zone.value) => once(`c${z}${x}`, () => wallClock(local(x, z)));

/** Sun 2, Søn. 2.: in Danish a weekday before a bare number would become a phrase (Søn. den 2.). @param {number} at @param {boolean} [month] */
const short = (at, month) => (month ? capital(words({ weekday: 'short', day: 'numeric', month: 'short' }, at)) : `${capital(words({ weekday: 'short' }, at))} ${words({ day: 'numeric' }, at)}`);

/** Sunday 2 May. @param {string | number} x */
export const dayName = (x, z = zone.value) => capital(words({ weekday: 'long', day: 'numeric', month: 'long' }, local(x, z)));
/** Sun 2. @param {string | number} x */
export const dayShort = (x, z = zone.value) => short(local(x, z));
/** 2 May 2021. @param {string | number} x */
export const fullDate = (x, z = zone.value) => words({ day: 'numeric', month: 'long', year: 'numeric' }, local(x, z));
/** 2 May. @param {string | number} x */
export const dayMonth = (x, z = zone.value) => words({ day: 'numeric', month: 'short' }, local(x, z));
/** The programme's day of an instant in the conference's zone, as 2021-05-02: a night belongs to the day before. @param {string | number} x */
export const dayKey = (x) => once(`d${zone.value}${x}`, () => wallDay(local(x)));
/** The calendar's date of an instant in the conference's zone, as 2021-05-02. @param {string | number} x */
export const dateKey = (x) => wallDate(local(x));

/** A day of the calendar by its key, in words: Sunday 2 May; short: Sun 2. @param {string} key */
export const keyName = (key) => capital(words({ weekday: 'long', day: 'numeric', month: 'long' }, Date.parse(key)));
/** @param {string} key @param {boolean} [month] */
export const keyShort = (key, month) => short(Date.parse(key), month);

/** After midnight a time needs its weekday: Mon, else ''. @param {string | number} x */
export const nightDay = (x) => (dateKey(x) === dayKey(x) ? '' : capital(words({ weekday: 'short' }, local(x))));

/** 21 Mar – 2 May. @param {string} from @param {string} to */
export function dateSpan(from, to) {
  const a = dayMonth(from);
  const b = dayMonth(to);
  return a === b ? a : `${a} – ${b}`;
}

const capital = (/** @type {string} */ s) => s.charAt(0).toUpperCase() + s.slice(1);

/** CEST. @param {string | number} x */
export const zoneName = (x, z = zone.value) => (table(z).length ? offsetAt(table(z), ms(x)).name : '');

/** CEST where it matters: around a change of the clock, when the same hour may come twice; else ''. @param {string | number} x */
export const zoneMark = (x) => (zoneName(ms(x) - 43200000) === zoneName(ms(x) + 43200000) ? '' : zoneName(x));

/** The city a zone is named after: New York. */
export const zoneCity = (z = zone.value) => (z.split('/').pop() || z).replace(/_/g, ' ');

/** How far the reader's clock is from the conference's, in seconds. @param {string | number} x */
function apart(x) {
  const [a, b] = [table(), table(ownZone)];
  return a.length && b.length ? offsetAt(b, ms(x)).seconds - offsetAt(a, ms(x)).seconds : 0;
}

/** The reader's own time when their clocks show another hour, else ''. @param {string | number} x */
export function ownTime(x) {
  if (!apart(x)) return '';
  const other = wallDate(local(x, ownZone)) !== dateKey(x);
  return t('time.yours', { time: other ? `${capital(words({ weekday: 'short' }, local(x, ownZone)))} ${clock(x, ownZone)}` : clock(x, ownZone) });
}

/** What is said once about both zones: the conference's, and the reader's where it differs. @param {string | number} x */
export function zoneNote(x) {
  const far = distance(apart(x));
  const both = t('programme.zone', { zone: zoneName(x) });
  return far ? `${both}. ${t('programme.zone_own', { city: zoneCity(ownZone), zone: zoneName(x, ownZone), far })}` : both;
}

/** 4 min, 1 h 20 min, 12 days. @param {number} span milliseconds */
export function duration(span) {
  const s = Math.max(0, Math.round(span / 1000));
  if (s < 60) return t('time.seconds', { n: s });
  const m = Math.round(s / 60);
  if (m < 60) return t('time.minutes', { n: m });
  if (m >= 48 * 60) return t('time.days', { n: Math.round(m / 1440) });
  return m % 60 ? t('time.hours_minutes', { h: Math.floor(m / 60), n: m % 60 }) : t('time.hours', { h: m / 60 });
}

/** 4 min ago. @param {string | number} x */
export function ago(x) {
  const span = conferenceTime() - ms(x);
  return span < 5000 ? t('time.just_now') : t('time.ago', { span: duration(span) });
}
