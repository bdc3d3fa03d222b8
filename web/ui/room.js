// web/ui/room.js: the room a page is about: its announcements, and what is heard there of its time
import { useEffect } from './dom.js';
import { person, session } from './app.js';
import { heardNotice, leaveRoom, roomNotices } from './notices.js';
import { schedule } from './schedule.js';
import { applySchedule } from '../store.js';

/** @param {import('../protocol.js').Connection} conn @param {string} id @returns {() => void} */
export function followRoom(conn, id) {
  const stop = conn.subscribe(`room:${id}`, {
    snapshot: (doc) => roomNotices(id, doc.notices || []),
    event: (type, data) => {
      heardNotice(`room:${id}`, type, data);
      // The programme's own channel says the same; whichever is first.
      if (schedule.value && ['expected.changed', 'slot.started', 'slot.ended'].includes(type)) schedule.value = applySchedule(schedule.value, type, data) || schedule.value;
    },
    fault: () => roomNotices(id, []),
  });
  return () => {
    stop();
    leaveRoom(id);
  };
}

/** While a page shows something of this room. Guests have no part in it. @param {import('../protocol.js').Connection} conn @param {string | undefined} id */
export function useRoom(conn, id) {
  const who = person.value?.id || session.value?.station?.id;
  useEffect(() => (id && who ? followRoom(conn, id) : undefined), [id, who]);
}
