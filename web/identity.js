// web/identity.js: who a page is: its token, the person's cookie, or a guest; and the same facts where there is no socket to ask
import { Fault, under } from './wire.js';

/** @typedef {import('./protocol.js').Session} Session */

/** Who this page is: a token kept for it, the person's cookie (as a one-use ticket), or a guest. */
export function pageCredentials(/** @type {string} */ slug, /** @type {(() => Promise<string | null>) | undefined} */ deviceToken) {
  return async () => {
    const token = (await deviceToken?.()) || sessionStorage.getItem('plenum-token');
    if (token) return { token };
    const reply = await fetch('/auth/ticket', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ slug }),
    });
    if (reply.ok) return { ticket: (await reply.json()).ticket, cookie: true };
    if (reply.status === 401 || reply.status === 403) return { guest: slug };
    throw new Error('ticket');
  };
}

/**
 * What `session.open` says on a socket, put together from methods that a plain call may use.
 * @param {(method: string, params: any) => Promise<any>} rpc @param {import('./protocol.js').Credentials} who
 * @param {Session | null} old @param {string} base @returns {Promise<Session>}
 */
export async function whoIs(rpc, { ticket, token, guest }, old, base) {
  try {
    return await rpc('session.open', token ? { token } : ticket ? { ticket } : { guest });
  } catch (e) {
    if (!(e instanceof Fault) || e.fault.startsWith('auth.')) throw e;
  }
  const { time } = await rpc('now.get', {});
  if (old && token) return { ...old, time };
  /** @type {any} */
  let me = null;
  if (guest === undefined) {
    me = await rpc('people.get', {}).then((r) => r.person, (e) => {
      // A device has no person; what it may do is what its token says.
      if (!(e instanceof Fault) || !token || e.fault === 'auth.required') throw e;
      return null;
    });
  }
  const station = me || guest !== undefined ? null : { id: '', name: '', kind: 'kiosk', list: null, room: null };
  const page = await (await fetch(new URL(under(guest || '', '/conference.json'), base))).json();
  return { person: me && { id: me.id, name: me.name }, station, roles: me?.roles || [station ? 'kiosk' : 'guest'], conference: page.conference, now: page.time, time, epoch: '', ping: 25 };
}
