// web/ui/app.js: what every connected page starts with: its conference, its connection, who the reader is
import { signal, computed } from './dom.js';
import { setClock, zone } from './clock.js';
import { Connection } from '../protocol.js';
import { pageCredentials } from '../identity.js';
import { slugOf } from '../wire.js';
import { personFrom } from '../store.js';

export const slug = slugOf(location.pathname);
export const status = signal(/** @type {import('../protocol.js').Status} */ ({ state: 'connecting', transport: 'ws', since: 0 }));
export const session = signal(/** @type {import('../protocol.js').Session | null} */ (null));
export const roles = signal(/** @type {string[]} */ ([]));
export const person = computed(() => session.value?.person || null);
/** The person's own questions, votes and last vote number. */
export const mine = signal(personFrom({}));
/** When the connection was last whole, on the conference's clock: what "as of" means. */
export const lastHeard = signal(0);

export const has = (/** @type {string[]} */ ...wanted) => wanted.some((r) => roles.value.includes(r));

/** @param {{deviceToken?: () => Promise<string | null>}} [options] */
export function connect(options = {}) {
  const conn = new Connection({ credentials: pageCredentials(slug, options.deviceToken) });
  let follows = '';
  let stop = () => {};
  conn.onStatus = (s) => (status.value = s);
  conn.onSession = (s) => {
    setClock(s.time);
    zone.value = s.conference.zone;
    session.value = s;
    roles.value = s.roles;
    const id = s.person?.id || '';
    if (id === follows) return;
    stop();
    follows = id;
    mine.value = personFrom({});
    if (id) {
      stop = conn.subscribe(`person:${id}`, {
        snapshot: (doc) => (mine.value = personFrom(doc)),
        event: (type, data) => {
          if (type !== 'question.updated') return;
          const questions = new Map(mine.value.questions);
          questions.set(data.id, { ...questions.get(data.id), ...data });
          mine.value = { ...mine.value, questions };
        },
      });
    }
  };
  conn.onRoles = (r) => (r.length ? (roles.value = r) : conn.renew());
  return conn;
}
