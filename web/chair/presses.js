// web/chair/presses.js: the presses of the chair's phone, with the time each was made and what it was about
import { t } from '../i18n/index.js';
import { session, slug, status } from '../ui/app.js';
import { conferenceTime } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { pressesOf } from '../ui/presses.js';
import { ending } from './state.js';

/** @typedef {import('./state.js').Press} Press */

const own = pressesOf({
  place: `plenum-chair-presses:${slug}`,
  open: () => status.value.state === 'open',
  may: (/** @type {Press} */ _p) => !!session.value?.station,
  refusal: (e, p) => {
    const end = ending(e.fault, e.data);
    return end === 'again' ? null : end === 'late' ? t('chair.late', { text: p.text }) : whyOf(e);
  },
});
export const { presses, refused, keep, flush } = own;

/** @param {import('../protocol.js').Connection} conn @param {string} method @param {any} params what the method takes; the time of the press is added @param {string} text what it was about, for a refusal */
export function press(conn, method, params, text) {
  void own.press(conn, { method, params: { ...params, at: new Date(conferenceTime()).toISOString() }, text: text.slice(0, 80) });
}
