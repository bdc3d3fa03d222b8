// web/ui/schedule.js: follows the programme: the document once, then the events on top of it
import { signal, computed } from './dom.js';
import { zone, learnZone, minute } from './clock.js';
import { scheduleFrom, applySchedule, nowFrom } from '../store.js';

export const schedule = signal(/** @type {import('../store.js').Schedule | null} */ (null));
export const scheduleFault = signal('');
/** What is on in each room, as the server says it. */
export const nowNext = signal(/** @type {any} */ (null));
/** Whether the programme shown is what the server last said, and not what was kept from another day. */
export const scheduleRead = signal(false);

const FRESH = 3 * 60000;

/** What is on in each room: as the server says it; for a page that has not heard from it, by the programme it has. */
export const board = computed(() => {
  const s = schedule.value;
  const doc = nowNext.value;
  if (!s || (doc && (scheduleRead.value || Math.abs(minute.value - Date.parse(doc.time)) < FRESH))) return doc;
  return minute.value ? nowFrom(s, minute.value) : doc;
});

/** A programme from an earlier visit, until a newer one comes. @param {any} doc */
export function showKept(doc) {
  if (schedule.value) return;
  zone.value = doc.zone;
  learnZone(doc.zone, doc.offsets);
  schedule.value = scheduleFrom(doc);
}

/** @param {import('../protocol.js').Connection} conn */
export function followSchedule(conn) {
  /** @type {{type: string, data: any, position: number}[]} */
  let waiting = [];
  let reading = 0;
  let busy = false;

  const take = (/** @type {any} */ doc) => {
    let s = /** @type {import('../store.js').Schedule | null} */ (scheduleFrom(doc));
    for (const e of waiting) if (s && e.position > (doc.position ?? 0)) s = applySchedule(s, e.type, e.data);
    waiting = [];
    busy = false;
    if (!s) return conn.resnapshot('schedule');
    zone.value = s.zone;
    learnZone(s.zone, doc.offsets);
    schedule.value = s;
    scheduleRead.value = true;
    scheduleFault.value = '';
  };

  // Events up to `position` are not coming any more: a worker that has not heard of the newest yet may give an older document.
  const read = async (/** @type {string} */ url, /** @type {number} */ position, tries = 0) => {
    const mine = ++reading;
    try {
      const reply = await fetch(new URL(url, location.origin), { credentials: 'same-origin' });
      if (!reply.ok) throw new Error(`schedule ${reply.status}`);
      const doc = await reply.json();
      if (!(doc.position >= position)) throw new Error(`schedule ${doc.position}, not ${position}`);
      if (mine === reading) take(doc);
    } catch {
      if (mine !== reading) return;
      if (tries === 0) {
        // The document's address may have gone with its release: the same through the connection.
        const doc = await conn.call('schedule.get').catch(() => null);
        if (doc && mine === reading) return take(doc);
      }
      if (!schedule.value) scheduleFault.value = 'schedule';
      setTimeout(() => mine === reading && read(url, position, tries + 1), Math.min(30000, 1000 * 2 ** tries));
    }
  };

  const stop = conn.subscribe('schedule', {
    snapshot: (data, reply) => {
      waiting = [];
      busy = true;
      if (data.snapshot_url) read(data.snapshot_url, reply.position);
      else take(data);
    },
    event: (type, data, position) => {
      if (busy) waiting.push({ type, data, position });
      if (!schedule.value) return;
      const next = applySchedule(schedule.value, type, data);
      if (next) schedule.value = next;
      else if (!busy) conn.resnapshot('schedule');
    },
    fault: (fault) => (scheduleFault.value = fault),
  });
  const stopNow = conn.subscribe('now', {
    snapshot: (data) => (nowNext.value = data),
    event: (_type, data) => {
      // Very many rooms do not fit into an event.
      if (data.refetch) conn.call('now.get').then((doc) => (nowNext.value = doc)).catch(() => {});
      else nowNext.value = data;
    },
    fault: () => (nowNext.value = nowNext.value || { rooms: [] }),
  });
  return () => {
    stop();
    stopNow();
  };
}
