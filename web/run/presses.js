// web/run/presses.js: the presses of a room's page: each of the one who made it, with the time it was made
import { status, person, slug } from '../ui/app.js';
import { conferenceTime } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { pressesOf } from '../ui/presses.js';
import { verdict } from '../outbox.js';

/** @typedef {import('../run.js').Press} Press */

const own = pressesOf({
  place: `plenum-presses:${slug}`,
  open: () => status.value.state === 'open',
  may: (/** @type {Press} */ p) => p.person === person.value?.id,
  refusal: (e) => (verdict(e.fault, e.data) === 'again' ? null : whyOf(e)),
});
export const { presses, refused, flush } = own;

/** @param {import('../protocol.js').Connection} conn @param {Press['method']} method @param {any} params @returns {Promise<any>} the server's answer, whenever it comes; null when it was refused */
export function press(conn, method, params) {
  const at = method === 'slot.add_time' ? {} : { at: new Date(conferenceTime()).toISOString() };
  return own.press(conn, { method, params: { ...at, ...params }, person: person.value?.id || '', made: conferenceTime() });
}
