// web/ui/app.js: what every connected page starts with: its conference, its connection, who the reader is
import { signal, computed } from './dom.js';
import { conferenceTime, setClock, zone, ownZone, learnZone } from './clock.js';
import { Connection } from '../protocol.js';
import { pageCredentials } from '../identity.js';
import { slugOf } from '../wire.js';
import { personFrom, applyPerson } from '../store.js';

export const slug = slugOf(location.pathname);
export const status = signal(/** @type {import('../protocol.js').Status} */ ({ state: 'connecting', transport: 'ws', since: 0 }));
export const session = signal(/** @type {import('../protocol.js').Session | null} */ (null));
export const roles = signal(/** @type {string[]} */ ([]));
/** Who it was the last time, for a page that cannot ask. */
export const known = signal(/** @type {{id: string, name: string} | null} */ (null));
export const person = computed(() => (session.value ? session.value.person : known.value));
/** The person's own questions, votes and last vote number, stars and news. */
export const mine = signal(personFrom({}));
/** Whether `mine` is what the server says, or there is nobody to say it of. */
export const mineRead = signal(false);
/** When the connection was last whole, on the conference's clock: what "as of" means. */
export const lastHeard = signal(0);

let real = 0;
/** Real time as the server has it, which the programme never uses: for what plays and for what waits. */
export const realTime = () => real + performance.now();

export const has = (/** @type {string[]} */ ...wanted) => wanted.some((r) => roles.value.includes(r));

/** @param {{deviceToken?: () => Promise<string | null>}} [options] */
export function connect(options = {}) {
  const conn = new Connection({ credentials: pageCredentials(slug, options.deviceToken) });
  let follows = '';
  let stop = () => {};
  conn.onStatus = (s) => (status.value = s);
  conn.onSession = (s) => {
    setClock(s.time);
    real = Date.parse(s.now) - performance.now();
    zone.value = s.conference.zone;
    session.value = s;
    roles.value = s.roles;
    readZones(conn, s.conference.zone);
    const id = s.person?.id || '';
    if (!id) mineRead.value = true;
    if (id === follows) return;
    stop();
    follows = id;
    if (known.value?.id !== id) mine.value = personFrom({});
    mineRead.value = !id;
    if (id) {
      stop = conn.subscribe(`person:${id}`, {
        snapshot: (doc) => {
          mine.value = personFrom(doc);
          mineRead.value = true;
        },
        event: (type, data) => (mine.value = applyPerson(mine.value, type, data)),
        fault: () => (mineRead.value = true),
      });
    }
  };
  conn.onRoles = (r) => (r.length ? (roles.value = r) : conn.renew());
  return conn;
}

/** Whether the server has said what it knows of both zones: their times come with the first picture. */
export const zonesRead = signal(false);

/** Offsets of the conference's zone and of the reader's, once a connection: the server knows them, the browser may be years old. @param {Connection} conn @param {string} name */
function readZones(conn, name) {
  // A zone the server does not know: the conference's times alone are shown.
  const read = (/** @type {string} */ z, span = {}) => conn.call('zone.get', { zone: z, ...span }).then((doc) => learnZone(z, doc.offsets)).catch(() => {});
  // The programme's span comes by itself; the clock in the title bar and what was published before need the days up to now.
  const iso = (/** @type {number} */ days) => new Date(conferenceTime() + days * 864e5).toISOString();
  Promise.all([...[...new Set([name, ownZone])].map((z) => read(z)), read(name, { from: iso(-300), to: iso(2) })]).then(() => (zonesRead.value = true));
}
