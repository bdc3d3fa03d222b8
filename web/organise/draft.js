// web/organise/draft.js: the draft as it stands now, what a release would change, and the writes that come back as conflicts
import { signal, computed, effect } from '../ui/dom.js';
import { zone, learnZone } from '../ui/clock.js';
import { draftFrom, applyDraft, marksOf } from './plan.js';

export const draft = signal(/** @type {import('./plan.js').Draft | null} */ (null));
export const draftFault = signal('');
/** release.preview of the whole draft: what differs from what people see, and what cannot be published. */
export const preview = signal(/** @type {any} */ (null));
export const marks = computed(() => marksOf(preview.value));
export const changes = computed(() => preview.value?.changes?.length || 0);
/** Releases as `release.list` has them, and a number that grows with each new one. */
export const released = signal(0);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let reading = false;
let again = false;

/** @param {import('../protocol.js').Connection} conn */
async function readPreview(conn) {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  again = false;
  try {
    preview.value = await conn.call('release.preview');
  } catch (e) {
    // Refused for good is said by the draft's own fault. A server that had no time is asked again, though nothing changes meanwhile.
    const refused = ['denied', 'not_found', 'bad_request', 'auth.required'].includes(/** @type {any} */ (e)?.fault);
    if (!refused && !again) soon(conn, 2000);
  }
  reading = false;
  if (again) soon(conn);
}

/** One question for many changes in a row. @param {import('../protocol.js').Connection} conn */
function soon(conn, wait = 200) {
  clearTimeout(timer);
  timer = setTimeout(() => readPreview(conn), wait);
}

const DAY = 864e5;
let learnt = '';

/**
 * The programme people see brings the offsets of its own days; a draft may reach into another season. @param {import('../protocol.js').Connection} conn @param {number[]} span two instants
 */
export async function learnSpan(conn, [first, last]) {
  const name = zone.value;
  // At most five years are told at once.
  const [from, to] = [first - 2 * DAY, Math.min(last + 2 * DAY, first + 1800 * DAY)].map((ms) => new Date(ms).toISOString());
  const doc = await conn.call('zone.get', { zone: name, from, to });
  learnZone(name, doc.offsets);
}

/** @param {import('../protocol.js').Connection} conn */
const followZone = (conn) => effect(() => {
  let [first, last] = [Infinity, -Infinity];
  for (const s of draft.value?.slot.values() || []) {
    first = Math.min(first, Date.parse(s.start));
    last = Math.max(last, Date.parse(s.end));
  }
  const [a, b] = [Math.floor(first / DAY) * DAY, Math.ceil(last / DAY) * DAY];
  const key = `${zone.value} ${a} ${b}`;
  if (!(a <= b) || key === learnt) return;
  learnt = key;
  learnSpan(conn, [a, b]).catch(() => (learnt = ''));
});

/** @param {import('../protocol.js').Connection} conn */
export function followDraft(conn) {
  const take = (/** @type {any} */ doc) => {
    draft.value = draftFrom(doc);
    if (draft.value.conference.zone) zone.value = draft.value.conference.zone;
    draftFault.value = '';
    soon(conn, 0);
  };
  const stopDraft = conn.subscribe('draft', {
    snapshot: take,
    event: (type, data) => {
      if (type === 'release.stopped') return void released.value++;
      const next = draft.value && applyDraft(draft.value, type, data);
      if (!next) return conn.resnapshot('draft');
      draft.value = next;
      if (next.conference.zone) zone.value = next.conference.zone;
      soon(conn);
    },
    fault: (fault) => (draftFault.value = fault),
  });
  const stopZone = followZone(conn);
  const release = () => {
    released.value++;
    soon(conn, 50);
  };
  // A release may come as an event, or within the snapshot that another follower asked for.
  const stopSchedule = conn.subscribe('schedule', { snapshot: release, event: (type) => type === 'release.published' && release() });
  return () => {
    clearTimeout(timer);
    stopDraft();
    stopZone();
    stopSchedule();
  };
}

/** @param {string | undefined | null} session */
export const titleOf = (session) => (session && draft.value?.session.get(session)?.title) || '';
/** @param {string | undefined | null} room */
export const roomName = (room) => (room && draft.value?.room.get(room)?.name) || '';
/** Everybody who speaks in a session, each once. @param {import('./plan.js').Session | undefined} session */
export const speakersOf = (session) => [...new Set((session?.talks || []).flatMap((t) => t.speakers))].map((id) => draft.value?.speaker.get(id)?.name || '').filter(Boolean);
