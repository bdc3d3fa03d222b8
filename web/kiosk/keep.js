// web/kiosk/keep.js: what a station has on its disk: scans until the server has judged them, the snapshot, who it is
import { openDB } from 'idb';

/**
 * @typedef {{verdict: 'admitted' | 'repeat' | 'refused' | 'ask', reason?: string}} Seen
 * @typedef {{n: number, seq: number, scan_id: string, list: string, ticket?: string, code?: string, direction: 'entry' | 'exit', scanned_at: string, mono: number, boot_id: string, offset_ms?: number,
 *   uncert_ms?: number, basis?: number, shown?: Seen, answered?: boolean, walk_in?: {name: string, number: number}, confirmed?: string[], fault?: string}} Scan
 * n: the order of all; seq: the number within boot_id's segment of the clock, by which the server sees that one is missing;
 * ticket: never the code itself, but where it was no whole code; answered: the server has judged it, and agrees with the screen
 * @typedef {{scan_id: string, at: string, ticket?: string, shown: Seen, verdict: string, reason?: string, conflict?: string, offline: boolean}} Outcome
 */

/** Outcomes are for looking at, not for keeping. */
const OUTCOMES = 300;
const STRICT = /** @type {const} */ ({ durability: 'strict' });

/** @param {string} slug */
export async function openKeep(slug) {
  const db = await openDB(slug ? `plenum-door:${slug}` : 'plenum-door', 1, {
    upgrade(base) {
      base.createObjectStore('scan', { keyPath: 'n' });
      base.createObjectStore('outcome', { autoIncrement: true });
      base.createObjectStore('row', { keyPath: 'ticket' });
      base.createObjectStore('doc');
    },
    // Another window with a newer page needs the place.
    blocking: (_old, _new, event) => /** @type {IDBDatabase} */ (event.target).close(),
  });
  return new Keep(db);
}

export class Keep {
  /** @param {import('idb').IDBPDatabase} db */
  constructor(db) {
    this.db = db;
  }

  /** Resolves when the scan is on the disk, with its numbers: only then may anything be shown or sent. @param {Omit<Scan, 'n' | 'seq'>} scan @returns {Promise<Scan>} */
  async scan(scan) {
    const tx = this.db.transaction(['scan', 'doc'], 'readwrite', STRICT);
    const docs = tx.objectStore('doc');
    const last = (await docs.get('numbers')) || { n: 0, seq: 0, boot: '' };
    const numbers = { n: last.n + 1, seq: last.boot === scan.boot_id ? last.seq + 1 : 1, boot: scan.boot_id };
    const whole = { n: numbers.n, seq: numbers.seq, ...scan };
    docs.put(numbers, 'numbers').catch(() => {});
    tx.objectStore('scan').add(whole).catch(() => {});
    await tx.done;
    return whole;
  }

  /** More is known of a scan: what was shown, what was confirmed. Nothing comes back that is gone. @param {number} n @param {Partial<Scan>} more */
  async note(n, more) {
    const tx = this.db.transaction('scan', 'readwrite', STRICT);
    const old = await tx.store.get(n);
    if (old) tx.store.put({ ...old, ...more }).catch(() => {});
    await tx.done;
  }

  /** In the order in which they were made. @param {number} [n] @param {number} [after] @returns {Promise<Scan[]>} */
  async next(n = 50, after = 0) {
    return this.db.getAll('scan', IDBKeyRange.lowerBound(after, true), n);
  }

  /** @returns {Promise<Scan[]>} */
  async scans() {
    return this.db.getAll('scan');
  }

  /** The server has judged these: they go, what became of them is kept a while. @param {number[]} ns @param {Outcome[]} outcomes */
  async settled(ns, outcomes) {
    const tx = this.db.transaction(['scan', 'outcome'], 'readwrite');
    for (const n of ns) tx.objectStore('scan').delete(n).catch(() => {});
    const store = tx.objectStore('outcome');
    for (const o of outcomes) store.add(o).catch(() => {});
    const over = (await store.count()) - OUTCOMES;
    if (over > 0) {
      const keys = await store.getAllKeys(undefined, over);
      store.delete(IDBKeyRange.upperBound(keys[keys.length - 1])).catch(() => {});
    }
    await tx.done;
  }

  /** @returns {Promise<Outcome[]>} the newest first */
  async outcomes() {
    return (await this.db.getAll('outcome')).reverse();
  }

  /** @param {string} name */
  doc(name) {
    return this.db.get('doc', name);
  }

  /** @param {string} name @param {any} value */
  async put(name, value) {
    await this.db.put('doc', value, name);
  }

  /** @param {ArrayBuffer} buffer @param {import('./snapshot.js').Header} header */
  async snapshot(buffer, header) {
    const tx = this.db.transaction(['row', 'doc'], 'readwrite');
    tx.objectStore('row').clear().catch(() => {});
    tx.objectStore('doc').put(buffer, 'snapshot').catch(() => {});
    tx.objectStore('doc').put(header, 'header').catch(() => {});
    await tx.done;
  }

  /** Changes, and how far they reach. @param {Iterable<import('./snapshot.js').Row>} rows @param {import('./snapshot.js').Header} header */
  async rows(rows, header) {
    const tx = this.db.transaction(['row', 'doc'], 'readwrite');
    for (const row of rows) tx.objectStore('row').put(row).catch(() => {});
    tx.objectStore('doc').put(header, 'header').catch(() => {});
    await tx.done;
  }

  /** @returns {Promise<{buffer: ArrayBuffer, header: import('./snapshot.js').Header, rows: import('./snapshot.js').Row[]} | null>} */
  async kept() {
    const [buffer, header, rows] = await Promise.all([this.doc('snapshot'), this.doc('header'), this.db.getAll('row')]);
    return buffer && header ? { buffer, header, rows } : null;
  }

  /** Whether anything can be written; a place that is full may have been made. */
  async works() {
    const tx = this.db.transaction('doc', 'readwrite', STRICT);
    tx.store.put(new Uint8Array(4096), 'try').catch(() => {});
    tx.store.delete('try').catch(() => {});
    await tx.done;
  }

  /** What is for looking at only makes room for scans. */
  async makeRoom() {
    await this.db.clear('outcome');
  }

  /** A station sent away: nothing stays by which anybody could be known or let in. Scans that were not sent stay, for they say when a ticket came and no more. */
  async wipe() {
    const tx = this.db.transaction(['outcome', 'row', 'doc'], 'readwrite', STRICT);
    const docs = tx.objectStore('doc');
    const numbers = await docs.get('numbers');
    for (const name of ['outcome', 'row', 'doc']) tx.objectStore(/** @type {'doc'} */ (name)).clear().catch(() => {});
    if (numbers) docs.put(numbers, 'numbers').catch(() => {});
    await tx.done;
  }
}
