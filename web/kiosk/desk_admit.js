// web/kiosk/desk_admit.js: what the desk's panels do at the server, and the verdict they show like that of any scan
import { signal } from '../ui/dom.js';
import { uuid } from '../wire.js';
import { conferenceTime } from '../ui/clock.js';
import { show, shown } from './door.js';

/** The last admission made here: what "undo" means. @type {import('@preact/signals').Signal<{scan: string, at: number, name: string} | null>} */
export const last = signal(null);

/** How long the server takes an admission back for a station. */
export const UNDO_MS = 5 * 60000;

/** @param {any} verdict @param {number} [ms] */
export function tell(verdict, ms = 2500) {
  const good = verdict.verdict === 'admitted' || verdict.verdict === 'repeat';
  const shape = good ? 'tick' : verdict.reason === 'duplicate' ? 'bar' : 'cross';
  show(/** @type {any} */ ({ shape, colour: good ? 'green' : 'red', scan: verdict.scan_id, direction: 'entry', basis: 'server', verdict }), ms);
}

/** Lets in somebody found by name. @param {import('./panels.js').Tools} tools @param {string} person @param {string} second @param {string} [scan] the same again is the same scan */
export async function admit(tools, person, second, scan = uuid()) {
  const verdict = await tools.conn.call('checkin.admit_person', { list: tools.list.value, person, scan_id: scan, second });
  tell(verdict);
  return verdict;
}

/** Registers as on site, then lets in: one press. @param {import('./panels.js').Tools} tools @param {{person?: string, scan_id?: string}} who @param {string} second */
export async function bringIn(tools, who, second) {
  const done = await tools.conn.write('registration.switch_mode', { ...who, mode: 'on_site', list: tools.list.value });
  return admit(tools, done.person, second);
}

/** What was let in here is kept for a while, to be taken back. */
export function follow() {
  return shown.subscribe((v) => {
    const d = v?.verdict;
    if (v && d?.verdict === 'admitted' && v.scan && v.scan !== last.value?.scan) last.value = { scan: v.scan, at: conferenceTime(), name: d.person?.name || '' };
  });
}
