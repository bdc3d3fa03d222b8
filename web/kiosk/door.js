// web/kiosk/door.js: a scan's way: kept on the disk, sent, judged, shown for a moment, forgotten
import { signal, batch } from '../ui/dom.js';
import { uuid } from '../wire.js';
import { conferenceTime } from '../ui/clock.js';
import { status } from '../ui/app.js';
import { keepScan, dropScan, keptScans } from '../ui/device.js';
import { codeOf } from './wedge.js';
import { sound } from './sound.js';

/** @typedef {{scan_id: string, verdict: string, reason?: string, first?: {at: string, station: any}, person?: {name: string}}} Verdict */

/** @typedef {{shape: 'tick' | 'bar' | 'cross' | 'question' | 'wait', scan: string, verdict: Verdict | null, fault?: any}} Shown */

/** What fills the screen; null: ready for the next. */
export const shown = signal(/** @type {Shown | null} */ (null));
/** Scans on the disk that no verdict has come for. */
export const waiting = signal(0);
/** What became of scans that were sent later. */
export const later = signal({ admitted: 0, refused: 0 });
export const list = signal('');

/** A verdict that takes longer than this is not one to wait for in a queue. */
const PATIENCE = 4000;

/** @param {Verdict} v @returns {'tick' | 'bar' | 'cross' | 'question'} */
export function shapeOf(v) {
  if (v.verdict === 'admitted' || v.verdict === 'repeat') return 'tick';
  if (v.reason === 'duplicate') return 'bar';
  return v.reason === 'unknown' || v.reason === 'malformed' ? 'question' : 'cross';
}

/** Given name and the first letter of the rest: a door says no more aloud. @param {string} name */
export function shortName(name) {
  const parts = name.trim().split(/\s+/);
  return parts.length > 1 ? `${parts[0]} ${[...parts[parts.length - 1]][0]}.` : parts[0] || '';
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let clearing;

/** @param {Shown} what @param {number} ms */
export function show(what, ms) {
  shown.value = what;
  sound(what.shape);
  until = 0;
  hold(ms);
}

let until = 0;

/** What is shown stays at least so long from now. @param {number} ms */
export function hold(ms) {
  const what = shown.value;
  until = Math.max(until, performance.now() + ms);
  clearTimeout(clearing);
  clearing = setTimeout(() => shown.value === what && (shown.value = null), until - performance.now());
}

export const dismiss = () => (shown.value = null);

/** @type {Set<string>} */
const sending = new Set();

/** @param {import('../protocol.js').Connection} conn @param {import('../ui/device.js').Scan} scan @param {boolean} live whether the person still stands here */
async function send(conn, scan, live) {
  if (sending.has(scan.scan_id)) return;
  sending.add(scan.scan_id);
  let present = live;
  const hold = live ? setTimeout(() => {
    present = false;
    show({ shape: 'wait', scan: scan.scan_id, verdict: null }, 6000);
  }, status.value.state === 'open' ? PATIENCE : 0) : undefined;
  try {
    /** @type {Verdict} */
    const verdict = await conn.call('checkin.admit', { ...scan });
    clearTimeout(hold);
    await dropScan(scan.scan_id);
    if (present) show({ shape: shapeOf(verdict), scan: scan.scan_id, verdict }, 2000);
    else later.value = verdict.verdict === 'refused' ? { ...later.value, refused: later.value.refused + 1 } : { ...later.value, admitted: later.value.admitted + 1 };
  } catch (e) {
    clearTimeout(hold);
    const fault = /** @type {any} */ (e);
    // A final answer is final also when it is a refusal to judge; anything else stays on the disk.
    if (fault.code === -32602) await dropScan(scan.scan_id);
    if (present) show({ shape: 'question', scan: scan.scan_id, verdict: null, fault }, 4000);
  } finally {
    sending.delete(scan.scan_id);
    waiting.value = (await keptScans()).length;
  }
}

/** @param {import('../protocol.js').Connection} conn @param {string} text */
export async function scan(conn, text) {
  const code = codeOf(text);
  if (!code || !list.value) return;
  const record = { scan_id: uuid(), list: list.value, code, direction: 'entry', scanned_at: new Date(conferenceTime()).toISOString() };
  try {
    await keepScan(record);
    waiting.value++;
  } catch {
    // A full or forbidden disk must not close the door while the network stands.
    if (status.value.state !== 'open') return show({ shape: 'question', scan: record.scan_id, verdict: null, fault: { fault: 'disk' } }, 4000);
  }
  send(conn, record, true);
}

/** After a restart or a lost network: what is on the disk goes out with its own ids. @param {import('../protocol.js').Connection} conn */
export async function sendKept(conn) {
  const scans = await keptScans().catch(() => []);
  batch(() => (waiting.value = scans.length));
  for (const s of scans) send(conn, s, false);
}
