// web/ui/clock.js: the conference's own clock and how its times are written
import { signal, computed } from './dom.js';
import { lang, t } from '../i18n/index.js';

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

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/** @param {Intl.DateTimeFormatOptions} options @param {string} [timeZone] @param {string} [locale] */
function format(options, timeZone, locale = lang.value === 'da' ? 'da-DK' : 'en-GB') {
  const key = locale + timeZone + JSON.stringify(options);
  let f = formats.get(key);
  if (!f) formats.set(key, (f = new Intl.DateTimeFormat(locale, { ...options, timeZone })));
  return f;
}

/** @type {Map<string, string>} */
const written = new Map();

/** A programme writes the same few hundred instants over and over, and Intl is slow on a phone. @param {string} key @param {() => string} make */
function once(key, make) {
  let text = written.get(key);
  if (text === undefined) {
    if (written.size > 8000) written.clear();
    written.set(key, (text = make()));
  }
  return text;
}

const ms = (/** @type {string | number} */ x) => (typeof x === 'number' ? x : Date.parse(x));

/** 09:30, in the conference's zone. @param {string | number} x */
export const clock = (x, z = zone.value) => once(`c${z}${x}`, () => format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, z, 'en-GB').format(ms(x)));

/** Sunday 2 May. @param {string | number} x */
export const dayName = (x) => capital(format({ weekday: 'long', day: 'numeric', month: 'long' }, zone.value).format(ms(x)));
/** Sun 2. @param {string | number} x */
export const dayShort = (x) => capital(format({ weekday: 'short', day: 'numeric' }, zone.value).format(ms(x)));
/** 2 May 2021. @param {string | number} x */
export const fullDate = (x, z = zone.value) => format({ day: 'numeric', month: 'long', year: 'numeric' }, z).format(ms(x));
/** The calendar day of an instant in the conference's zone, as 2021-05-02. @param {string | number} x */
export const dayKey = (x) => once(`d${zone.value}${x}`, () => format({ year: 'numeric', month: '2-digit', day: '2-digit' }, zone.value, 'en-CA').format(ms(x)));

const capital = (/** @type {string} */ s) => s.charAt(0).toUpperCase() + s.slice(1);

/** CEST. @param {string | number} x */
export function zoneName(x, z = zone.value) {
  const parts = format({ timeZoneName: 'short', hour: 'numeric' }, z, 'en-GB').formatToParts(ms(x));
  return parts.find((p) => p.type === 'timeZoneName')?.value || z;
}

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The reader's own time when their clocks show another hour, else ''. @param {string | number} x */
export function ownTime(x) {
  const theirs = clock(x, own);
  return theirs === clock(x) ? '' : t('time.yours', { time: theirs });
}

/** 4 min, 1 h 20 min. @param {number} span milliseconds */
export function duration(span) {
  const s = Math.max(0, Math.round(span / 1000));
  if (s < 60) return t('time.seconds', { n: s });
  const m = Math.round(s / 60);
  if (m < 60) return t('time.minutes', { n: m });
  return m % 60 ? t('time.hours_minutes', { h: Math.floor(m / 60), n: m % 60 }) : t('time.hours', { h: m / 60 });
}

/** 4 min ago. @param {string | number} x */
export function ago(x) {
  const span = conferenceTime() - ms(x);
  return span < 5000 ? t('time.just_now') : t('time.ago', { span: duration(span) });
}
