// web/run/presses.js: presses made here, kept until the server has them, sent in their order
import { signal } from '../ui/dom.js';
import { status, person, slug } from '../ui/app.js';
import { conferenceTime } from '../ui/clock.js';
import { whyOf } from '../ui/chrome.js';
import { verdict } from '../outbox.js';
import { uuid } from '../wire.js';

/** @typedef {import('../run.js').Press} Press */

const place = `plenum-presses:${slug}`;

/** @returns {Press[]} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(place) || '[]').filter((/** @type {Press} */ p) => !p.sent);
  } catch {
    return [];
  }
}

export const presses = signal(read());
/** Why the last one was refused. */
export const refused = signal('');

/** @param {Press[]} list */
function keep(list) {
  presses.value = list;
  try {
    localStorage.setItem(place, JSON.stringify(list));
  } catch {
    // Kept for this page only.
  }
}

let sending = false;
/** @type {Map<string, (reply: any) => void>} */
const answers = new Map();

/** @param {import('../protocol.js').Connection} conn */
export async function flush(conn) {
  if (sending) return;
  sending = true;
  for (;;) {
    const p = presses.value.find((x) => x.person === person.value?.id && !x.sent);
    if (!p || status.value.state !== 'open') break;
    try {
      const reply = await conn.call(p.method, { ...p.params, key: p.key });
      refused.value = '';
      answers.get(p.key)?.(reply);
      // What the page shows does not jump back, not even when the connection goes between the reply and its events.
      keep(presses.value.map((x) => (x.key === p.key ? { ...x, sent: true } : x)));
      conn.channels.reached(reply.positions).then(() => keep(presses.value.filter((x) => x.key !== p.key)));
    } catch (e) {
      const fault = /** @type {any} */ (e);
      if (verdict(fault.fault, fault.data) === 'again') break;
      refused.value = whyOf(fault);
      answers.get(p.key)?.(null);
      keep(presses.value.filter((x) => x.key !== p.key));
    }
    answers.delete(p.key);
  }
  sending = false;
}

/** @param {import('../protocol.js').Connection} conn @param {Press['method']} method @param {any} params @returns {Promise<any>} the server's answer, whenever it comes; null when it was refused */
export function press(conn, method, params) {
  const at = method === 'slot.add_time' ? {} : { at: new Date(conferenceTime()).toISOString() };
  refused.value = '';
  const key = uuid();
  const answer = new Promise((done) => answers.set(key, done));
  keep([...presses.value, { key, method, params: { ...at, ...params }, person: person.value?.id || '', made: conferenceTime() }]);
  flush(conn);
  return answer;
}
