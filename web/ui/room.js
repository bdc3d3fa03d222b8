// web/ui/room.js: the room a page is about: its announcements, its streams, how many are there
import { signal, useEffect } from './dom.js';
import { person, session } from './app.js';
import { heardNotice, leaveRoom, roomNotices } from './notices.js';
import { schedule } from './schedule.js';
import { applySchedule } from '../store.js';

/** What a player needs to know, as `stream.get` has it; null where nobody may say. */
export const streams = signal(/** @type {any} */ (null));
export const joined = signal(0);

/** @param {import('../protocol.js').Connection} conn @param {string} id @returns {() => void} */
export function followRoom(conn, id) {
  const stop = conn.subscribe(`room:${id}`, {
    snapshot: (doc, reply) => {
      roomNotices(id, doc.notices || []);
      streams.value = doc.streams || null;
      joined.value = new Map(reply?.tally || []).get('joined') || 0;
    },
    event: (type, data) => {
      heardNotice(`room:${id}`, type, data);
      if (type === 'stream.changed') streams.value = data;
      // The programme's own channel says the same; whichever is first.
      else if (schedule.value && ['expected.changed', 'slot.started', 'slot.ended'].includes(type)) schedule.value = applySchedule(schedule.value, type, data) || schedule.value;
    },
    tick: (tally) => {
      for (const [key, n] of tally) if (key === 'joined') joined.value = n;
    },
    fault: () => roomNotices(id, []),
  });
  return () => {
    stop();
    leaveRoom(id);
    streams.value = null;
    joined.value = 0;
  };
}

/** While a page shows something of this room. Guests have no part in it. @param {import('../protocol.js').Connection} conn @param {string | undefined} id */
export function useRoom(conn, id) {
  const may = person.value || session.value?.station;
  const who = person.value?.id || session.value?.station?.id;
  useEffect(() => (id && may ? followRoom(conn, id) : undefined), [id, who]);
}
