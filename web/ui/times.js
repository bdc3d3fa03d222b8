// web/ui/times.js: when something is: the plan, and beside it what is expected, said in words too
import { html } from './dom.js';
import { t } from '../i18n/index.js';
import { clock, dateSpan, dayName, dayKey, zoneName } from './clock.js';
import { begins, ends } from '../store.js';
import { isLong } from '../zone.js';

/** @typedef {{start: string, end: string, expected_start?: string, expected_end?: string, assumed?: boolean, unconfirmed?: boolean, state?: string}} Timed */

const same = (/** @type {string} */ a, /** @type {string} */ b) => clock(a) === clock(b) && dayKey(a) === dayKey(b);
/** Whether people should know of another time than the planned one: a few seconds are none. @param {Timed} x */
export const isMoved = (x) => x.state !== 'cancelled' && !(same(begins(x), x.start) && same(ends(x), x.end));
/** Whether it begins at another time than planned. @param {Timed} x */
export const isLate = (x) => x.state !== 'cancelled' && !same(begins(x), x.start);

/** Start and end; what is not as planned is struck through, with the expected beside it. @param {{x: Timed, running?: boolean}} props */
export function Times({ x, running }) {
  if (isLong(x)) return html`<span class="times num">${dateSpan(x.start, x.end)}</span>`;
  const span = (/** @type {string} */ a, /** @type {string} */ b) => (zoneName(a) === zoneName(b) ? `${clock(a)}–${clock(b)}` : `${clock(a)} ${zoneName(a)}–${clock(b)} ${zoneName(b)}`);
  const plan = span(x.start, x.end);
  const notes = running ? [x.assumed && t('times.assumed'), x.unconfirmed && t('times.unconfirmed')].filter(Boolean) : [];
  const note = notes.length ? html` <span class="times-note">${notes.join(', ')}</span>` : null;
  if (!isMoved(x)) return html`<span class="times num">${plan}</span>${note}`;
  const old = isLate(x) ? html`<s>${clock(x.start)}<span class="wide">–${clock(x.end)}</span></s>` : html`<s>${plan}</s>`;
  return html`<span class="times num"><span class="out-of-sight">${t('times.planned')} ${plan} </span><span aria-hidden="true">${old}</span> <span class="out-of-sight">${t('times.expected')} </span><b class="expected">${span(begins(x), ends(x))}</b></span>${note}`;
}

/** The start alone, for a line of a list; another day than today is said. @param {{x: Timed, today: string, below?: boolean}} props below: the day under the time */
export function StartTime({ x, today, below }) {
  if (isLong(x)) return html`<span class="num">${dateSpan(x.start, x.end)}</span>`;
  const other = dayKey(begins(x)) !== today;
  const time = isLate(x) ? html`<span class="out-of-sight">${t('times.planned')} </span><s>${clock(x.start)}</s> <span class="out-of-sight">${t('times.expected')} </span><b class="expected">${clock(begins(x))}</b>` : clock(x.start);
  return html`<span class="num">${other && !below ? `${dayName(begins(x))} ` : ''}${time}${other && below ? html`<small>${dayName(begins(x))}</small>` : null}</span>`;
}
