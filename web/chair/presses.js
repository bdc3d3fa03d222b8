// web/chair/presses.js: the chair's presses, kept by the phone until the server has them, sent in their order with the time each was made
import { signal } from '../ui/dom.js';
import { t } from '../i18n/index.js';
import { session, slug, status } from '../ui/app.js';
import { conferenceTime } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { uuid } from '../wire.js';
import { ending } from './state.js';

/** @typedef {import('./state.js').Press} Press */

const place = `plenum-chair-presses:${slug}`;

/** @returns {Press[]} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(place) || '[]').filter((/** @type {Press} */ p) => !p.sent);
  } catch {
    return [];
  }
}

export const presses = signal(read());
/** What became of the last one, if it was not what was pressed. */
export const refused = signal('');

/** @param {Press[]} list */
export function keep(list) {
  presses.value = list;
  try {
    localStorage.setItem(place, JSON.stringify(list));
  } catch {
    // Kept for this page only.
  }
}

let sending = false;

/** @param {import('../protocol.js').Connection} conn */
export async function flush(conn) {
  if (sending) return;
  sending = true;
  for (;;) {
    const p = presses.value.find((x) => !x.sent);
    if (!p || status.value.state !== 'open' || !session.value?.station) break;
    try {
      const { positions } = await conn.call(p.method, { ...p.params, key: p.key });
      // What the page shows does not jump back, not even when the connection goes between the reply and its events.
      keep(presses.value.map((x) => (x.key === p.key ? { ...x, sent: true } : x)));
      conn.channels.reached(positions).then(() => keep(presses.value.filter((x) => x.key !== p.key)));
    } catch (e) {
      const fault = /** @type {any} */ (e);
      const end = ending(fault.fault, fault.data);
      if (end === 'again') break;
      refused.value = end === 'late' ? t('chair.late', { text: p.text }) : whyOf(fault);
      keep(presses.value.filter((x) => x.key !== p.key));
    }
  }
  sending = false;
}

/** @param {import('../protocol.js').Connection} conn @param {string} method @param {any} params what the method takes; the time of the press is added @param {string} text what it was about, for a refusal */
export function press(conn, method, params, text) {
  refused.value = '';
  keep([...presses.value, { key: uuid(), method, params: { ...params, at: new Date(conferenceTime()).toISOString() }, text: text.slice(0, 80) }]);
  flush(conn);
}
