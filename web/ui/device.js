// web/ui/device.js: what a device keeps in the browser: its token, and the scans not yet sent
import { openDB } from 'idb';

const db = openDB('plenum', 1, {
  upgrade(base) {
    base.createObjectStore('device');
    base.createObjectStore('scan', { keyPath: 'scan_id' });
  },
});

/** @param {string} kind @param {string} slug @returns {Promise<string | null>} */
export async function deviceToken(kind, slug) {
  try {
    return (await (await db).get('device', `${kind}:${slug}`)) || null;
  } catch {
    return null;
  }
}

/** @param {string} kind @param {string} slug @param {string | null} token */
export async function keepToken(kind, slug, token) {
  if (token) await (await db).put('device', token, `${kind}:${slug}`);
  else await (await db).delete('device', `${kind}:${slug}`);
}

/** @typedef {{scan_id: string, list: string, code: string, direction: string, scanned_at: string}} Scan */

/** Resolves when the scan is on the disk: only then may anything be shown or sent. @param {Scan} scan */
export async function keepScan(scan) {
  const tx = (await db).transaction('scan', 'readwrite', { durability: 'strict' });
  tx.store.put(scan);
  await tx.done;
}

/** @param {string} id */
export const dropScan = async (id) => (await db).delete('scan', id);
/** @returns {Promise<Scan[]>} */
export const keptScans = async () => (await db).getAll('scan');
