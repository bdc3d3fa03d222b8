// web/ui/presses.js: presses made on a page, kept until the server has them, sent in their order (tested in Node)
import { signal } from './dom.js';
import { uuid } from '../wire.js';

/** @typedef {{key: string, method: string, params: any, sent?: boolean, [more: string]: any}} Press */

const AGAIN_MS = 5000;

/**
 * The presses of one page. `may`: whether this one may be sent now. `refusal`: what its reader is told of a press that failed; null: it is kept, for later.
 * @template {Press} P
 * @param {{place: string, open: () => boolean, may: (p: P) => boolean, refusal: (fault: any, p: P) => string | null, store?: () => Pick<Storage, 'getItem' | 'setItem'>, later?: (what: () => void, ms: number) => unknown}} o place: its name in what the browser keeps
 */
export function pressesOf({ place, open, may, refusal, store = () => localStorage, later = (what, ms) => setTimeout(what, ms) }) {
  /** @returns {P[]} */
  const read = () => {
    try {
      return JSON.parse(store().getItem(place) || '[]').filter((/** @type {P} */ p) => !p.sent);
    } catch {
      return [];
    }
  };
  const presses = signal(read());
  /** What became of the last one, if it was not what was pressed. */
  const refused = signal('');
  /** @type {Map<string, (reply: any) => void>} */
  const answers = new Map();
  let sending = false;

  /** @param {P[]} list */
  const keep = (list) => {
    presses.value = list;
    try {
      store().setItem(place, JSON.stringify(list));
    } catch {
      // Kept for this page only.
    }
  };
  const without = (/** @type {P} */ p) => keep(presses.value.filter((x) => x.key !== p.key));

  /** @param {import('../protocol.js').Connection} conn */
  const flush = async (conn) => {
    if (sending) return;
    sending = true;
    for (;;) {
      const p = presses.value.find((x) => !x.sent && may(x));
      if (!p || !open()) break;
      try {
        const reply = await conn.call(p.method, { ...p.params, key: p.key });
        answers.get(p.key)?.(reply);
        // What the page shows does not jump back, not even when the connection goes between the reply and its events.
        keep(presses.value.map((x) => (x.key === p.key ? { ...x, sent: true } : x)));
        conn.channels.reached(reply.positions).then(() => without(p));
      } catch (e) {
        const why = refusal(/** @type {any} */ (e), p);
        if (why === null) {
          // The server had no time for it, on a connection that may stay: nothing else would send it again.
          later(() => flush(conn), /** @type {any} */ (e).data?.retry_after_ms || AGAIN_MS);
          break;
        }
        refused.value = why;
        answers.get(p.key)?.(null);
        without(p);
      }
      answers.delete(p.key);
    }
    sending = false;
  };

  /** The server's answer, whenever it comes; null when it was refused. @param {import('../protocol.js').Connection} conn @param {Omit<P, 'key' | 'sent'>} made @returns {Promise<any>} */
  const press = (conn, made) => {
    refused.value = '';
    const key = uuid();
    const answer = new Promise((done) => answers.set(key, done));
    keep([...presses.value, /** @type {any} */ ({ key, ...made })]);
    flush(conn);
    return answer;
  };
  return { presses, refused, keep, flush, press };
}
